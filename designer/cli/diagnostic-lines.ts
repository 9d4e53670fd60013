import type { Diagnostic } from '@/designer/compiler'
import { colour } from './outcome'

const COLOURS = { error: 'red', warning: 'yellow', info: 'blue' } as const

/** The diagnostics as people read them, the worst first, and what they come to. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): string[] {
  const order = { error: 0, warning: 1, info: 2 }
  const sorted = [...diagnostics].sort((a, b) => order[a.severity] - order[b.severity])
  const { errors, warnings } = summary(diagnostics)
  return [
    ...sorted.map(({ severity, code, message }) => `${colour(COLOURS[severity], severity)} ${code}: ${message}`),
    errors + warnings === 0 ? 'No errors, no warnings.' : `${count(errors, 'error')}, ${count(warnings, 'warning')}.`,
  ]
}

export const summary = (
  diagnostics: readonly Diagnostic[],
): { readonly errors: number; readonly warnings: number } => ({
  errors: diagnostics.filter(({ severity }) => severity === 'error').length,
  warnings: diagnostics.filter(({ severity }) => severity === 'warning').length,
})

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
