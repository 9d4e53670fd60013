/**
 * What the server must know of each entity, worked out once from the bundle.
 */
import type { AttributeContract, Bundle, EntityContract } from '../contract/bundle'
import { quoteName } from '../contract/sql-text'
import { type TrackedTable, trackedTables } from '../contract/tracked-tables'
import { type Join, joinsOf, keylessTables } from './pull/derived-sql'

export interface EntityPlan {
  readonly entity: EntityContract
  /** The server's table and the log of its changes, quoted. */
  readonly base: string
  readonly track: string
  /** The table with the times of writes, quoted; null where no pattern asks for them. */
  readonly written: string | null
  readonly table: TrackedTable
  /** Other tables a change in which makes the pull a full one: those that the read rule reads, and joined ones without a key. */
  readonly ruleTables: readonly TrackedTable[]
  /** The ways to other rows whose values are part of an entity's row. */
  readonly joins: readonly Join[]
  readonly attributes: ReadonlyMap<string, AttributeContract>
  /** Those that are columns of the table, in order: all that a push reads and writes. */
  readonly stored: readonly AttributeContract[]
  /** In key order: the columns, quoted, and those of the tracking table that hold the same values. */
  readonly keyColumns: readonly string[]
  readonly trackColumns: readonly string[]
  /** Columns by whose values an app chooses rows on demand, quoted; null elsewhere. */
  readonly chosenBy: readonly string[] | null
  /**
   * For each attribute that may hold a key made by the server: the ids of the entities that the key may be of. A
   * device that has not yet been told the key sends its temporary one there.
   */
  readonly keySources: ReadonlyMap<string, readonly string[]>
}

export type EntityPlans = ReadonlyMap<string, EntityPlan>

export function planEntities(bundle: Bundle): EntityPlans {
  const tables = trackedTables(bundle)
  const entities = new Map(bundle.entities.map((entity) => [entity.id, entity]))
  const plans = bundle.entities.map((entity): EntityPlan => {
    const table = tables.get(entity.server.id)
    if (!table) throw new Error(`The bundle is broken: entity ${entity.id} has no key. Compile it again.`)
    const attributes = new Map(entity.attributes.map((attribute) => [attribute.id, attribute]))
    const columnOf = (id: string) => attributes.get(id)?.column ?? ''
    const columns = entity.key.map(columnOf)
    return {
      entity,
      base: table.base,
      track: table.track,
      written: table.written,
      table,
      ruleTables: [
        ...(entity.scope.read?.tables ?? []).flatMap(({ id }) => tables.get(id) ?? []),
        ...keylessTables(entity, tables),
      ],
      joins: joinsOf(entity, tables),
      attributes,
      stored: entity.attributes.filter(({ derived }) => derived === undefined),
      keyColumns: columns.map(quoteName),
      trackColumns: columns.map((column) => `k${table.keyColumns.indexOf(column) + 1}`),
      chosenBy:
        entity.pattern.kind === 'on-demand' ? entity.pattern.chosenBy.map((id) => quoteName(columnOf(id))) : null,
      keySources: new Map(
        entity.attributes
          .map(({ id }) => [id, keySources(entities, entity, id)] as const)
          .filter(([, sources]) => sources.length > 0),
      ),
    }
  })
  return new Map(plans.map((plan) => [plan.entity.id, plan]))
}

/** Follows references, because a key may itself be a reference to a row whose key the server makes. */
function keySources(
  entities: ReadonlyMap<string, EntityContract>,
  entity: EntityContract,
  attribute: string,
  seen = new Set<string>(),
): string[] {
  const place = JSON.stringify([entity.id, attribute])
  if (seen.has(place)) return []
  seen.add(place)
  const own = entity.keyStrategy === 'server' && entity.key.includes(attribute) ? [entity.id] : []
  const referred = entity.references.flatMap((reference) => {
    const target = entities.get(reference.entity)
    const referredAttribute = reference.referencedAttributes[reference.attributes.indexOf(attribute)]
    return target && referredAttribute !== undefined ? keySources(entities, target, referredAttribute, seen) : []
  })
  return [...new Set([...own, ...referred])]
}
