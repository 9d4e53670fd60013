/**
 * The queries of a pull: rows and departures of one entity, in the order of its key, of the whole or of what changed
 * since a snapshot. Without parameters, because COPY takes none; all that comes from outside is quoted here.
 *
 *   whole:       rows in scope now
 *   since s:     rows in scope now that changed           keys that left: an old image was in scope, no row is now
 *
 * Invariants
 * - Every value is read as its type's text, so that the wire carries PostgreSQL's own form (V1). A literal of unknown
 *   type takes the type of the column that it is compared with.
 * - A departure is told only of a key that was in the session's scope at some time since the snapshot (L5). The log has
 *   the image from before each change, so the one that the snapshot shows is among them.
 */
import { quoteName, quoteText } from '../../contract/sql-text'
import { valueSql } from '../../contract/value-sql'
import type { EntityPlan } from '../plan'
import { type ScopeSession, scopeTest, sessionLiteral } from '../scope'
import { reachedSql } from './derived-sql'
import { unseenSql } from './moment'

export interface ChunkQuestion {
  readonly plan: EntityPlan
  /** Attribute ids, in the order in which the device wants them. */
  readonly attributes: readonly string[]
  /** For entities on demand: the keys that the app chose. */
  readonly chosen: readonly (readonly string[])[] | null
  readonly session: ScopeSession
  /** Null reads the whole. */
  readonly since: string | null
  /** The time that the rows were last read at, which matters where rules read the time. */
  readonly sinceMs: number
}

export interface ChunkPlace {
  readonly after: readonly string[] | null
  readonly limit: number
}

export function rowsSql(question: ChunkQuestion, { after, limit }: ChunkPlace): string {
  const { plan, since } = question
  const keys = plan.keyColumns.map((column) => `b.${column}`)
  const source = since === null ? { from: `${plan.base} b`, where: null } : changedSource(question, since)
  const where = conditions([source.where, scopeCondition(question), after && isAfter(keys, after)])
  return `select ${valueTexts(question)} from ${source.from}${sessionJoin(question)} ${where} order by ${keys.join(', ')} limit ${limit}`
}

/** Keys only. */
export function departuresSql(question: ChunkQuestion, since: string, { after, limit }: ChunkPlace): string {
  const { plan } = question
  const slots = plan.trackColumns
  const keys = slots.map((slot) => `t.${slot}`)
  const isThere = `exists (select from ${plan.base} b ${conditions([sameKey(plan, 't'), scopeCondition(question)])})`
  const left = [changedImages(question, since)]
  if (comesAndGoes(question)) left.push(expired(question))
  return `select ${keys.map((key) => `${key}::text`).join(', ')} from (${left.join(' union ')}) t${sessionJoin(question)}
    ${conditions([`not ${isThere}`, after && isAfter(keys, after)])} order by ${keys.join(', ')} limit ${limit}`
}

/** The number of rows in scope and the sum of their digests, as `core/digest` has them. */
export function digestSql(question: ChunkQuestion): string {
  const { plan, attributes } = question
  const line = attributes
    .map((id) => {
      const text = valueSql(plan.attributes.get(id))
      return String.raw`coalesce('"' || replace(replace(${text}, '\', '\\'), '"', '\"') || '"', '-')`
    })
    .join(` || ',' || `)
  return `select count(*)::text, coalesce(sum(('x' || left(md5(convert_to(${line}, 'UTF8')), 15))::bit(60)::bigint), 0)::text
    from ${plan.base} b${sessionJoin(question)} ${conditions([scopeCondition(question)])}`
}

/** Whether rows come into scope and leave it by the time alone that passed since they were last read. */
function comesAndGoes({ plan, session, sinceMs }: ChunkQuestion): boolean {
  return plan.entity.scope.read?.readsTime === true && sinceMs !== session.atMs
}

/** Rows whose key is in the log, those that lead to a row that is in another's, and those that came into scope with time. */
function changedSource(
  question: ChunkQuestion,
  since: string,
): { readonly from: string; readonly where: string | null } {
  const { plan } = question
  const keys = plan.keyColumns.map((column, index) => ({ column, slot: plan.trackColumns[index] ?? '' }))
  const changed = [
    `select distinct ${logKeys(plan)} from ${plan.track} l where ${unseen('l', since)}`,
    ...plan.joins.map((join) => reachedSql(plan.base, keys, join, unseen('l', since))),
  ].join(' union ')
  const same = sameKey(plan, 't')
  if (!comesAndGoes(question)) return { from: `(${changed}) t join ${plan.base} b on ${same}`, where: null }
  return {
    from: `${plan.base} b left join (${changed}) t on ${same}`,
    where: `(t.${plan.trackColumns[0]} is not null or not ${scopeThen(question)})`,
  }
}

