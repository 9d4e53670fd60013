import { Sparkles } from 'lucide-react'
import type { PatternKind } from '@/designer/model/project'
import {
  ANOMALIES,
  type EntityEstimate,
  formatBytes,
  formatRate,
  type PatternInfo,
  patternOf,
} from '@/designer/patterns'
import { RecommendationText } from '../advice/recommendation-button'
import { SourceSign } from '../advice/source-sign'
import { counted } from '../ui/format'
import type { PatternCosts } from './use-pattern-costs'

interface Props {
  readonly pattern: PatternInfo
  readonly advice: PatternCosts | null
  readonly onUse: (kind: PatternKind) => void
}

/** What the chosen pattern does, and costs and admits on this entity; and whether another would suit it better. */
export function PatternAdvice({ pattern, advice, onUse }: Props) {
  const cost = advice?.costs.get(pattern.id)
  return (
    <div className="grid gap-2">
      <p className="text-xs leading-4">{pattern.summary}</p>
      {advice && <Recommended advice={advice} chosen={pattern.id} onUse={onUse} />}
      {cost && <Cost cost={cost} />}
      <details>
        <summary className="cursor-default text-ink-muted text-xs">What it costs and admits</summary>
        <div className="grid gap-2 pt-1.5 pb-1 text-xs leading-4">
          <p>{pattern.advice}</p>
          {pattern.admits.length > 0 && (
            <ul className="grid gap-1.5">
              {pattern.admits.map(({ anomaly, outcome }) => (
                <li key={anomaly}>
                  <span className="name text-ink-muted" title={ANOMALIES[anomaly].scenario}>
                    {anomaly}
                  </span>{' '}
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

interface RecommendedProps {
  readonly advice: PatternCosts
  readonly chosen: PatternKind
  readonly onUse: (kind: PatternKind) => void
}

function Recommended({ advice: { recommendation }, chosen, onUse }: RecommendedProps) {
  const { pattern } = recommendation
  const { title } = patternOf(pattern)
  if (pattern === chosen) {
    return (
      <details>
        <summary className="cursor-default text-xs">
          <Sparkles size={13} className="mr-1 inline text-accent-ink" aria-hidden />
          Recommended for this entity
        </summary>
        <div className="grid gap-2 pt-1.5 text-xs leading-4">
          <RecommendationText advice={recommendation} />
        </div>
      </details>
    )
  }
  return (
    <div className="callout callout-info grid! gap-1.5 text-xs! leading-4!">
      <p className="flex items-center gap-1.5 font-medium">
        <Sparkles size={13} className="flex-none text-accent-ink" aria-hidden />
        {title} is recommended
        <button type="button" className="btn btn-sm ml-auto" onClick={() => onUse(pattern)}>
          Use it
        </button>
      </p>
      <RecommendationText advice={recommendation} />
    </div>
  )
}

function Cost({ cost }: { readonly cost: EntityEstimate }) {
  const lines = [
    ['On a device', `${formatBytes(cost.bytesOnDevice)}, ${counted(cost.rowsOnDevice, 'row')}`],
    ['First sync', formatBytes(cost.firstSyncBytes)],
    ['A day', `${formatBytes(cost.dailyBytesDown)} down, ${formatBytes(cost.dailyBytesUp)} up`],
    ['Conflicts a day', formatRate(cost.conflictsPerDay)],
  ] as const
  return (
    <dl className="pattern-cost">
      {lines.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt className="visually-hidden">From</dt>
        <dd className="ml-auto">
          <SourceSign
            measured={cost.measured}
            {...(cost.assumptions.length > 0 && { title: `Assumes ${cost.assumptions.join(', ')}.` })}
          />
        </dd>
      </div>
    </dl>
  )
}
