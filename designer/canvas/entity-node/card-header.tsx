import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react'
import type { LocalEntity } from '@/designer/model/project'
import { PATTERN_SIGNS } from '@/designer/panels/ui/pattern-sign'
import { useLod } from '../use-lod'
import { breakable, wordLength } from './far-name'
import { ProblemMark } from './problem-mark'
import { ScopeLine } from './scope-line'

const DIRECTIONS = {
  both: { Icon: ArrowUpDown, label: 'both ways' },
  down: { Icon: ArrowDown, label: 'server to device' },
  up: { Icon: ArrowUp, label: 'device to server' },
} as const

export function CardHeader({ entity }: { readonly entity: LocalEntity }) {
  const lod = useLod()
  const { label, Icon } = PATTERN_SIGNS[entity.pattern.kind]
  const direction = DIRECTIONS[entity.direction]
  return (
    <header className="entity-head">
      <span className="entity-sign">
        <Icon aria-hidden />
      </span>
      <span className="min-w-0 flex-1">
        <span className="entity-name" data-word={lod === 'far' ? wordLength(entity.name) : undefined}>
          {lod === 'far' ? breakable(entity.name) : entity.name}
        </span>
        <span className="entity-pattern">
          <span className="entity-pattern-name">{label}</span>
          <ScopeLine entity={entity} />
        </span>
      </span>
      <span className="entity-direction" title={direction.label}>
        <direction.Icon aria-label={direction.label} />
      </span>
      {lod !== 'full' && <ProblemMark entity={entity.id} />}
    </header>
  )
}
