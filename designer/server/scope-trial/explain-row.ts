/** Why a row is, or is not, on a user's device. */
import { decidingTerms, type FoundTerm } from '@/designer/compiler/2-lower/scopes/deciding-terms'
import { type ExplainedTerm, explainScope } from '@/designer/compiler/2-lower/scopes/explain-filter'
import type { LocalEntity, Project, ServerEntity, TestUser } from '@/designer/model'
import type { Answers, Row } from '../data-source/answers'
import type { DataSource } from '../data-source/data-source'
import { type AskedScope, failureInWords } from './failure-in-words'
import { askOfRow } from './trial-sql'

export interface ExplainedRow extends FoundTerm {
  readonly path: readonly number[] | null
  readonly terms: readonly ExplainedRow[]
}

export type RowExplanation =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'explained'
      readonly inScope: boolean
      readonly term: ExplainedRow
      /** The terms that decided it, in words. */
      readonly because: readonly string[]
      /** What else keeps the row away, or brings it: said of the entity and not of the row. */
      readonly rules: readonly string[]
    }

export async function explainRow(
  source: DataSource,
  { project, entity, root }: { readonly project: Project; readonly entity: LocalEntity; readonly root: ServerEntity },
  scope: LocalEntity['scope'],
  key: readonly string[],
  user: Pick<TestUser, 'name' | 'claims'>,
  signal: AbortSignal | undefined,
): Promise<RowExplanation> {
  const term = explainScope(project, root, scope)
  if (term === null) return { kind: 'failed', message: 'The scope has problems: put them right first.' }
  const expressions = expressionsOf(term)
  const answers = await source.ask([askOfRow(root, key, user, expressions)], signal)
  const found = rowOf(answers, { project, root, scope })
  if (found.kind !== 'row') return found
  if (found.row === null) return { kind: 'not-found' }
  const explained = withAnswers(term, found.row, { next: 0 })
  const inScope = explained.holds === true
  return {
    kind: 'explained',
    inScope,
    term: explained,
    because: term.kind === 'all' ? ['devices hold all rows'] : decidingTerms(explained).map(inWords),
    rules: entityRules(project, entity),
  }
}

type FoundRow =
  | { readonly kind: 'row'; readonly row: Row | null }
  | { readonly kind: 'failed'; readonly message: string }

function rowOf(answers: Answers, asked: AskedScope): FoundRow {
  if (answers.kind === 'cancelled') return { kind: 'failed', message: 'It was called off.' }
  if (answers.kind === 'unavailable') return { kind: 'failed', message: answers.message }
  const [answer] = answers.answers
  if (answer === undefined) return { kind: 'row', row: null }
  return answer.kind === 'failed'
    ? { kind: 'failed', message: failureInWords(answer, asked) }
    : { kind: 'row', row: answer.rows[0] ?? null }
}

/** In the order in which `withAnswers` takes the answers. */
const expressionsOf = (term: ExplainedTerm): string[] => [
  term.sql,
  ...term.values.map(({ sql }) => sql),
  ...term.terms.flatMap(expressionsOf),
]

function withAnswers(term: ExplainedTerm, row: Row, at: { next: number }): ExplainedRow {
  const take = (): unknown => {
    const value = row[`v${at.next}`]
    at.next += 1
    return value
  }
  const holds = take()
  const values = term.values.map(({ words }) => ({ words, value: asText(take()) }))
  const { kind, path, words } = term
  return {
    kind,
    path,
    words,
    holds: typeof holds === 'boolean' ? holds : null,
    values,
    terms: term.terms.map((inner) => withAnswers(inner, row, at)),
  }
}

const asText = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** `city is the claim city (here city is “Lyon”, the claim city is “Basel”)`. */
function inWords({ words, values, holds }: FoundTerm): string {
  const seen = values.map((value) => `${value.words} ${value.value === null ? 'is empty' : `is “${value.value}”`}`)
  const notes = [...(seen.length === 0 ? [] : [`here ${seen.join(', ')}`]), ...(holds === null ? [UNKNOWN] : [])]
  return notes.length === 0 ? words : `${words} (${notes.join('; ')})`
}

const UNKNOWN = 'what is empty fits no comparison'

function entityRules(project: Project, entity: LocalEntity): string[] {
  const { pattern, direction, name, id } = entity
  const units = Object.values(project.syncUnits).filter(({ entities }) => id in entities)
  return [
    ...(direction === 'up' ? [`Devices only send rows of ${name}: none comes down, whatever the scope says.`] : []),
    ...(pattern.kind === 'on-demand'
      ? [`Rows of ${name} come on demand: one that is in the scope is on the device once the app has asked for it.`]
      : []),
    ...(units.length === 0 ? [`No sync unit brings ${name}, so that no row of it reaches a device.`] : []),
  ]
}
