'use client'
import type { KeyboardEvent } from 'react'
import type { ColumnShape } from '../../device/messages'
import { cellKind, choicesOf } from './cell-value'
import { type DraftValues, eraseNothing, toggleNull, untouched, withText, withValue } from './draft-values'
import styles from './grid.module.css'

export interface DraftFieldProps {
  readonly column: ColumnShape
  readonly first: boolean
  readonly values: DraftValues
  readonly onChange: (values: DraftValues) => void
}

/** No text of a choice can be one of these, because PostgreSQL's text has no such character. */
const [UNTOUCHED, NULL] = ['\0untouched', '\0null']

/** One field of a new row. Alt+N sets null, as in a cell; erasing in an empty field sets the empty text. */
export function DraftField({ column, first, values, onChange }: DraftFieldProps) {
  const value = values.get(column.name)
  const shared = {
    'aria-label': `New ${column.name}`,
    className: styles.editor,
    autoFocus: first,
    disabled: !column.writable,
  }
  const choices = choicesOf(column)
  if (choices.length > 0) {
    const choose = (choice: string) =>
      choice === UNTOUCHED ? untouched(values, column) : withValue(values, column, choice === NULL ? null : choice)
    return (
      <select
        {...shared}
        value={value === undefined ? UNTOUCHED : (value ?? NULL)}
        onChange={({ target }) => onChange(choose(target.value))}
      >
        <option value={UNTOUCHED}>{whenUntouched(column)}</option>
        {column.nullable && column.hasDefault && <option value={NULL}>null</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isNull = event.altKey && event.code === 'KeyN'
    const isErasing = (event.key === 'Backspace' || event.key === 'Delete') && (value ?? '') === ''
    if (!isNull && !isErasing) return
    event.preventDefault()
    onChange(isNull ? toggleNull(values, column) : eraseNothing(values, column))
  }
  const withNull = column.nullable && column.writable
  return (
    <span className={styles.draftField}>
      <input
        {...shared}
        type="text"
        spellCheck={false}
        value={value ?? ''}
        title={hint(column)}
        placeholder={value === undefined ? whenUntouched(column) : value === null ? 'null' : 'empty text'}
        data-touched={value !== undefined || undefined}
        onKeyDown={onKeyDown}
        onChange={({ target }) => onChange(withText(values, column, target.value))}
      />
      {withNull && (
        <button
          type="button"
          tabIndex={-1}
          className={styles.nullButton}
          aria-label={`New ${column.name} null`}
          aria-pressed={value === null}
          title="Set to null, or back (Alt+N)"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChange(toggleNull(values, column))}
        >
          null
        </button>
      )}
    </span>
  )
}

const whenUntouched = (column: ColumnShape) =>
  column.hasDefault ? 'default' : column.nullable ? 'null' : column.writable ? 'required' : 'generated'

function hint(column: ColumnShape): string | undefined {
  const keys = [
    ...(cellKind(column) === 'text' ? ['Backspace in an empty field: empty text, or back'] : []),
    ...(column.nullable ? ['Alt+N: null, or back'] : []),
  ]
  return column.writable && keys.length > 0 ? keys.join('\n') : undefined
}
