/**
 * Where the files of this room are on disk. The import worker is started from a path, which bundlers don't
 * follow: the code that starts it may run from its source or from a server's build.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ENTRY = join('designer', 'schema', 'import-worker.mjs')

/** The checkout: from this file when it runs as source, else from the folder that the server was started in. */
export function projectRoot(): string {
  const roots = [...sourceRoot(), /* turbopackIgnore: true */ process.cwd()]
  const root = roots.find((candidate) => existsSync(join(/* turbopackIgnore: true */ candidate, ENTRY)))
  if (root === undefined) {
    throw new Error(
      `${ENTRY} was not found under ${roots.join(' or ')}. Start Syncline from the folder that holds its package.json.`,
    )
  }
  return root
}

export function importWorkerPath(): string {
  return join(/* turbopackIgnore: true */ projectRoot(), ENTRY)
}

function sourceRoot(): string[] {
  const { url } = import.meta
  return url.startsWith('file:') && url.endsWith('/designer/schema/worker-entry.ts')
    ? [join(dirname(fileURLToPath(url)), '..', '..')]
    : []
}
