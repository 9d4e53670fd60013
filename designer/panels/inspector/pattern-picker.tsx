import { Check, Sparkles } from 'lucide-react'
import { useId } from 'react'
import type { PatternKind } from '@/designer/model/project'
import { type EntityEstimate, formatBytes, PATTERNS, type PatternInfo } from '@/designer/patterns'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { PatternAdvice } from './pattern-advice'
import { PatternPicture } from './pattern-picture'
import { usePatternCosts } from './use-pattern-costs'

interface Props {
  /** Null where several entities differ. */
  readonly value: PatternKind | null
  readonly onChange: (kind: PatternKind) => void
  /** The entity that is asked about; without one nothing is said of costs, and nothing recommended. */
  readonly entity?: string
}

/** The patterns side by side as pictures; below them, what the chosen one does, costs and admits. */
export function PatternPicker({ value, onChange, entity }: Props) {
  const name = useId()
  const advice = usePatternCosts(entity ?? null)
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
            cost={advice?.costs.get(pattern.id) ?? null}
            recommended={advice?.recommendation.pattern === pattern.id}
            onChoose={() => onChange(pattern.id)}
          />
        ))}
      </fieldset>
      {chosen && <PatternAdvice pattern={chosen} advice={advice} onUse={onChange} />}
    </div>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly pattern: PatternInfo
  readonly chosen: boolean
  readonly cost: EntityEstimate | null
  readonly recommended: boolean
  readonly onChoose: () => void
}

/** The whole tile is the radio button; its summary comes when the pointer rests on it. */
function PatternChoice({ name, pattern, chosen, cost, recommended, onChoose }: ChoiceProps) {
  const { Icon } = PATTERN_SIGNS[pattern.id]
  const described = useId()
  const perDay = cost && `${formatBytes(cost.dailyBytesDown + cost.dailyBytesUp)} a day`
  return (
    <label className="pattern-choice hued" style={patternHue(pattern.id)} title={pattern.summary}>
      <input
        type="radio"
        name={name}
        checked={chosen}
        onChange={onChoose}
        aria-label={pattern.title}
        aria-describedby={described}
      />
      <PatternPicture kind={pattern.id} />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="flex items-center gap-1">
          <Icon size={14} className="text-(--hued-ink)" aria-hidden />
          {recommended && (
            <span title="Recommended for this entity" className="ml-auto">
              <Sparkles size={13} className="text-accent-ink" aria-hidden />
            </span>
          )}
          {chosen && (
            <Check size={14} className={recommended ? 'text-accent-ink' : 'ml-auto text-accent-ink'} aria-hidden />
          )}
        </span>
        {pattern.title}
      </span>
      {perDay && <span className="pattern-choice-cost">{perDay}</span>}
      <span id={described} hidden>
        {recommended && 'Recommended. '}
        {pattern.summary} {perDay && `Costs ${perDay}.`}
      </span>
    </label>
  )
}
