'use client'
import type { Ref } from 'react'
import type { TableShape } from '../../device/messages'
import { cellKind } from './cell-value'
import { columnTemplate, headerType } from './column-widths'
import styles from './grid.module.css'

export interface HeaderRowProps {
  readonly ref: Ref<HTMLDivElement>
  readonly table: TableShape
  /** The columns that hold names of files' contents. */
  readonly files: ReadonlySet<string>
  readonly widths: readonly number[]
  /** How wide the column is that stays in sight while the others move under it; 0 where none does. */
  readonly pinned: number
}

const PADDING_PX = 10

/**
 * The columns' names and types. Of a column that is partly scrolled away the name stays readable from its
 * beginning: it moves into what is left to be seen, by `--scrolled`, and is cut at its end.
 */
export function HeaderRow({ ref, table, files, widths, pinned }: HeaderRowProps) {
  const lefts = widths.map((_, index) => widths.slice(0, index).reduce((sum, width) => sum + width, 0))
  const paddingOf = (index: number) => {
    if (index === 0 && pinned > 0) return undefined
    const hidden = `calc(var(--scrolled, 0px) + ${pinned + PADDING_PX - (lefts[index] ?? 0)}px)`
    return `clamp(${PADDING_PX}px, ${hidden}, ${(widths[index] ?? 0) - PADDING_PX}px)`
  }
  return (
    <div
      ref={ref}
      role="row"
      aria-rowindex={1}
      className={styles.head}
      style={{ gridTemplateColumns: columnTemplate(widths) }}
    >
      {table.columns.map((column, index) => (
        <div
          key={column.name}
          role="columnheader"
          className={styles.columnHead}
          style={{ paddingLeft: paddingOf(index) }}
          title={`${column.name} ${column.type}${files.has(column.name) ? ': a file, of which the row has the content’s name' : ''}`}
          data-number={cellKind(column) === 'number' || undefined}
          data-key={table.key.includes(column.name) || undefined}
        >
          <span className={styles.columnName}>{column.name}</span>
          <span className={styles.columnType}>{headerType(column, files)}</span>
        </div>
      ))}
      <div role="columnheader" className={styles.columnHead}>
        <span className="visually-hidden">Row</span>
      </div>
    </div>
  )
}
