/** Where the keyboard goes in a grid. */
export interface CellPlace {
  readonly row: number
  readonly column: number
}

const PAGE = 10

/** Null for keys that don't move. */
export function nextPlace(
  { key, ctrlKey, metaKey }: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  { row, column }: CellPlace,
  size: { readonly rows: number; readonly columns: number },
): CellPlace | null {
  const place = (nextRow: number, nextColumn: number): CellPlace => ({
    row: clamp(nextRow, size.rows),
    column: clamp(nextColumn, size.columns),
  })
  const whole = ctrlKey || metaKey
  switch (key) {
    case 'ArrowUp':
      return place(row - 1, column)
    case 'ArrowDown':
      return place(row + 1, column)
    case 'ArrowLeft':
      return place(row, column - 1)
    case 'ArrowRight':
      return place(row, column + 1)
    case 'PageUp':
      return place(row - PAGE, column)
    case 'PageDown':
      return place(row + PAGE, column)
    case 'Home':
      return place(whole ? 0 : row, 0)
    case 'End':
      return place(whole ? size.rows - 1 : row, size.columns - 1)
    default:
      return null
  }
}

const clamp = (value: number, below: number) => Math.max(0, Math.min(value, below - 1))
