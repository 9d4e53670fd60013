/** The way of an import as people watch it: which steps there are for its source, and how far the one at hand is. */
import { counted, formatBytes, formatCount } from '../ui/format'
import type { ImportSource } from './import-source-form'
import type { ImportStage } from './run-import'

export interface ImportStep {
  readonly phase: ImportStage['phase']
  readonly label: string
}

/** In the order in which the server goes through them. */
export function importSteps({ kind, keepData }: Pick<ImportSource, 'kind' | 'keepData'>): readonly ImportStep[] {
  const packing: readonly ImportStep[] = keepData ? [{ phase: 'packing', label: 'Keep the rows as start data' }] : []
  if (kind === 'url') {
    return [
      { phase: 'reading', label: 'Connect to the database' },
      { phase: 'catalogue', label: 'Read tables, keys and relations' },
      ...(keepData ? [{ phase: 'copying', label: 'Copy rows' } as const] : []),
      ...packing,
    ]
  }
  return [
    { phase: 'reading', label: 'Read the dump' },
    { phase: 'running', label: 'Run it in a scratch database' },
    { phase: 'catalogue', label: 'Read tables, keys and relations' },
    ...packing,
  ]
}

/** How far a step is, in what it goes through; empty where nobody knows. */
export function stageInWords({ phase, done, total, rows }: ImportStage): string {
  switch (phase) {
    case 'reading':
    case 'running':
      return ofTotal(done, total, formatBytes)
    case 'catalogue':
    case 'copying': {
      const tables = total === null ? '' : `${formatCount(done)} of ${counted(total, 'table')}`
      return rows === undefined || tables === '' ? tables : `${tables}, ${counted(rows, 'row')}`
    }
    case 'packing':
      return ''
  }
}

function ofTotal(done: number, total: number | null, words: (amount: number) => string): string {
  if (total !== null) return `${words(done)} of ${words(total)}`
  return done > 0 ? words(done) : ''
}
