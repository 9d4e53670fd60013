import clsx from 'clsx'
import { useId, useState } from 'react'

interface Props {
  readonly label: string
  readonly value: number | null
  /** What holds while nothing is said. */
  readonly placeholder: string
  readonly onCommit: (value: number | null) => void
  readonly className?: string
  /** In a cell the label is the column's, and is only read aloud. */
  readonly bare?: boolean
}

/** A number that may be left open: Enter or leaving takes it, an empty field takes it back, Escape gives up. */
export function NumberField({ label, value, placeholder, onCommit, className, bare = false }: Props) {
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    if (draft === null) return
    const text = draft.trim().replaceAll(/[\s,]/g, '')
    const next = text === '' ? null : Number(text)
    if (next !== value && !Number.isNaN(next)) onCommit(next)
    setDraft(null)
  }
  const field = (
    <input
      id={id}
      className={clsx('input tabular-nums', bare && 'input-quiet number-cell', className)}
      inputMode="decimal"
      aria-label={bare ? label : undefined}
      aria-invalid={draft !== null && Number.isNaN(Number(draft.replaceAll(/[\s,]/g, ''))) ? true : undefined}
      placeholder={placeholder}
      value={draft ?? (value === null ? '' : String(value))}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setDraft(null)
      }}
    />
  )
  if (bare) return field
  return (
    <div className="field">
      <label htmlFor={id} className="label">
        {label}
      </label>
      {field}
    </div>
  )
}
