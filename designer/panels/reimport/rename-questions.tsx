import { ArrowRight } from 'lucide-react'
import type { ServerSchema } from '@/designer/model/project'
import type { Rename } from '@/designer/model/schema-diff/kept-ids'
import type { SchemaReview } from './use-review'

interface Props {
  readonly review: SchemaReview
  readonly before: ServerSchema
  readonly after: ServerSchema
}

/** Nothing in a database says that a thing is another one under a new name: so it is asked. */
export function RenameQuestions({ review, before, after }: Props) {
  if (review.questions.length === 0) return null
  return (
    <section className="grid gap-2" aria-label="Renamed?">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="section-title mr-auto">Renamed?</h3>
        {review.questions.length > 1 && (
          <>
            <button
              type="button"
              className="btn btn-sm"
              aria-pressed={review.questions.every(({ confirmed }) => confirmed)}
              onClick={() => review.answerAll(true)}
            >
              All are renamed
            </button>
            <button
              type="button"
              className="btn btn-sm"
              aria-pressed={review.questions.every(({ confirmed }) => !confirmed)}
              onClick={() => review.answerAll(false)}
            >
              None is
            </button>
          </>
        )}
      </div>
      <p className="hint">What is only renamed stays joined to the device: local entities, scopes and layout go on.</p>
      <ul className="max-h-[320px] divide-y divide-line overflow-auto rounded-md border border-line">
        {review.questions.map((question) => {
          const { table, from, to } = namesOf(question.rename, before, after)
          const label = `Is ${to} the new name of ${from}?`
          return (
            <li key={question.key} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1">
              <span className="row-text flex items-center gap-2">
                {table && <span className="name text-ink-muted">{table}</span>}
                <span className="name">{from}</span>
                <ArrowRight size={13} aria-label="to" className="text-ink-muted" />
                <span className="name">{to}</span>
              </span>
              <fieldset className="segmented ml-auto">
                <legend className="visually-hidden">{label}</legend>
                <button
                  type="button"
                  className="tab"
                  aria-pressed={question.confirmed}
                  onClick={() => review.answer(question, true)}
                >
                  Renamed
                </button>
                <button
                  type="button"
                  className="tab"
                  aria-pressed={!question.confirmed}
                  onClick={() => review.answer(question, false)}
                >
                  Another one
                </button>
              </fieldset>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function namesOf(rename: Rename, before: ServerSchema, after: ServerSchema) {
  if (rename.kind === 'attribute') {
    const table = after.serverEntities[rename.entity]
    const to = table?.attributes[rename.to]?.name ?? rename.to
    const from = Object.values(before.serverEntities).flatMap(({ attributes }) => attributes[rename.from] ?? [])[0]
    return { table: table?.name ?? null, from: from?.name ?? rename.from, to }
  }
  const [old, now] =
    rename.kind === 'entity'
      ? [before.serverEntities[rename.from], after.serverEntities[rename.to]]
      : [before.serverTypes[rename.from], after.serverTypes[rename.to]]
  const moved = old?.schema !== now?.schema
  const name = (record: typeof old) => (moved ? `${record?.schema}.${record?.name}` : (record?.name ?? ''))
  return { table: null, from: name(old), to: name(now) }
}
