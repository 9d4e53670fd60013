'use client'
import { type KeyboardEvent, useState } from 'react'
import type { ColumnShape } from '../../device/messages'
import { cellKind, choicesOf, editedValue, keepsFile } from './cell-value'
import styles from './grid.module.css'
import type { CellText } from './row-sql'

export interface CellEditorProps {
  readonly column: ColumnShape
  /** A file: the cell has its content's name, and what is typed becomes its content. */
  readonly isFile: boolean
  readonly stored: CellText
  /** What the database refused; undefined where nothing was tried. */
  readonly attempt: CellText | undefined
  readonly invalid: boolean
  readonly describedBy: string | undefined
  readonly onCommit: (value: CellText) => void
  readonly onCancel: () => void
}

/**
 * Edits one value: Enter keeps it, Escape doesn't, leaving it keeps it. Alt+N sets null. A file's editor begins
 * empty: its name, edited, would be written as its content.
 */
export function CellEditor(props: CellEditorProps) {
  const { column, isFile, stored, attempt, invalid, describedBy, onCommit, onCancel } = props
  const initial = attempt !== undefined ? attempt : isFile ? '' : stored
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
  const isUnchanged = (next: CellText) => (isFile ? keepsFile(stored, next) : next === initial && !invalid)
  const commit = (next: CellText) => (isUnchanged(next) ? onCancel() : onCommit(next))
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
    <span className={styles.editing} data-file={isFile || undefined}>
      <input
        {...shared}
        type="text"
        spellCheck={false}
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        value={value ?? ''}
        placeholder={value === null ? 'null' : isFile ? FILE_PLACEHOLDER : kind === 'text' ? 'empty text' : ''}
        title={isFile ? 'A file: text typed here becomes its content. Left empty, the file stays as it is.' : undefined}
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

const FILE_PLACEHOLDER = 'text typed becomes the file’s content'
