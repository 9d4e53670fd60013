/**
 * Carries a device's tables over to another bundle: what has the same id stays, whatever it is called (S3).
 *
 * Edits and records stay as they are. An entity that gained an attribute, or one of another type, is pulled anew.
 */
import type { Bundle, EntityContract, Image, TypeContract } from '../../contract'
import { keyText } from '../../contract'
import { columnTypeOf } from '../column-type/column-type'
import { entityModel, keyOfImage } from '../entity-model'
import { assertKeysStay, assertSameProject, hasGrown, PULL_META, sameSchema, tableSchema } from '../schema-change'
import type { Changes, MemoryState, MemoryTable } from './memory-disk'

export function migrateMemory(state: MemoryState, changes: Changes, bundle: Bundle): void {
  const { schema } = state
  if (schema !== null) assertSameProject(schema, bundle)
  if (schema !== null && sameSchema(schema, bundle)) return
  if (schema !== null)
    assertKeysStay(schema, bundle, (id) => [...state.edits.values()].some(({ entity }) => entity === id))
  for (const entity of bundle.entities) {
    const before = schema?.entities.find(({ id }) => id === entity.id)
    if (before) carryOver(state, changes, bundle, before, entity, schema?.types ?? [])
    else changes.put(state.tables, entity.id, emptyTable(state.tables.get(entity.id)))
  }
  for (const id of [...state.tables.keys()]) {
    if (bundle.entities.some((entity) => entity.id === id)) continue
    // Its edits still wait, and may come back with a later bundle.
    changes.put(state.tables, id, emptyTable(state.tables.get(id)))
    changes.drop(state.cursors, id)
  }
  changes.set('staged', [])
  changes.drop(state.meta, PULL_META)
  changes.set('schema', tableSchema(bundle))
}

function emptyTable(before: MemoryTable | undefined): MemoryTable {
  return { rows: new Map(), shadows: before?.shadows ?? new Map(), lenient: new Set() }
}

function carryOver(
  state: MemoryState,
  changes: Changes,
  bundle: Bundle,
  before: EntityContract,
  entity: EntityContract,
  oldTypes: readonly TypeContract[],
): void {
  const table = state.tables.get(entity.id)
  if (!table) return
  const model = entityModel(bundle, entity)
  const columns = model.columns.map(({ id, attribute, type }) => {
    const old = before.attributes.find((candidate) => candidate.id === id)
    const isSame =
      old !== undefined && columnTypeOf(old, oldTypes).base === type.base && old.sensitive === attribute.sensitive
    return { id, isNew: old === undefined, read: isSame ? (text: string) => text : type.canonical }
  })
  const carried = (image: Image): Image =>
    Object.fromEntries(
      columns.map(({ id, read }) => {
        const text = image[id] ?? null
        try {
          return [id, text === null ? null : read(text)]
        } catch {
          // It is no value of the new type; the pull that follows brings the server's.
          return [id, null]
        }
      }),
    )
  const rows = new Map([...table.rows.values()].map(carried).map((image) => [keyText(keyOfImage(model, image)), image]))
  const shadows = new Map([...table.shadows].map(([key, image]) => [key, image && carried(image)]))
  const lenient = new Set([...table.lenient, ...columns.filter(({ isNew }) => isNew).map(({ id }) => id)])
  changes.put(state.tables, entity.id, { rows, shadows, lenient })
  if (hasGrown(before, entity, oldTypes, bundle.types)) changes.drop(state.cursors, entity.id)
}
