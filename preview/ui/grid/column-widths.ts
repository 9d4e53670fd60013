import type { TableShape } from '../../device/messages'
import { shortType } from './cell-value'
import type { GridRow } from './row-sql'

const CHARACTER_PX = 7.3
const PADDING_PX = 22
const [NARROWEST_PX, WIDEST_PX] = [64, 208]

/** Widths that fit what is in the first rows, as a CSS grid template; the last column is for marks and deleting. */
export function columnTemplate(table: TableShape, sample: readonly (GridRow | undefined)[]): string {
  const widths = table.columns.map((column, index) => {
    const header = column.name.length + shortType(column.type).length + 1
    const longest = sample.reduce((length, row) => Math.max(length, row?.cells[index]?.length ?? 4), header)
    return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, longest * CHARACTER_PX + PADDING_PX)))
  })
  const last = widths.pop()
  return [
    ...widths.map((width) => `${width}px`),
    ...(last === undefined ? [] : [`minmax(${last}px, 1fr)`]),
    '56px',
  ].join(' ')
}
