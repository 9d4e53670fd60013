import clsx from 'clsx'
import {
  ArrowDown,
  ArrowDownToLine,
  GitCompare,
  ListTree,
  type LucideIcon,
  Pencil,
  PlusSquare,
  Search,
  Shuffle,
} from 'lucide-react'
import type { CSSProperties } from 'react'
import type { PatternKind } from '@/designer/model/project'

interface Sign {
  readonly label: string
  readonly Icon: LucideIcon
}

/** Each pattern is known by a name, an icon and a hue together; the hue is `--pattern-<kind>` of the tokens. */
export const PATTERN_SIGNS: Readonly<Record<PatternKind, Sign>> = {
  'read-only': { label: 'Read-only', Icon: ArrowDown },
  'read-only-delta': { label: 'Read-only, delta', Icon: ArrowDownToLine },
  'last-write-wins': { label: 'Last write wins', Icon: Pencil },
  'conflict-detection': { label: 'Conflict detection', Icon: GitCompare },
  'one-to-many': { label: 'One to many', Icon: ListTree },
  'append-only': { label: 'Append-only', Icon: PlusSquare },
  merge: { label: 'Merge', Icon: Shuffle },
  'on-demand': { label: 'On demand', Icon: Search },
}

export function patternHue(kind: PatternKind): CSSProperties {
  return { '--hue': `var(--pattern-${kind})` } as CSSProperties
}

export function PatternBadge({ kind, className }: { readonly kind: PatternKind; readonly className?: string }) {
  const { label, Icon } = PATTERN_SIGNS[kind]
  return (
    <span className={clsx('badge hued', className)} style={patternHue(kind)}>
      <Icon aria-hidden />
      {label}
    </span>
  )
}
