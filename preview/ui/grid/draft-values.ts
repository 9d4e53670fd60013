/**
 * What was entered into a new row. A field is in one of three states: untouched (not in the map), so that
 * the column takes its default; null; or a text, which may be empty.
 */
import type { ColumnShape } from '../../device/messages'
import { cellKind } from './cell-value'
import type { CellText } from './row-sql'

export type DraftValues = ReadonlyMap<string, CellText>

/** Where a column can't hold the empty text, emptying its field leaves it untouched again. */
export function withText(values: DraftValues, column: ColumnShape, text: string): DraftValues {
  return text === '' && cellKind(column) !== 'text' ? untouched(values, column) : withValue(values, column, text)
}

export function withValue(values: DraftValues, column: ColumnShape, value: CellText): DraftValues {
  return new Map(values).set(column.name, value)
}

export function untouched(values: DraftValues, column: ColumnShape): DraftValues {
  return new Map([...values].filter(([name]) => name !== column.name))
}

/** Null, or untouched again where it was null. A column that can't be null is left as it is. */
export function toggleNull(values: DraftValues, column: ColumnShape): DraftValues {
  if (!column.nullable) return values
  return values.get(column.name) === null ? untouched(values, column) : withValue(values, column, null)
}

/** What erasing does where there is no character to erase: untouched and empty text take turns, and null goes. */
export function eraseNothing(values: DraftValues, column: ColumnShape): DraftValues {
  return values.has(column.name) ? untouched(values, column) : withText(values, column, '')
}
