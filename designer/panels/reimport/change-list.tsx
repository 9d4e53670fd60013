import { useMemo, useState } from 'react'
import type { ServerSchema } from '@/designer/model/project'
import { counted } from '../ui/format'
import { ChangeRow } from './change-row'
import { changeWords } from './change-words'
import type { ReviewedChange, SchemaReview } from './use-review'

interface Props {
  readonly review: SchemaReview
  readonly before: ServerSchema
}

/** More than one looks through at once; each group more makes every click slower. */
const GROUPS_AT_FIRST = 100

/** All changes by table. */
export function ChangeList({ review, before }: Props) {
  const after = review.diff.read
  const groups = useMemo(() => groupsOf(review.changes, before, after), [review.changes, before, after])
  const [shown, setShown] = useState(GROUPS_AT_FIRST)
  if (groups.length === 0) return null
  return (
    <section aria-label="Changes" className="rounded-md border border-line">
      {groups.slice(0, shown).map(({ title, changes }) => (
        // Hundreds of tables may have changed: what is out of sight costs nothing.
        <div
          key={title}
          className="border-line border-b last:border-b-0 [contain-intrinsic-size:auto_60px] [content-visibility:auto]"
        >
          <h3 className="bg-surface-1 px-3 py-1 font-medium">
            <span className={title === TYPES || title === MEASURED ? '' : 'name'}>{title}</span>
          </h3>
          <ul>
            {changes.map(({ change, meanings }) => (
              <ChangeRow
                key={change.id}
                words={changeWords(change, before, after)}
                table={title}
                meanings={meanings}
                taken={review.isTaken(change.id)}
                newNames={review.newNames(change)}
                onJoin={review.join}
                onTaken={(taken) => review.setTaken(change.id, taken)}
              />
            ))}
          </ul>
        </div>
      ))}
      {groups.length > shown && (
        <p className="flex items-center gap-3 px-3 py-2">
          {counted(groups.length - shown, 'more table')} with changes, which are taken or refused with the others.
          <button type="button" className="btn btn-sm" onClick={() => setShown(shown * 4)}>
            Show more
          </button>
        </p>
      )}
    </section>
  )
}

const TYPES = 'Types'
const MEASURED = 'Measured'

function groupsOf(changes: readonly ReviewedChange[], before: ServerSchema, after: ServerSchema) {
  const groups = new Map<string, ReviewedChange[]>()
  for (const each of changes) {
    const { change } = each
    const entity =
      'entity' in change ? (after.serverEntities[change.entity] ?? before.serverEntities[change.entity]) : null
    const title = entity
      ? entity.schema === 'public'
        ? entity.name
        : `${entity.schema}.${entity.name}`
      : otherTitle(each)
    groups.set(title, [...(groups.get(title) ?? []), each])
  }
  return [...groups].map(([title, group]) => ({ title, changes: group }))
}

const otherTitle = ({ change }: ReviewedChange): string => (change.kind === 'details' ? MEASURED : TYPES)
