import { Check } from 'lucide-react'
import { useId } from 'react'
import type { PatternKind } from '@/designer/model/project'
import { ANOMALIES, PATTERNS, type PatternInfo } from '@/designer/patterns'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { PatternPicture } from './pattern-picture'

interface Props {
  /** Null where several entities differ. */
  readonly value: PatternKind | null
  readonly onChange: (kind: PatternKind) => void
}

/** The patterns side by side as pictures; below them, what the chosen one does, costs and admits. */
export function PatternPicker({ value, onChange }: Props) {
  const name = useId()
  const chosen = PATTERNS.find(({ id }) => id === value)
  return (
    <div className="grid gap-2">
      <fieldset className="grid grid-cols-[repeat(auto-fill,minmax(124px,1fr))] gap-1.5">
        <legend className="visually-hidden">Sync pattern</legend>
        {PATTERNS.map((pattern) => (
          <PatternChoice
            key={pattern.id}
            name={name}
            pattern={pattern}
            chosen={pattern.id === value}
            onChoose={() => onChange(pattern.id)}
          />
        ))}
      </fieldset>
      {chosen && <PatternAdvice pattern={chosen} />}
    </div>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly pattern: PatternInfo
  readonly chosen: boolean
  readonly onChoose: () => void
}

/** The whole tile is the radio button; its summary comes when the pointer rests on it. */
function PatternChoice({ name, pattern, chosen, onChoose }: ChoiceProps) {
  const { Icon } = PATTERN_SIGNS[pattern.id]
  const summary = useId()
  return (
    <label className="pattern-choice hued" style={patternHue(pattern.id)} title={pattern.summary}>
      <input
        type="radio"
        name={name}
        checked={chosen}
        onChange={onChoose}
        aria-label={pattern.title}
        aria-describedby={summary}
      />
      <PatternPicture kind={pattern.id} />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="flex items-center justify-between">
          <Icon size={14} className="text-(--hued-ink)" aria-hidden />
          {chosen && <Check size={14} className="text-accent-ink" aria-hidden />}
        </span>
        {pattern.title}
      </span>
      <span id={summary} hidden>
        {pattern.summary}
      </span>
    </label>
  )
}

function PatternAdvice({ pattern }: { readonly pattern: PatternInfo }) {
  return (
    <div className="grid gap-1">
      <p className="text-xs leading-4">{pattern.summary}</p>
      <details>
        <summary className="cursor-default text-ink-muted text-xs">What it costs and admits</summary>
        <div className="grid gap-2 pt-1.5 pb-1 text-xs leading-4">
          <p>{pattern.advice}</p>
          {pattern.admits.length > 0 && (
            <ul className="grid gap-1.5">
              {pattern.admits.map(({ anomaly, outcome }) => (
                <li key={anomaly}>
                  <span className="font-medium">{ANOMALIES[anomaly].title}.</span>{' '}
                  <span className="text-ink-muted">{outcome}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </details>
    </div>
  )
}
