import { TriangleAlert } from 'lucide-react'
import { counted } from '../ui/format'
import type { ReviewedChange, SchemaReview } from './use-review'

const SORTS = [
  { suffix: 'added', word: 'added' },
  { suffix: 'removed', word: 'removed' },
  { suffix: 'renamed', word: 'renamed' },
] as const

interface Props {
  readonly review: SchemaReview
  readonly listed: readonly ReviewedChange[]
}

/** How much there is, and how much of what is taken breaks something. */
export function ReviewSummary({ review, listed }: Props) {
  const counts = SORTS.map(({ suffix, word }) => ({
    word,
    count: listed.filter(({ change }) => change.kind.endsWith(suffix)).length,
  }))
  const changed = listed.length - counts.reduce((sum, { count }) => sum + count, 0)
  const broken = new Set(
    listed
      .filter(({ change }) => review.isTaken(change.id))
      .flatMap(({ meanings }) =>
        meanings.flatMap(({ weight, localEntity }) => (weight === 'breaks' ? localEntity : [])),
      ),
  )
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {[...counts, { word: 'changed', count: changed }].map(
          ({ word, count }) =>
            count > 0 && (
              <span key={word} className="badge">
                {count} {word}
              </span>
            ),
        )}
        <span className="ml-auto flex gap-2">
          <button type="button" className="btn btn-sm" onClick={() => review.setAll(true)}>
            Take all
          </button>
          <button type="button" className="btn btn-sm" onClick={() => review.setAll(false)}>
            Take none
          </button>
        </span>
      </div>
      {broken.size > 0 && (
        <div className="callout callout-warning">
          <TriangleAlert aria-hidden />
          <p>
            With what is taken, {counted(broken.size, 'local entity', 'local entities')} will need a correction. Each is
            named below, and stands in Problems afterwards. Nothing is removed from the device’s model.
          </p>
        </div>
      )}
    </div>
  )
}
