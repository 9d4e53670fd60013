/**
 * What stands in the way of writing a row, found before anything is tried: a statement that fails would take the whole
 * transaction with it.
 *
 * Another transaction may still come first; then the statement fails after all, and the group is tried again.
 */
import { quoteName } from '../../contract/sql-text'
import type { WireValues } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { scopeTest, sessionParams, sessionSource } from '../scope'
import { matches, rowSource } from './column-types'
import { type PlannedEdit, writtenValue } from './planned-edit'
import { isHeldRow, type PushWork } from './push-work'
import { trackMatches } from './read-rows'

/** `hidden`: by a row that the session may not see, of which nothing is told. */
export type Taken = 'free' | 'taken' | 'hidden'

export interface Candidate {
  readonly edit: PlannedEdit
  /** The row before the edit; null for a new one. */
  readonly row: WireValues | null
}

/** Whether another row has one of the unique values that the edits write. All edits are of one entity. */
export async function takenValues(work: PushWork, candidates: readonly Candidate[]): Promise<Taken[]> {
  const found: Taken[] = candidates.map(() => 'free')
  const plan = candidates[0]?.edit.plan
  if (!plan) return found
  const keyNames = plan.entity.key.map((_, index) => `k${index}`)
  for (const unique of plan.entity.uniques) {
    const asked = candidates.flatMap(({ edit, row }, place) => {
      const values = unique.map(
        (id) => edit.set[id] ?? (edit.set[id] === null ? null : (writtenValue(edit, id) ?? row?.[id] ?? null)),
      )
      const writes = row === null || unique.some((id) => edit.set[id] !== undefined)
      // Two nulls are not the same value.
      return writes && !values.includes(null) ? [{ place, values, key: edit.made.length > 0 ? null : edit.key }] : []
    })
    if (asked.length === 0) continue
    const names = unique.map((_, index) => `u${index}`)
    const source = rowSource(
      [...names, ...keyNames],
      asked.map(({ values, key }) => [...values, ...plan.entity.key.map((_, index) => key?.[index] ?? null)]),
    )
    const read = scopeTest(plan, 'read')
    const session = read === null ? '' : ` cross join ${sessionSource(source.params.length)}`
    const rows = await work.tx.query(
      `select v.ord - 1 as place, bool_and(${read ?? 'true'}) as visible
       from ${source.sql} join ${plan.base} b on ${matches(plan, work.types, unique, 'b', names)}${session}
       where (${matches(plan, work.types, plan.entity.key, 'b', keyNames)}) is not true group by v.ord`,
      [...source.params, ...(read === null ? [] : sessionParams(work.scope))],
    )
    for (const row of rows) {
      const place = asked[Number(row.place)]?.place
      if (place !== undefined && found[place] !== 'hidden') found[place] = row.visible === true ? 'taken' : 'hidden'
    }
  }
  return found
}

/**
 * `gone`: somebody deleted it, or it waits in a conflict itself; `unknown`: there never was such a row that the server
 * knows of.
 */
export type Parent = 'there' | 'gone' | 'unknown'

/** Whether the rows are there to which the edits refer; those that are, stay until the transaction ends. */
export async function missingParents(work: PushWork, edits: readonly PlannedEdit[]): Promise<Parent[]> {
  const found: Parent[] = edits.map(() => 'there')
  const plan = edits[0]?.plan
  if (!plan) return found
  for (const reference of plan.entity.references) {
    const target = work.push.plans.get(reference.entity)
    if (!target) continue
    const asked = edits.flatMap((edit, place) => {
      const values = reference.attributes.map((id) => writtenValue(edit, id) ?? null)
      return values.includes(null) || isOwnRow(edit, reference.entity, values) ? [] : [{ place, values }]
    })
    if (asked.length === 0) continue
    const names = reference.attributes.map((_, index) => `r${index}`)
    const source = rowSource(
      names,
      asked.map(({ values }) => values),
    )
    const present = await work.tx.query(
      `select v.ord - 1 as place from ${source.sql}
       join ${target.base} p on ${matches(target, work.types, reference.referencedAttributes, 'p', names)} for key share of p`,
      source.params,
    )
    const there = new Set(present.map((row) => Number(row.place)))
    const missing = asked.filter((_, index) => !there.has(index))
    if (missing.length === 0) continue
    const deleted = await deletedByOthers(work, target.entity.id, reference.referencedAttributes, missing)
    const waiting = await inOpenConflict(work, target.entity.id, reference.referencedAttributes, missing)
    for (const { place, values } of missing) {
      const edit = edits[place]
      const key = target.entity.key.map((id) => values[reference.referencedAttributes.indexOf(id)] ?? '')
      const held = edit !== undefined && isHeldRow(work, edit.group, target, key)
      const isGone = held || deleted.has(place) || waiting.has(place)
      if (found[place] !== 'gone') found[place] = isGone ? 'gone' : 'unknown'
    }
  }
  return found
}

