'use client'
import { type KeyboardEvent, useState } from 'react'
import type { ColumnShape } from '../../device/messages'
import { cellKind, choicesOf, editedValue } from './cell-value'
import styles from './grid.module.css'
import type { CellText } from './row-sql'

export interface CellEditorProps {
  readonly column: ColumnShape
  readonly initial: CellText
  readonly invalid: boolean
  readonly describedBy: string | undefined
  readonly onCommit: (value: CellText) => void
  readonly onCancel: () => void
}

/** Edits one value: Enter keeps it, Escape doesn't, leaving it keeps it. Alt+N sets null. */
export function CellEditor({ column, initial, invalid, describedBy, onCommit, onCancel }: CellEditorProps) {
  const [value, setValue] = useState(initial)
  const kind = cellKind(column)
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') return commit(value)
    if (event.key === 'Escape') return onCancel()
    if (event.altKey && event.code === 'KeyN' && column.nullable) {
      event.preventDefault()
      setValue(null)
    }
  }
  const commit = (next: CellText) => (next === initial && !invalid ? onCancel() : onCommit(next))
  const shared = {
    'aria-label': column.name,
    'aria-invalid': invalid,
    'aria-describedby': describedBy,
    className: styles.editor,
    autoFocus: true,
    onKeyDown: keys,
    onBlur: () => (invalid ? onCancel() : commit(value)),
  }
  if (kind === 'choice' || kind === 'boolean') {
    return (
      <select
        {...shared}
        value={value ?? '\0'}
        onChange={({ target }) => setValue(target.value === '\0' ? null : target.value)}
      >
        {(column.nullable || value === null) && <option value={'\0'}>null</option>}
        {choicesOf(column).map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    )
  }
  return (
    <span className={styles.editing}>
      <input
        {...shared}
        type="text"
        spellCheck={false}
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        value={value ?? ''}
        placeholder={value === null ? 'null' : kind === 'text' ? 'empty text' : ''}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => setValue(editedValue(column, target.value))}
      />
      {column.nullable && (
        <button
          type="button"
          tabIndex={-1}
          className={styles.nullButton}
          aria-pressed={value === null}
          title="Set to null (Alt+N)"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setValue(null)}
        >
          null
        </button>
      )}
    </span>
  )
}
