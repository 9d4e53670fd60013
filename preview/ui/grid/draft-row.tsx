'use client'
import { Check, X } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import type { TableShape } from '../../device/messages'
import { CellError } from './cell-error'
import { DraftField } from './draft-field'
import type { DraftValues } from './draft-values'
import styles from './grid.module.css'

export interface DraftRowProps {
  readonly table: TableShape
  readonly template: string
  /** Answers the database's error, or null when the row is there. */
  readonly onInsert: (values: DraftValues) => Promise<string | null>
  readonly onCancel: () => void
}

/** A row being made: fields that were not touched take the column's default. */
export function DraftRow({ table, template, onInsert, onCancel }: DraftRowProps) {
  const [values, setValues] = useState<DraftValues>(new Map())
  const [error, setError] = useState<string | null>(null)
  const line = useRef<HTMLDivElement>(null)
  const errorId = useId()
  const insert = async () => setError(await onInsert(values))
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void insert()
  }
  return (
    <div
      ref={line}
      role="row"
      aria-label="New row"
      className={styles.draft}
      style={{ gridTemplateColumns: template }}
      onKeyDown={onKeyDown}
    >
      {table.columns.map((column, index) => (
        <div key={column.name} role="gridcell" className={styles.draftCell}>
          <DraftField column={column} first={index === firstField(table)} values={values} onChange={setValues} />
        </div>
      ))}
      <div role="gridcell" className={styles.actions}>
        <button
          type="button"
          className={styles.confirm}
          aria-label="Insert row"
          title="Insert row (Enter)"
          onClick={() => void insert()}
        >
          <Check aria-hidden />
        </button>
        <button
          type="button"
          className={styles.confirm}
          aria-label="Cancel new row"
          title="Cancel (Escape)"
          onClick={onCancel}
        >
          <X aria-hidden />
        </button>
      </div>
      {error !== null && <CellError id={errorId} message={error} anchor={line} />}
    </div>
  )
}

/** A key that has a default is seldom typed, so typing starts behind it. */
const firstField = (table: TableShape) =>
  Math.max(
    0,
    table.columns.findIndex((column) => column.writable && !column.hasDefault),
  )
