/**
 * Which rows a session may see and write, as SQL: the bundle's scope rules over a row `b` and a `session`.
 *
 *   from <base> b cross join <sessionSource(n)> where <scopeTest(plan, 'read')>
 *
 * Invariants
 * - A rule that gives null says no.
 * - Who may write a row may see it: the write test holds the read test.
 */
import type { Session } from '../contract/api'
import type { EntityContract } from '../contract/bundle'
import { quoteText } from '../contract/sql-text'

export interface ScopeSession {
  readonly user: string
  /** JSON, keys in order. */
  readonly claims: string
  /** Milliseconds since 1970: what rules mean by now. */
  readonly atMs: number
}

export function scopeSession(session: Session, atMs: number): ScopeSession {
  return { user: session.user, claims: stableJson(session.claims ?? {}), atMs }
}

/**
 * A condition over `b` and `session`, never null in itself; null where every row passes. It may stand wherever the
 * server's table is `b` and `sessionSource` is joined.
 */
export function scopeTest({ entity }: { readonly entity: EntityContract }, right: 'read' | 'write'): string | null {
  const { read, write } = entity.scope
  const rules = right === 'read' ? [read] : [read, write]
  const tests = rules.flatMap((rule) => (rule === null ? [] : [`coalesce((${rule.where}\n), false)`]))
  return tests.length === 0 ? null : tests.join(' and ')
}

/** What rules call `session`, to be joined; its three parameters follow the first `offset` ones. */
export function sessionSource(offset: number): string {
  return `(select $${offset + 1}::jsonb as claims, $${offset + 2}::text as user_name, $${offset + 3}::timestamptz as at) session`
}

export function sessionParams({ claims, user, atMs }: ScopeSession): readonly [string, string, string] {
  return [claims, user, new Date(atMs).toISOString()]
}

/** The same without parameters, for statements that take none. */
export function sessionLiteral(session: ScopeSession): string {
  const [claims, user, at] = sessionParams(session).map(quoteText)
  return `(select ${claims}::jsonb as claims, ${user}::text as user_name, ${at}::timestamptz as at) session`
}

/** JSON whose keys are in order at every depth: the same value has one text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
