/**
 * What decides which rows a session gets of an entity, as one short text: where it is another than when the device
 * last pulled, a delta would not do and the device gets the whole (L6).
 */

import type { EntityPlan } from '../plan'
import { type ScopeSession, stableJson } from '../scope'
import { type Moment, tablesRead } from './moment'

/** Equal to no signature, not even itself: a pull of a table that is not tracked is always a full one. */
export const UNTRACKED = '!'

export function signatureOf(
  plan: EntityPlan,
  session: ScopeSession,
  chosen: readonly (readonly string[])[] | null,
  now: Moment,
): string {
  const triggers = tablesRead(plan).map(({ id }) => now.tables.get(id)?.triggers ?? null)
  if (triggers.includes(null)) return UNTRACKED
  const rule = plan.entity.scope.read
  return shortHash(
    stableJson([
      plan.table.id,
      triggers,
      rule?.where ?? null,
      rule === null ? null : claimsRead(rule.claims, session.claims),
      rule !== null && /\buser_name\b/i.test(rule.where) ? session.user : null,
      chosen === null ? null : chosen.map((key) => JSON.stringify(key)).sort(),
      ...derivedSources(plan),
    ]),
  )
}

/** Where values come from another way than before, all of them may be others. */
function derivedSources({ entity }: EntityPlan): readonly unknown[] {
  return entity.attributes.flatMap(({ id, derived }) => (derived === undefined ? [] : [[id, derived]]))
}

function claimsRead(names: readonly string[] | null, claims: string): unknown {
  const all = JSON.parse(claims) as Readonly<Record<string, unknown>>
  return names === null ? all : [...names].sort().map((name) => [name, all[name] ?? null])
}

/**
 * 64 bits by two runs of FNV-1a (Fowler, Noll, Vo) that begin differently. A collision would need two scopes of one
 * session in a row; nobody gains rights by one, because every pull is filtered by the session's own scope.
 */
function shortHash(text: string): string {
  return [0x811c9dc5, 0x5bd1e995]
    .map((start) => {
      let hash = start
      for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
      return (hash >>> 0).toString(16).padStart(8, '0')
    })
    .join('')
}
