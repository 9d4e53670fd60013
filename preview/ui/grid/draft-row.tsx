'use client'
import { Check, X } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import type { ColumnShape, TableShape } from '../../device/messages'
import { CellError } from './cell-error'
import { choicesOf } from './cell-value'
import styles from './grid.module.css'
import type { CellText } from './row-sql'

export interface DraftRowProps {
  readonly table: TableShape
  readonly template: string
  /** Answers the database's error, or null when the row is there. */
  readonly onInsert: (values: ReadonlyMap<string, CellText>) => Promise<string | null>
  readonly onCancel: () => void
}

/** A row being made: fields that were not touched take the column's default. */
export function DraftRow({ table, template, onInsert, onCancel }: DraftRowProps) {
  const [values, setValues] = useState<ReadonlyMap<string, CellText>>(new Map())
  const [error, setError] = useState<string | null>(null)
  const line = useRef<HTMLDivElement>(null)
  const errorId = useId()
  const insert = async () => setError(await onInsert(values))
  const set = (column: ColumnShape, text: string) => {
    const next = new Map(values)
    if (text === '') next.delete(column.name)
    else next.set(column.name, text)
    setValues(next)
  }
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
          <DraftField
            column={column}
            first={index === firstField(table)}
            value={values.get(column.name) ?? ''}
            onChange={(text) => set(column, text)}
          />
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

interface DraftFieldProps {
  readonly column: ColumnShape
  readonly first: boolean
  readonly value: string
  readonly onChange: (text: string) => void
}

function DraftField({ column, first, value, onChange }: DraftFieldProps) {
  const untouched = column.hasDefault ? 'default' : column.nullable ? 'null' : 'required'
  const shared = {
    'aria-label': `New ${column.name}`,
    className: styles.editor,
    autoFocus: first,
    disabled: !column.writable,
    value,
  }
  const choices = choicesOf(column)
  if (choices.length > 0) {
    return (
      <select {...shared} onChange={({ target }) => onChange(target.value)}>
        <option value="">{untouched}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      {...shared}
      type="text"
      spellCheck={false}
      placeholder={untouched}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}

/** A key that has a default is seldom typed, so typing starts behind it. */
const firstField = (table: TableShape) =>
  Math.max(
    0,
    table.columns.findIndex((column) => column.writable && !column.hasDefault),
  )
