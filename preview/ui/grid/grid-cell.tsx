'use client'
import { useId, useRef } from 'react'
import type { ColumnShape } from '../../device/messages'
import { CellEditor } from './cell-editor'
import { CellError } from './cell-error'
import { cellKind } from './cell-value'
import { FileContent } from './file-content'
import styles from './grid.module.css'
import type { CellText } from './row-sql'

export interface CellEdit {
  /** What the database said of `attempt`, or null before the first attempt. */
  readonly error: string | null
  readonly attempt: CellText | undefined
}

export interface GridCellProps {
  readonly column: ColumnShape
  readonly isKey: boolean
  /** A file: `value` is its content's name. */
  readonly isFile: boolean
  /** Reads the content that `value` names; null where it names none. */
  readonly readFile: (() => Promise<Uint8Array | null>) | null
  /** `row/column`, by which the grid finds it to focus it. */
  readonly place: string
  readonly columnIndex: number
  /** Undefined while its row has not been read. */
  readonly value: CellText | undefined
  readonly active: boolean
  readonly writable: boolean
  readonly edit: CellEdit | null
  readonly onFocus: () => void
  readonly onEdit: () => void
  readonly onCommit: (value: CellText) => void
  readonly onCancel: () => void
}

export function GridCell(props: GridCellProps) {
  const { column, isFile, readFile, value, edit, place, columnIndex } = props
  const cell = useRef<HTMLDivElement>(null)
  const errorId = useId()
  return (
    <div
      ref={cell}
      role="gridcell"
      data-place={place}
      tabIndex={props.active ? 0 : -1}
      aria-colindex={columnIndex + 1}
      aria-readonly={props.writable ? undefined : true}
      className={styles.cell}
      data-number={cellKind(column) === 'number' || undefined}
      data-key={props.isKey || undefined}
      onFocus={props.onFocus}
      onDoubleClick={props.onEdit}
    >
      {edit === null || value === undefined ? (
        <>
          <CellContent value={value} isFile={isFile} />
          {readFile && value && <FileContent label={column.name} read={readFile} tabIndex={props.active ? 0 : -1} />}
        </>
      ) : (
        <CellEditor
          column={column}
          isFile={isFile}
          stored={value}
          attempt={edit.attempt}
          invalid={edit.error !== null}
          describedBy={edit.error === null ? undefined : errorId}
          onCommit={props.onCommit}
          onCancel={props.onCancel}
        />
      )}
      {edit !== null && edit.error !== null && <CellError id={errorId} message={edit.error} anchor={cell} />}
    </div>
  )
}

function CellContent({ value, isFile }: Pick<GridCellProps, 'value' | 'isFile'>) {
  if (value === undefined) return <span className={`skeleton ${styles.ghost}`} />
  if (value === null) return <span className={styles.null}>null</span>
  if (value === '') {
    return (
      <span className={styles.emptyText} title="Empty text">
        empty
      </span>
    )
  }
  return (
    <span className={styles.value} title={titleOf(value, isFile)}>
      {value}
    </span>
  )
}

function titleOf(value: string, isFile: boolean): string | undefined {
  // Where it is encrypted on the device, not even the name is to be seen.
  if (isFile && /^[\da-f]{64}$/.test(value)) return `A file; its content’s name is ${value}`
  return value.length > 24 ? value : undefined
}