function isOwnRow(edit: PlannedEdit, target: string, values: readonly (string | null)[]): boolean {
  return (
    edit.plan.entity.id === target &&
    values.length === edit.key.length &&
    values.every((value) => value !== null && edit.key.includes(value))
  )
}

interface Missing {
  readonly place: number
  /** Of the referenced attributes, in the reference's order. */
  readonly values: readonly (string | null)[]
}

/** Places of the rows that this device made in an earlier group, where they met a conflict that is still open. */
async function inOpenConflict(
  work: PushWork,
  target: string,
  referenced: readonly string[],
  missing: readonly Missing[],
): Promise<ReadonlySet<number>> {
  const order = work.push.plans.get(target)?.entity.key.map((id) => referenced.indexOf(id)) ?? [-1]
  if (order.includes(-1)) return new Set()
  const keys = missing.map(({ values }) => JSON.stringify(order.map((index) => values[index] ?? null)))
  const rows = await work.tx.query(
    `select v.ord - 1 as place from unnest($3::text[]) with ordinality v(key, ord)
     where exists (select from syncline.conflict c where c.device = $1::uuid and c.entity = $2
       and c.decision in ('parked', 'device') and c.resolved_at is null and c.key::jsonb = v.key::jsonb)`,
    [work.device, target, keys],
  )
  return new Set(rows.map((row) => missing[Number(row.place)]?.place ?? -1))
}

async function deletedByOthers(
  work: PushWork,
  target: string,
  referenced: readonly string[],
  missing: readonly Missing[],
): Promise<ReadonlySet<number>> {
  const plan = work.push.plans.get(target)
  const order = plan?.entity.key.map((id) => referenced.indexOf(id)) ?? []
  // Tracking knows rows by their key alone.
  if (!plan || order.includes(-1)) return new Set()
  const names = order.map((_, index) => `k${index}`)
  const source = rowSource(
    names,
    missing.map(({ values }) => order.map((index) => values[index] ?? null)),
    1,
  )
  const rows = await work.tx.query(
    `select v.ord - 1 as place from ${source.sql}
     cross join lateral (select t.origin from ${plan.track} t where ${trackMatches(plan, work, names)} order by t.xid desc limit 1) last
     where last.origin is distinct from $1::uuid`,
    [work.device, ...source.params],
  )
  return new Set(rows.map((row) => missing[Number(row.place)]?.place ?? -1))
}

/**
 * Places of the keys whose rows were in the session's scope until they went: all images that the last transaction which
 * touched the row found of it are, so a row that was moved out of sight first does not count.
 */
export async function deletedInSight(
  work: PushWork,
  plan: EntityPlan,
  keys: readonly (readonly string[])[],
): Promise<ReadonlySet<number>> {
  const names = plan.entity.key.map((_, index) => `k${index}`)
  const source = rowSource(names, keys)
  const { scopeColumns } = plan.table
  const image = scopeColumns.map((column, index) => `t.c${index + 1} as ${quoteName(column)}`).join(', ')
  const same = trackMatches(plan, work, names)
  const rows = await work.tx.query(
    `select v.ord - 1 as place from ${source.sql} cross join ${sessionSource(source.params.length)}
     cross join lateral (
       select bool_and(${scopeTest(plan, 'read') ?? 'true'}) as seen from ${plan.track} t cross join lateral (select ${image}) b
       where ${same}${scopeColumns.length > 0 ? ' and t.was' : ''}
         and t.xid = (select t.xid from ${plan.track} t where ${same} order by t.xid desc limit 1)
     ) gone where gone.seen`,
    [...source.params, ...sessionParams(work.scope)],
  )
  return new Set(rows.map((row) => Number(row.place)))
}
