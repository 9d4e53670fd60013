/**
 * Puts keys that the server made in the place of the temporary ones, wherever those are found: in the rows, in every
 * reference to them, in the outbox, beneath it, in parked conflicts, in quarantine and among what was chosen (K1).
 *
 * Invariant: the work is a few statements for each attribute that can hold such a key, however many keys there are.
 */
import type { DeviceEvents, EntityContract, Image, Key, RecordKind, SyncTransaction } from '../../contract'
import type { KeyMapping } from '../../protocol/messages'
import { byEntity, type StoreContext } from './context'
import { removeLostRows } from './lost-rows'

/** Tells what became of a value of an attribute. */
export interface AdoptedKeys {
  readonly key: (entity: string, key: Key) => Key
  readonly image: <Of extends Image | null>(entity: string, image: Of) => Of
}

/** Adds the ids of entities whose shown rows changed to `changed`. */
export async function adoptKeys(
  context: StoreContext,
  tx: SyncTransaction,
  mappings: readonly KeyMapping[],
  { changed, quarantined }: { readonly changed: Set<string>; readonly quarantined: DeviceEvents['quarantine'][] },
  nowMs: number,
): Promise<AdoptedKeys> {
  /** Entity and attribute to what replaces its values. */
  const places = new Map<string, Map<string, string>>()
  for (const entity of context.bundle.entities) {
    const own = mappings.filter((mapping) => mapping.entity === entity.id)
    for (const [index, attribute] of entity.key.entries()) {
      const keys = new Map(own.map(({ temporary, key }) => [temporary[index] ?? '', key[index] ?? '']))
      for (const [from, to] of keys) if (from === to) keys.delete(from)
      if (keys.size > 0) findPlaces(context, places, keys, entity, attribute, new Set())
    }
  }
  for (const [entity, ofEntity] of byEntity(mappings)) {
    const { newId } = context
    if (await removeLostRows(tx, entity, ofEntity, { nowMs, newId }, quarantined)) changed.add(entity)
  }
  for (const [place, values] of places) {
    const [entity, attribute] = JSON.parse(place) as [string, string]
    if ((await tx.replaceValues(entity, attribute, values)) > 0) changed.add(entity)
  }
  const adopted = adoptedKeys(context, places)
  if (places.size > 0) for (const kind of RECORD_KINDS) await adoptInRecords(tx, kind, adopted)
  return adopted
}

const RECORD_KINDS: readonly RecordKind[] = ['quarantine', 'conflict', 'chosen']

function findPlaces(
  context: StoreContext,
  places: Map<string, Map<string, string>>,
  keys: ReadonlyMap<string, string>,
  entity: EntityContract,
  attribute: string,
  // References can go in circles.
  seen: Set<string>,
): void {
  const place = JSON.stringify([entity.id, attribute])
  if (seen.has(place)) return
  seen.add(place)
  places.set(place, new Map([...(places.get(place) ?? []), ...keys]))
  for (const other of context.bundle.entities) {
    for (const reference of other.references) {
      if (reference.entity !== entity.id) continue
      const referring = reference.attributes[reference.referencedAttributes.indexOf(attribute)]
      if (referring !== undefined) findPlaces(context, places, keys, other, referring, seen)
    }
  }
}

function adoptedKeys(context: StoreContext, places: ReadonlyMap<string, ReadonlyMap<string, string>>): AdoptedKeys {
  const adopt = (entity: string, attribute: string, value: string) =>
    places.get(JSON.stringify([entity, attribute]))?.get(value) ?? value
  return {
    key: (id, key) => {
      const entity = context.entities.get(id)
      return entity ? key.map((part, index) => adopt(id, entity.key[index] ?? '', part)) : key
    },
    image: (id, image) =>
      (image === null
        ? null
        : Object.fromEntries(
            Object.entries(image).map(([attribute, value]) => [
              attribute,
              value === null ? null : adopt(id, attribute, value),
            ]),
          )) as typeof image,
  }
}

/** Records name rows as `{ entity, key, … }` and their values as images; nothing else in them can hold a key. */
async function adoptInRecords(tx: SyncTransaction, kind: RecordKind, adopted: AdoptedKeys): Promise<void> {
  for (const { id, body } of await tx.records(kind)) {
    const replaced = JSON.stringify(adoptInRows(JSON.parse(body), adopted))
    if (replaced !== body) await tx.putRecord(kind, { id, body: replaced })
  }
}

const IMAGES = ['set', 'was', 'server', 'base', 'local'] as const

function adoptInRows(value: unknown, adopted: AdoptedKeys): unknown {
  if (Array.isArray(value)) return value.map((element) => adoptInRows(element, adopted))
  if (typeof value !== 'object' || value === null) return value
  const record: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, adoptInRows(inner, adopted)]),
  )
  const { entity, key } = record
  if (typeof entity !== 'string' || !Array.isArray(key)) return record
  record.key = adopted.key(entity, key as Key)
  for (const name of IMAGES) {
    const image = record[name]
    if (typeof image === 'object' && image !== null) record[name] = adopted.image(entity, image as Image)
  }
  return record
}
