import { useState } from 'react'
import type { TableShape } from '../../device/messages'
import { columnWidths } from './column-widths'
import type { RowPages } from './use-row-pages'

/** As many rows as decide how wide the columns are. */
const SAMPLE_ROWS = 40

/**
 * The widths of a table's columns. The first rows that are read decide them, and they stay: columns that moved
 * whenever rows are read again would move from under the pointer.
 */
export function useColumnWidths(
  table: TableShape,
  files: ReadonlySet<string>,
  { count, rowAt }: RowPages,
): readonly number[] {
  const [decided, setDecided] = useState<{ readonly table: TableShape; readonly widths: readonly number[] } | null>(
    null,
  )
  if (decided?.table === table) return decided.widths
  const sample = Array.from({ length: Math.min(count ?? 0, SAMPLE_ROWS) }, (_, index) => rowAt(index))
  const widths = columnWidths(table, files, sample)
  if (sample.some((row) => row !== undefined)) setDecided({ table, widths })
  return widths
}
