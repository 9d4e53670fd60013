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

/** The patterns, each with what it does; the chosen one also with what to know about it. */
export function PatternPicker({ value, onChange }: Props) {
  const name = useId()
  return (
    <fieldset className="grid gap-2">
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
  )
}

interface ChoiceProps {
  readonly name: string
  readonly pattern: PatternInfo
  readonly chosen: boolean
  readonly onChoose: () => void
}

function PatternChoice({ name, pattern, chosen, onChoose }: ChoiceProps) {
  const { Icon } = PATTERN_SIGNS[pattern.id]
  return (
    <div
      className={`hued rounded-lg border ${chosen ? 'border-accent bg-surface-2' : 'border-line bg-surface-1'}`}
      style={patternHue(pattern.id)}
    >
      <label className="flex gap-3 p-2.5">
        <PatternPicture kind={pattern.id} />
        <span className="grid min-w-0 flex-1 content-start gap-1">
          <span className="flex items-center gap-1.5 font-semibold">
            <Icon size={14} className="text-(--hued-ink)" aria-hidden />
            <span className="flex-1">{pattern.title}</span>
            <input type="radio" className="radio" name={name} checked={chosen} onChange={onChoose} />
          </span>
          <span className="hint">{pattern.summary}</span>
        </span>
      </label>
      {chosen && <PatternAdvice pattern={pattern} />}
    </div>
  )
}

function PatternAdvice({ pattern }: { readonly pattern: PatternInfo }) {
  return (
    <details className="border-line border-t px-2.5 py-1.5">
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
  )
}
