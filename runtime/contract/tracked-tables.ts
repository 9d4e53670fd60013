/**
 * Which server tables a bundle's changes are tracked of, and how much of each change is kept.
 *
 * Invariant: pure, and the same for the same entities in any order, because it decides what is installed and how a
 * running server reads it.
 */
import type { AttributeContract, Bundle, EntityContract, ScopeRule, ScopeTable, ServerTableContract } from './bundle'
import { dependentsOf } from './dependents'
import { quoteName } from './sql-text'

/** One server table whose changes are tracked, whichever entities are made from it. */
export interface TrackedTable {
  /** Id of the server entity. */
  readonly id: string
  /** `"schema"."table"`, quoted. */
  readonly base: string
  /** `syncline."track_…"`, quoted. */
  readonly track: string
  /**
   * The key's columns on the server, unquoted; the n-th is column `k<n>` (from 1) of the tracking table. Empty where
   * the table is only read by scope rules, or has no key: then it is tracked that it changed, and not what.
   */
  readonly keyColumns: readonly string[]
  /** Columns that scope rules read, unquoted; the n-th is `c<n>`, which keeps the value from before a change. */
  readonly scopeColumns: readonly string[]
  /** True where pushes ask for a row's versions: the log is then indexed by key. */
  readonly asksVersions: boolean
  /** `syncline."written_…"` with the times of writes, where the later write wins by its time; else null. */
  readonly written: string | null
  /** Columns whose writes are timed one by one, unquoted; empty where rows are timed as a whole. */
  readonly timedColumns: readonly string[]
  /** What devices do there: the rights that the server needs. */
  readonly rights: readonly TableRight[]
}

export type TableRight = 'select' | 'insert' | 'update' | 'delete'

/** The tracked tables of a bundle by server entity id, in the order of the ids. */
export function trackedTables(bundle: Bundle): ReadonlyMap<string, TrackedTable> {
  const entities = [...bundle.entities]
    .filter((entity) => entity.key.length > 0)
    .sort((a, b) => compare(a.server.id, b.server.id) || compare(a.id, b.id))
  const byTable = new Map<string, EntityContract[]>()
  for (const entity of entities) byTable.set(entity.server.id, [...(byTable.get(entity.server.id) ?? []), entity])
  const dependents = new Set(entities.flatMap((head) => dependentsOf(entities, head).map(({ entity }) => entity.id)))
  const tables = [...byTable.values()].map((each) => entityTable(each, dependents))
  const rules = entities.flatMap(({ scope }) => [scope.read, scope.write])
  const read = rules.flatMap((rule) => rule?.tables ?? []).map((table) => otherTable(table, []))
  // Of what values are read from it must be known which rows changed, whoever reads the table besides.
  const joined = entities.flatMap(joinedTables).map((table) => otherTable(table, table.key))
  const others = new Map([...read, ...joined].filter(({ id }) => !byTable.has(id)).map((table) => [table.id, table]))
  const all = [...tables, ...others.values()].sort((a, b) => compare(a.id, b.id))
  return new Map(all.map((table) => [table.id, table]))
}

/** Columns of the server's table by which an entity's rows come into a session's scope and leave it. */
export function scopeColumns(entity: EntityContract): readonly string[] {
  const rules: (ScopeRule | null)[] = [entity.scope.read]
  const chosenBy = entity.pattern.kind === 'on-demand' ? entity.pattern.chosenBy : []
  const chosen = chosenBy.map((id) => attributeOf(entity, id).column)
  return [...new Set([...rules.flatMap((rule) => rule?.columns ?? []), ...chosen])].sort(compare)
}

function entityTable(entities: readonly EntityContract[], dependents: ReadonlySet<string>): TrackedTable {
  const [first] = entities
  if (!first) throw new Error('A tracked table has an entity.')
  const timed = entities.filter(
    ({ pattern }) => pattern.kind === 'last-write-wins' && pattern.decidedBy === 'edit-time',
  )
  const timedColumns = timed
    .filter(({ pattern }) => pattern.kind === 'last-write-wins' && pattern.granularity === 'attribute')
    .flatMap(({ attributes }) => attributes.filter(({ readOnly }) => !readOnly).map(({ column }) => column))
  return {
    ...names(first.server),
    keyColumns: first.key.map((id) => attributeOf(first, id).column),
    scopeColumns: [...new Set(entities.flatMap(scopeColumns))].sort(compare),
    asksVersions: entities.some((entity) => asksVersions(entity) || dependents.has(entity.id)),
    written: timed.length === 0 ? null : `syncline.${quoteName(`written_${first.server.id}`)}`,
    timedColumns: [...new Set(timedColumns)].sort(compare),
    rights: RIGHTS.filter((right) => entities.some((entity) => rightsOf(entity).includes(right))),
  }
}

/** Tables that derived attributes are read from. */
function joinedTables({ attributes }: EntityContract): ScopeTable[] {
  return attributes.flatMap(({ derived }) => (derived?.kind === 'joined' ? derived.path.map(({ table }) => table) : []))
}

function otherTable(table: ServerTableContract, key: readonly string[]): TrackedTable {
  return {
    ...names(table),
    keyColumns: key,
    scopeColumns: [],
    asksVersions: false,
    written: null,
    timedColumns: [],
    rights: ['select'],
  }
}

function names({ id, schema, table }: ServerTableContract): Pick<TrackedTable, 'id' | 'base' | 'track'> {
  return { id, base: `${quoteName(schema)}.${quoteName(table)}`, track: `syncline.${quoteName(`track_${id}`)}` }
}

function asksVersions({ pattern }: EntityContract): boolean {
  switch (pattern.kind) {
    case 'conflict-detection':
    case 'one-to-many':
      return true
    case 'last-write-wins':
      return pattern.decidedBy === 'edit-time'
    default:
      return false
  }
}

const RIGHTS: readonly TableRight[] = ['select', 'insert', 'update', 'delete']

function rightsOf({ direction, pattern }: EntityContract): readonly TableRight[] {
  const readOnly = direction === 'down' || pattern.kind === 'read-only' || pattern.kind === 'read-only-delta'
  if (readOnly) return ['select']
  return pattern.kind === 'append-only' ? ['select', 'insert'] : RIGHTS
}

function attributeOf(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (attribute) return attribute
  throw new Error(`The bundle is broken: entity ${entity.id} has no attribute ${id}. Compile it again.`)
}

/** Like `<` on code units, so that the order depends on no locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
