import { useState } from 'react'
import { SwitchRow } from '../ui/switch-row'

interface Props {
  readonly label: string
  readonly hint: string
  readonly isName?: boolean
  /** Null where it is off. */
  readonly value: number | null
  /** What it starts with when it is switched on. */
  readonly whenOn: number
  readonly onChange: (seconds: number | null) => void
}

/** A switch that, while it is on, has a number of seconds. */
export function SecondsField({ label, hint, isName, value, whenOn, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    const seconds = Number(draft)
    if (draft !== null && draft.trim() !== '' && seconds !== value) onChange(seconds)
    setDraft(null)
  }
  return (
    <div className="grid gap-1.5">
      <SwitchRow
        label={label}
        hint={hint}
        isName={isName ?? false}
        checked={value !== null}
        onChange={(checked) => onChange(checked ? whenOn : null)}
      />
      {value !== null && (
        <label className="flex items-center gap-2">
          <input
            type="number"
            className="input w-24!"
            min={0}
            step="any"
            aria-label={`${label}: seconds`}
            value={draft ?? String(value)}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => event.key === 'Enter' && commit()}
          />
          <span className="hint">seconds</span>
        </label>
      )}
    </div>
  )
}
