import { Popover } from '@base-ui/react/popover'
import { Check, ChevronDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { setPatternKind } from '@/designer/model/operations/local-entities'
import type { LocalEntity } from '@/designer/model/project'
import { type Design, type Recommendation, recommendPattern } from '@/designer/patterns/advice'
import { useEdit } from '@/designer/stores/session'
import { PATTERN_SIGNS, PatternBadge } from '../ui/pattern-sign'

interface Props {
  readonly design: Design
  readonly entity: LocalEntity
}

/** The recommended pattern; opens why it is, and why no other. */
export function RecommendationButton({ design, entity }: Props) {
  const [open, setOpen] = useState(false)
  const advice = useMemo(() => recommendPattern(design, entity.id), [design, entity.id])
  const edit = useEdit()
  if (!advice) return null
  const isUsed = advice.pattern === entity.pattern.kind
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="flex min-w-0 items-center gap-1 rounded-(--radius) hover:bg-surface-3"
        aria-label={`${PATTERN_SIGNS[advice.pattern].label} is recommended for ${entity.name}${isUsed ? ', and used' : ''}: why`}
      >
        <PatternBadge kind={advice.pattern} />
        {isUsed && <Check size={14} className="text-ok" aria-hidden />}
        <ChevronDown size={13} className="text-ink-muted" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={6} className="z-[60]">
          <Popover.Popup className="menu advice-popup">
            <Popover.Title className="flex items-center gap-2 font-semibold text-[13px]">
              {PATTERN_SIGNS[advice.pattern].label} for <span className="name">{entity.name}</span>
            </Popover.Title>
            <RecommendationText advice={advice} />
            {isUsed ? (
              <p className="hint flex items-center gap-1.5">
                <Check size={13} className="text-ok" aria-hidden /> It is in use.
              </p>
            ) : (
              <button
                type="button"
                className="btn btn-primary btn-sm justify-self-start"
                onClick={() => {
                  setOpen(false)
                  edit(`Set the pattern of “${entity.name}”`, (draft) =>
                    setPatternKind(draft, entity.id, advice.pattern),
                  )
                }}
              >
                Use it
              </button>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

export function RecommendationText({ advice }: { readonly advice: Recommendation }) {
  return (
    <>
      <ul className="grid gap-1">
        {advice.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <details>
        <summary className="cursor-default text-ink-muted text-xs">Why no other</summary>
        <dl className="advice-others">
          {advice.alternatives.map(({ pattern, whyNot }) => (
            <div key={pattern}>
              <dt>{PATTERN_SIGNS[pattern].label}</dt>
              <dd>{whyNot}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  )
}
