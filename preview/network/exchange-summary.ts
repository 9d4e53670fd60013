/**
 * Reads from the bodies of messages what a person wants to know of them: how much was pushed, how much came.
 *
 * It looks no deeper than it counts. The protocol's own schemas look at each value, which takes a second for
 * 100,000 rows, and the page would stand still for that time.
 */
import * as z from 'zod/mini'

const CountedRequest = z.object({
  push: z.array(z.object({ edits: z.array(z.unknown()) })),
  pull: z.array(z.unknown()),
})

const CountedAnswer = z.object({
  outcomes: z.array(z.object({ kind: z.enum(['applied', 'refused']), conflicts: z.optional(z.array(z.unknown())) })),
  page: z.nullable(
    z.object({
      entities: z.array(z.object({ rowCount: z.int(), deleted: z.array(z.unknown()) })),
      next: z.nullable(z.string()),
    }),
  ),
})

export interface RequestSummary {
  readonly pushedGroups: number
  readonly pushedEdits: number
  readonly pulledEntities: number
}

export interface AnswerSummary {
  readonly appliedGroups: number
  readonly refusedGroups: number
  readonly conflicts: number
  readonly pulledRows: number
  readonly deletedRows: number
  /** True while the device has to ask for a further page. */
  readonly more: boolean
}

/** Null where the body is not a sync request. */
export function summariseRequest(body: string): RequestSummary | null {
  const parsed = CountedRequest.safeParse(parseJson(body))
  if (!parsed.success) return null
  const { push, pull } = parsed.data
  return {
    pushedGroups: push.length,
    pushedEdits: push.reduce((sum, group) => sum + group.edits.length, 0),
    pulledEntities: pull.length,
  }
}

/** Null where the body is not a sync answer. */
export function summariseAnswer(body: string): AnswerSummary | null {
  const parsed = CountedAnswer.safeParse(parseJson(body))
  if (!parsed.success) return null
  const { outcomes, page } = parsed.data
  const count = (kind: (typeof outcomes)[number]['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length
  const total = (of: (entity: NonNullable<typeof page>['entities'][number]) => number) =>
    page?.entities.reduce((sum, entity) => sum + of(entity), 0) ?? 0
  return {
    appliedGroups: count('applied'),
    refusedGroups: count('refused'),
    conflicts: outcomes.reduce((sum, { conflicts }) => sum + (conflicts?.length ?? 0), 0),
    pulledRows: total((entity) => entity.rowCount),
    deletedRows: total((entity) => entity.deleted.length),
    more: page !== null && page.next !== null,
  }
}

/** An answer's rows may follow its JSON, which is one line. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.split('\n', 1)[0] ?? '')
  } catch {
    return null
  }
}
