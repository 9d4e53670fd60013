import { useState } from 'react'

const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['weeks', 604_800],
  ['years', 31_536_000],
] as const

interface DurationProps {
  readonly seconds: number
  readonly after?: string
  readonly onChange: (seconds: number) => void
}

/** How long ago: a number and its unit. */
export function DurationField({ seconds, after, onChange }: DurationProps) {
  // 14 days stay 14 days: the unit is what was chosen, not the largest that fits.
  const [chosen, setChosen] = useState<number | null>(null)
  const fitting = UNITS.find(([, size]) => seconds % size === 0)?.[1] ?? 60
  const unit = chosen !== null && seconds % chosen === 0 ? chosen : fitting
  return (
    <>
      <input
        className="input name scope-count"
        aria-label="How long"
        type="number"
        min={0}
        step={1}
        value={Math.round(seconds / unit)}
        onChange={(event) => onChange(Math.max(0, Math.round(event.target.valueAsNumber || 0)) * unit)}
      />
      <select
        className="select scope-unit"
        aria-label="Unit of time"
        value={unit}
        onChange={(event) => {
          const next = Number(event.target.value)
          setChosen(next)
          onChange(Math.round(seconds / unit) * next)
        }}
      >
        {UNITS.map(([name, size]) => (
          <option key={size} value={size}>
            {name}
          </option>
        ))}
      </select>
      {after && <span className="hint">{after}</span>}
    </>
  )
}
