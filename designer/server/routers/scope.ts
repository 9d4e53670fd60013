import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { readScope } from '@/designer/compiler/2-lower/scopes/read-scope'
import { type LocalEntity, type Project, Scope, type ServerEntity } from '@/designer/model'
import type { Answer } from '../data-source/answers'
import type { DataSource } from '../data-source/data-source'
import { explainRow } from '../scope-trial/explain-row'
import { firstFailingRow, isOfOneRow } from '../scope-trial/failing-row'
import { type AskedScope, failureInWords } from '../scope-trial/failure-in-words'
import { countQuestions, rowsQuestion, withScope } from '../scope-trial/trial-sql'
import { storedProject, type TrpcContext, t } from './trpc'

const User = z.object({ id: z.string(), name: z.string(), claims: z.record(z.string(), z.json()) })

const Trial = z.object({
  id: z.string(),
  /** The local entity. */
  entity: z.string(),
  which: z.enum(['read', 'write']),
  /** As it is on the page, which may be ahead of what is saved. */
  scope: Scope,
})

/** Enough to choose from; who wants another one searches. */
const MOST_ROWS = 20
const MOST_USERS = 40
/** Users for whom the row is looked for: what fails for one most often fails for all. */
const MOST_FAILING = 3

export type ScopeCount =
  | { readonly kind: 'counted'; readonly rows: number; readonly bytes: number }
  /** `isOfRow`: with the value of a row or of a claim, so that this user's sync would fail. */
  | { readonly kind: 'failed'; readonly message: string; readonly isOfRow: boolean }

/** Scopes tried on rows. They change nothing; they are mutations because what they are given is too long for an address. */
export const scope = t.router({
  /** What each user's device would hold of one entity. */
  counts: t.procedure
    .input(Trial.extend({ users: z.array(User).max(MOST_USERS) }))
    .mutation(async ({ ctx, input, signal }) => {
      const { source, trial } = await open(ctx, input)
      const read = readScope(trial.project, trial.root, input.scope)
      const about = { source: source.kind, name: source.name }
      if (input.scope.kind !== 'all' && read.rule === null) {
        return { ...about, kind: 'unusable' as const, message: 'The scope has problems: put them right to count.' }
      }
      const where = within(trial, input, read.rule?.where ?? null)
      const questions = countQuestions(trial.root, trial.entity, trial.project.serverTypes, where, input.users)
      const answers = await source.ask(questions, signal)
      if (answers.kind !== 'answered') {
        const message = answers.kind === 'unavailable' ? answers.message : 'Counting was called off.'
        return { ...about, kind: 'unusable' as const, message }
      }
      const [total = NOTHING, ...users] = answers.answers.map((answer) =>
        countOf(answer, { ...trial, scope: input.scope }),
      )
      const rows = total.kind === 'counted' ? total.rows : 0
      const failing = input.users.flatMap((user, index) => {
        const answer = answers.answers[index + 1]
        return answer?.kind === 'failed' && isOfOneRow(answer.code) ? [user] : []
      })
      const rowOf = new Map<string, string>()
      for (const user of failing.slice(0, MOST_FAILING)) {
        const row = await firstFailingRow(source, { root: trial.root, where: where ?? 'true', user, rows }, signal)
        if (row !== null) rowOf.set(user.id, row)
      }
      return {
        ...about,
        kind: 'counted' as const,
        total,
        users: Object.fromEntries(
          input.users.map(({ id }, index) => [id, withRow(users[index] ?? NOTHING, rowOf.get(id))] as const),
        ),
      }
    }),

  /** Some rows, to choose one of which to ask why. */
  rows: t.procedure
    .input(z.object({ id: z.string(), entity: z.string(), search: z.string().max(200) }))
    .mutation(async ({ ctx, input, signal }) => {
      const { source, trial } = await open(ctx, { ...input, which: 'read', scope: { kind: 'all' } })
      const answers = await source.ask([rowsQuestion(trial.root, input.search, MOST_ROWS)], signal)
      if (answers.kind === 'unavailable') return { kind: 'failed' as const, message: answers.message }
      const [answer] = answers.kind === 'answered' ? answers.answers : []
      if (answer?.kind === 'failed') return { kind: 'failed' as const, message: failureInWords(answer, null) }
      return {
        kind: 'rows' as const,
        rows: (answer?.rows ?? []).map(({ key, label }) => ({
          key: z.array(z.string()).parse(JSON.parse(String(key))),
          label: typeof label === 'string' ? label : null,
        })),
      }
    }),

  /** Why one row is, or is not, on a user's device. */
  explain: t.procedure
    .input(Trial.extend({ key: z.array(z.string()), user: User }))
    .mutation(async ({ ctx, input, signal }) => {
      const { source, trial } = await open(ctx, input)
      const explanation = await explainRow(source, trial, input.scope, input.key, input.user, signal)
      return { source: source.kind, explanation }
    }),
})

interface OpenTrial {
  readonly project: Project
  readonly entity: LocalEntity
  readonly root: ServerEntity
}

async function open(
  ctx: TrpcContext,
  input: z.infer<typeof Trial>,
): Promise<{ readonly source: DataSource; readonly trial: OpenTrial }> {
  const stored = await storedProject(ctx, input.id)
  const saved = stored.project.localEntities[input.entity]
  const root = stored.project.serverEntities[saved?.root ?? '']
  if (saved === undefined || root === undefined) {
    throw new TRPCError({ code: 'NOT_FOUND', message: 'This entity is not saved yet. Counts appear once it is.' })
  }
  const source = await ctx.application.dataSources.open(input.id, stored)
  return { source, trial: { ...withScope(stored.project, saved, input.which, input.scope), root } }
}

/** What may be written is a part of what is read. */
function within(trial: OpenTrial, { which }: z.infer<typeof Trial>, where: string | null): string | null {
  if (which === 'read' || trial.entity.scope.kind === 'all') return where
  const read = readScope(trial.project, trial.root, trial.entity.scope).rule?.where ?? 'true'
  return where === null ? read : `(${read}\n) and (${where}\n)`
}

const NOTHING: ScopeCount = { kind: 'failed', message: 'There is no count.', isOfRow: false }

function countOf(answer: Answer, trial: AskedScope): ScopeCount {
  if (answer.kind === 'failed') {
    return { kind: 'failed', message: failureInWords(answer, trial), isOfRow: isOfOneRow(answer.code) }
  }
  const [row] = answer.rows
  return { kind: 'counted', rows: Number(row?.['rows'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) }
}

/** By which people find it: the first of those that fail, by the key. */
function withRow(count: ScopeCount, row: string | undefined): ScopeCount {
  return count.kind === 'counted' || row === undefined
    ? count
    : { ...count, message: `${count.message} The first row that it fails for has the key ${row}.` }
}
