import { styleText } from 'node:util'

/** How a command ended: what it says to people, what it says to programs, and its exit code. */
export interface Outcome {
  readonly exitCode: 0 | 1 | 2
  /** Lines for people: to stdout where the command did its work, else to stderr. */
  readonly lines: readonly string[]
  readonly json: { readonly kind: string; readonly [key: string]: unknown }
}

export const done = (lines: readonly string[], json: Outcome['json']): Outcome => ({ exitCode: 0, lines, json })

/** The project, or what it was to be made from, has errors. */
export const hasErrors = (message: string, json?: Outcome['json']): Outcome => ({
  exitCode: 1,
  lines: [message],
  json: json ?? { kind: 'failed', message },
})

/** The command can't do what was asked of it. */
export const wrongUse = (message: string): Outcome => ({
  exitCode: 2,
  lines: [message],
  json: { kind: 'wrong-use', message },
})

export function print(outcome: Outcome, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(outcome.json, null, 2)}\n`)
  else if (outcome.exitCode === 0) for (const line of outcome.lines) process.stdout.write(`${line}\n`)
  else for (const line of outcome.lines) process.stderr.write(`${line}\n`)
}

/** Colours where the terminal shows them, and nothing where it does not. */
export const colour = (format: Parameters<typeof styleText>[0], text: string): string =>
  process.stdout.isTTY && !process.env.NO_COLOR ? styleText(format, text) : text
