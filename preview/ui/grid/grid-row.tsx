'use client'
import { CircleArrowUp, GitCompare, Trash2 } from 'lucide-react'
import type { TableShape } from '../../device/messages'
import styles from './grid.module.css'
import { type CellEdit, GridCell } from './grid-cell'
import type { CellPlace } from './grid-keys'
import type { CellText, GridRow } from './row-sql'

export interface GridRowLineProps {
  readonly table: TableShape
  /** The columns that hold names of files' contents. */
  readonly files: ReadonlySet<string>
  readonly template: string
  readonly index: number
  readonly top: number
  readonly row: GridRow | undefined
  readonly active: CellPlace
  readonly edit: (CellEdit & CellPlace) | null
  readonly canWrite: boolean
  readonly onFocus: (place: CellPlace) => void
  readonly onEdit: (place: CellPlace) => void
  readonly onCommit: (row: GridRow, place: CellPlace, value: CellText) => void
  readonly onCancel: (place: CellPlace) => void
  readonly onDelete: (row: GridRow) => void
  /** Reads a file's content; null where cells have no names of contents. */
  readonly readFile: ((row: GridRow, attribute: string) => Promise<Uint8Array | null>) | null
}

/** One row, placed by its index; its last cell tells whether it waits to be sent, and deletes it. */
export function GridRowLine(props: GridRowLineProps) {
  const { table, files, template, index, top, row, active, edit, canWrite, readFile } = props
  const isActive = (column: number) => active.row === index && active.column === column
  const last = table.columns.length
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles.row}
      data-pending={row?.pending || undefined}
      data-parked={row?.parked || undefined}
      style={{ gridTemplateColumns: template, top }}
    >
      {table.columns.map((column, columnIndex) => {
        const place = { row: index, column: columnIndex }
        return (
          <GridCell
            key={column.name}
            column={column}
            isKey={table.key.includes(column.name)}
            isFile={files.has(column.name)}
            readFile={row && readFile && files.has(column.name) ? () => readFile(row, column.name) : null}
            place={`${index}/${columnIndex}`}
            columnIndex={columnIndex}
            value={row?.cells[columnIndex]}
            active={isActive(columnIndex)}
            writable={canWrite && column.writable}
            edit={edit?.row === index && edit.column === columnIndex ? edit : null}
            onFocus={() => props.onFocus(place)}
            onEdit={() => props.onEdit(place)}
            onCommit={(value) => row && props.onCommit(row, place, value)}
            onCancel={() => props.onCancel(place)}
          />
        )
      })}
      <div role="gridcell" aria-colindex={last + 1} className={styles.actions}>
        {row?.pending && <RowState parked={row.parked} />}
        {canWrite && row && (
          <button
            type="button"
            className={styles.delete}
            data-place={`${index}/${last}`}
            tabIndex={isActive(last) ? 0 : -1}
            aria-label="Delete row"
            title="Delete row (Ctrl+Delete)"
            onFocus={() => props.onFocus({ row: index, column: last })}
            onClick={() => props.onDelete(row)}
          >
            <Trash2 aria-hidden />
          </button>
        )}
      </div>
    </div>
  )
}

function RowState({ parked }: { readonly parked: boolean }) {
  const [Icon, words] = parked
    ? ([GitCompare, 'In conflict, waits for a decision'] as const)
    : ([CircleArrowUp, 'Changed here, not yet sent'] as const)
  return (
    <span className={styles.pending} title={words}>
      <Icon aria-hidden />
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
