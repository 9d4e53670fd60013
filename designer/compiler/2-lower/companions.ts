/**
 * Attributes that are pulled on demand: each becomes an entity of its own beside the one that it belongs to, with the key
 * and the value, on demand by that key, so that a device and a server need to know nothing new.
 *
 *   orders (id, note, scan on demand)  ─►  orders (id, note)  +  orders_scan (id, scan), chosen by id, read-only
 */
import { entityNameKey, inOrder, isTooLong, type LocalEntity, type Project, pascalCase } from '@/designer/model'
import type { AttributeIr, EntityIr } from '../ir'

/** Names of the tables of all companions, by `companionKey`: free, and the same whatever the order of the project's records. */
export function companionNames(project: Pick<Project, 'localEntities'>): ReadonlyMap<string, string> {
  const taken = new Set(Object.values(project.localEntities).map(({ name }) => entityNameKey(name)))
  const names = new Map<string, string>()
  for (const [, entity] of inOrder(project.localEntities)) {
    for (const [id, { name }] of onDemand(entity)) {
      const free = freeTable(`${entity.name}_${name}`, `${entity.name}_${id}`, taken)
      taken.add(entityNameKey(free))
      names.set(companionKey(entity.id, id), free)
    }
  }
  return names
}

export const companionKey = (entity: string, attribute: string): string => `${entity}_${attribute}`

const onDemand = ({ attributes }: LocalEntity) =>
  inOrder(attributes).filter(([, { transfer }]) => transfer === 'on-demand')

/** The entity without what comes on demand, and a companion for each attribute that does. */
export function withCompanions(
  whole: EntityIr,
  entity: LocalEntity,
  names: ReadonlyMap<string, string>,
): readonly EntityIr[] {
  const later = new Set(onDemand(entity).map(([id]) => id))
  if (later.size === 0) return [whole]
  const attributes = whole.attributes.filter(({ contract }) => !later.has(contract.id))
  const main: EntityIr = {
    ...whole,
    contract: { ...whole.contract, attributes: attributes.map(({ contract }) => contract) },
    attributes,
  }
  const companions = whole.attributes
    .filter(({ contract }) => later.has(contract.id))
    .map((attribute) => companion(main, attribute, names.get(companionKey(entity.id, attribute.contract.id)) ?? ''))
  return [main, ...companions]
}

function companion({ contract: main, attributes: all }: EntityIr, value: AttributeIr, table: string): EntityIr {
  const attributes = [...all.filter(({ isKey }) => isKey), value].map(
    (attribute): AttributeIr => ({
      ...attribute,
      contract: { ...attribute.contract, default: null, readOnly: true },
      onCreate: 'never',
      onUpdate: 'never',
    }),
  )
  return {
    contract: {
      ...main,
      id: companionKey(main.id, value.contract.id),
      name: pascalCase(table),
      table,
      attributes: attributes.map(({ contract }) => contract),
      keyStrategy: 'natural',
      direction: 'down',
      pattern: { kind: 'on-demand', chosenBy: main.key },
      references: [],
      uniques: [],
      indexes: [],
      scope: { read: main.scope.read, write: null },
    },
    attributes,
    companionOf: main.id,
  }
}

/** Too long a name gives way to one that is made of the attribute's id. */
function freeTable(name: string, instead: string, taken: ReadonlySet<string>): string {
  const wanted = isTooLong(`${name}_99`) ? instead : name
  let free = wanted
  for (let number = 2; taken.has(entityNameKey(free)); number += 1) free = `${wanted}_${number}`
  return free
}
