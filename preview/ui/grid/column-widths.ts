import type { TableShape } from '../../device/messages'
import { shortType } from './cell-value'
import type { GridRow } from './row-sql'

const CHARACTER_PX = 7.3
const PADDING_PX = 22
const [NARROWEST_PX, WIDEST_PX] = [64, 208]
/** Text that is edited soon gets longer than it was. */
const NARROWEST_TEXT_PX = 120

/** Widths in pixels that fit the headers and what is in the first rows. */
export function columnWidths(
  table: TableShape,
  files: ReadonlySet<string>,
  sample: readonly (GridRow | undefined)[],
): readonly number[] {
  return table.columns.map((column, index) => {
    const header = column.name.length + headerType(column, files).length + 1
    const longest = sample.reduce((length, row) => Math.max(length, row?.cells[index]?.length ?? 4), header)
    return Math.round(Math.min(WIDEST_PX, Math.max(narrowest(column), longest * CHARACTER_PX + PADDING_PX)))
  })
}

/** What the header says behind a column's name. */
export const headerType = ({ name, type }: TableShape['columns'][number], files: ReadonlySet<string>): string =>
  files.has(name) ? `${shortType(type)} · file` : shortType(type)

/** The widths as a CSS grid template. The table's last column takes what is left; behind it are marks and deleting. */
export function columnTemplate(widths: readonly number[]): string {
  const tracks = widths.map((width, index) => (index < widths.length - 1 ? `${width}px` : `minmax(${width}px, 1fr)`))
  return [...tracks, '56px'].join(' ')
}

const narrowest = ({ type }: TableShape['columns'][number]): number =>
  /^(text|character varying|varchar)/.test(type) ? NARROWEST_TEXT_PX : NARROWEST_PX
