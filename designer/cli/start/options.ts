import { parseArgs } from 'node:util'
import { StartError } from '@/designer/server/start-error'

export interface StartOptions {
  readonly port: number
  /** Null for loopback, by each of its addresses. */
  readonly host: string | null
  /** `build` makes what would be served and ends. */
  readonly mode: 'production' | 'development' | 'build'
}

/** `--port` goes before PORT; both may be 0 for any free one. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parse(args)
  const port = values.port ?? (env.PORT || '3000')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartError(`"${port}" is not a port. Give a number from 0 to 65535, as in: npm start -- --port 3001`)
  }
  return { port: Number(port), host: values.host ?? null, mode: modeOf(values) }
}

function modeOf(values: { readonly dev?: boolean; readonly 'build-only'?: boolean }): StartOptions['mode'] {
  if (values.dev) return 'development'
  return values['build-only'] ? 'build' : 'production'
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        dev: { type: 'boolean' },
        'build-only': { type: 'boolean' },
      },
    })
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new StartError(`${said}. Options: --port N, --host ADDRESS, --dev, --build-only`)
  }
}
