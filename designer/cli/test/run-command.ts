import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

/** Runs a program of node_modules/.bin, or of the system, with its output shown; answers its exit code. */
export function runCommand(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeoutMs?: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, PATH: [join('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter) },
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      // Windows' programs of node_modules/.bin are scripts.
      shell: process.platform === 'win32',
    })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