function changedImages(question: ChunkQuestion, since: string): string {
  const { plan, session, sinceMs } = question
  const from = `${plan.track} l`
  const scope = scopeCondition(question)
  const slots = plan.trackColumns.map((slot) => `l.${slot}`).join(', ')
  if (scope === null) return `select distinct ${slots} from ${from} where ${unseen('l', since)}`
  const image = plan.table.scopeColumns.map((column, index) => `l.c${index + 1} as ${quoteName(column)}`).join(', ')
  const then = comesAndGoes(question) ? { ...session, atMs: sinceMs } : session
  return `select distinct ${slots} from ${from} cross join lateral (select ${image}) b cross join ${sessionLiteral(then)}
    where ${wasThere(plan)}${unseen('l', since)} and ${scope}`
}

/** A log without images does not say which rows came. Where the scope reads no column, it holds every row or none. */
export function wasThere({ table }: EntityPlan): string {
  return table.scopeColumns.length > 0 ? 'l.was and ' : ''
}

function expired(question: ChunkQuestion): string {
  const { plan } = question
  const keys = plan.keyColumns.map((column, index) => `b.${column} as ${plan.trackColumns[index]}`).join(', ')
  return `select ${keys} from ${plan.base} b where ${scopeThen(question)}`
}

/** The scope as it was for the same row at the time of the cursor; a condition over `b`. */
function scopeThen(question: ChunkQuestion): string {
  const then = sessionLiteral({ ...question.session, atMs: question.sinceMs })
  return `(select ${scopeCondition(question) ?? 'true'} from ${then})`
}

/** A condition over `b` and `session`, or null where every row is in scope. */
function scopeCondition({ plan, chosen }: ChunkQuestion): string | null {
  const tests = [scopeTest(plan, 'read'), plan.chosenBy === null ? null : isChosen(plan.chosenBy, chosen ?? [])]
  const given = tests.filter((test) => test !== null)
  return given.length === 0 ? null : given.join(' and ')
}

function isChosen(columns: readonly string[], chosen: readonly (readonly string[])[]): string {
  const keys = chosen.filter(isStorable)
  if (keys.length === 0) return 'false'
  const list = keys.map((key) => `(${key.map(quoteText).join(', ')})`).join(', ')
  return `(${columns.map((column) => `b.${column}`).join(', ')}) in (${list})`
}

/** No row has a text that PostgreSQL can't hold. */
function isStorable(key: readonly string[]): boolean {
  return !key.some((text) => /[\uD800-\uDFFF]|\0/u.test(text))
}

function sessionJoin(question: ChunkQuestion): string {
  return scopeCondition(question) === null ? '' : ` cross join ${sessionLiteral(question.session)}`
}

function unseen(alias: string, since: string): string {
  return unseenSql(`${alias}.xid`, `${quoteText(since)}::pg_snapshot`)
}

function logKeys(plan: EntityPlan): string {
  return plan.trackColumns.map((slot) => `l.${slot}`).join(', ')
}

function sameKey(plan: EntityPlan, alias: string): string {
  return plan.keyColumns.map((column, index) => `b.${column} = ${alias}.${plan.trackColumns[index]}`).join(' and ')
}

function isAfter(keys: readonly string[], after: readonly string[]): string {
  return `(${keys.join(', ')}) > (${after.map(quoteText).join(', ')})`
}

function conditions(all: readonly (string | null)[]): string {
  const given = all.filter((condition) => condition !== null)
  return given.length === 0 ? '' : `where ${given.join(' and ')}`
}

/**
 * COPY writes what a type's output function says. For most types a cast to text says the same, and costs a third of the
 * query; of the others (boolean, character, inet and what the database's users made) it is the cast that devices know.
 */
function valueTexts({ plan, attributes }: ChunkQuestion): string {
  return attributes
    .map((id) => {
      const attribute = plan.attributes.get(id)
      const isPlain = attribute !== undefined && attribute.derived === undefined && WRITTEN_AS_CAST.test(attribute.type)
      return isPlain ? `b.${quoteName(attribute.column)}` : valueSql(attribute)
    })
    .join(', ')
}

const WRITTEN_AS_CAST =
  /^(smallint|integer|bigint|numeric|real|double precision|date|time|timestamp|interval|uuid|jsonb?|bytea)( ?\([\d, ]+\))?( with(out)? time zone)?$/
