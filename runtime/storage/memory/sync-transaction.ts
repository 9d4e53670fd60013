/** What a sync writes on a device in memory: rows and shadows as they are told, captured never. */
import { type Image, type Key, keyText, type StagedPart, type SyncTransaction } from '../../contract'
import { parseCopyText } from '../../core/copy-text'
import { type EntityModel, keyOfImage } from '../entity-model'
import { rowText } from '../mentioned-rows'
import type { Changes, MemoryState, MemoryTable } from './memory-disk'
import type { MemoryOutbox } from './outbox'

const ROWS_AT_A_TIME = 1000

export function memorySyncTransaction(
  state: MemoryState,
  changes: Changes,
  outbox: MemoryOutbox,
  models: ReadonlyMap<string, EntityModel>,
): SyncTransaction {
  const { put, drop, set } = changes
  const { append: _append, replace, newTransaction: _new, hasEdits, all, ...outboxFunctions } = outbox

  const modelOf = (entity: string): EntityModel => {
    const model = models.get(entity)
    if (!model) throw new Error(`There is no entity ${entity} on this device.`)
    return model
  }
  const tableOf = (entity: string): MemoryTable => {
    const table = state.tables.get(entity)
    if (!table) throw new Error(`There is no table of the entity ${entity} on this device.`)
    return table
  }
  const found = <T>(map: ReadonlyMap<string, T>, keys: readonly Key[]): Map<string, T> => {
    const answer = new Map<string, T>()
    for (const key of keys) {
      const text = keyText(key)
      const value = map.get(text)
      if (value !== undefined) answer.set(text, value)
    }
    return answer
  }
  const whole = (model: EntityModel, image: Image): Image =>
    Object.fromEntries(model.columns.map(({ id }) => [id, image[id] ?? null]))

  return {
    state: async () => ({
      pendingEdits: state.edits.size,
      lastSeq: state.lastSeq,
      quarantined: state.records.quarantine.size,
      conflicts: state.records.conflict.size,
      cursors: new Map(state.cursors),
      meta: new Map(state.meta),
    }),
    setMeta: async (name, value) => (value === null ? drop(state.meta, name) : put(state.meta, name, value)),
    setCursors: async (cursors) => {
      for (const [entity, cursor] of cursors) {
        if (cursor === null) drop(state.cursors, entity)
        else put(state.cursors, entity, cursor)
      }
    },
    ...outboxFunctions,
    shadows: async (entity, keys) => found(tableOf(entity).shadows, keys),
    putShadows: async (entity, shadows) => {
      const table = tableOf(entity)
      for (const [key, image] of shadows) put(table.shadows, keyText(key), image)
    },
    removeShadows: async (entity, keys) => {
      const { shadows } = tableOf(entity)
      for (const key of keys) drop(shadows, keyText(key))
    },
    shadowed: async () => [...models.keys()].filter((entity) => tableOf(entity).shadows.size > 0),
    images: async (entity, keys) => found(tableOf(entity).rows, keys),
    putImages: async (entity, images) => {
      const model = modelOf(entity)
      const { rows } = tableOf(entity)
      for (const image of images) put(rows, keyText(keyOfImage(model, image)), whole(model, image))
    },
    removeRows: async (entity, keys) => {
      const { rows } = tableOf(entity)
      for (const key of keys) drop(rows, keyText(key))
    },
    deletedHere: async () => {
      const youngest = new Map(all().map((edit) => [rowText(edit), edit]))
      return [...youngest.values()].flatMap(({ op, entity, key }) =>
        op === 'delete' && state.tables.get(entity)?.shadows.get(keyText(key)) ? [{ entity, key }] : [],
      )
    },
    keptRows: async () =>
      [...models.keys()].flatMap((entity) =>
        [...tableOf(entity).shadows].flatMap(([text, image]) => {
          const row = { entity, key: JSON.parse(text) as Key }
          return image === null && !hasEdits(row) ? [row] : []
        }),
      ),
    editedReferences: async (entity, attributes) => {
      const { rows, shadows } = tableOf(entity)
      const keys = new Map<string, Key>()
      for (const text of shadows.keys()) {
        const image = rows.get(text)
        const values = attributes.flatMap((attribute) => image?.[attribute] ?? [])
        if (values.length === attributes.length && hasEdits({ entity, key: JSON.parse(text) as Key }))
          keys.set(keyText(values), values)
      }
      return [...keys.values()]
    },
    referredKeys: async (_target, keys, entity, attributes) => {
      const referred = new Set<string>()
      for (const image of tableOf(entity).rows.values()) {
        const values = attributes.flatMap((attribute) => image[attribute] ?? [])
        if (values.length === attributes.length) referred.add(keyText(values))
      }
      return keys.filter((key) => referred.has(keyText(key)))
    },
    serverImages: async (entity, each) => {
      const { rows, shadows } = tableOf(entity)
      let images: Image[] = []
      const take = async (image: Image | null) => {
        if (image === null) return
        images.push(image)
        if (images.length < ROWS_AT_A_TIME) return
        const full = images
        images = []
        await each(full)
      }
      for (const [key, image] of rows) if (!shadows.has(key)) await take(image)
      for (const image of shadows.values()) await take(image)
      if (images.length > 0) await each(images)
    },
    replaceValues: async (entity, attribute, values) => {
      const model = modelOf(entity)
      const table = tableOf(entity)
      const place = model.entity.key.indexOf(attribute)
      const newKey = (key: Key): Key =>
        place < 0 ? key : key.map((part, index) => (index === place ? (values.get(part) ?? part) : part))
      const newImage = <I extends Image | null>(image: I): I => {
        const before = image?.[attribute]
        const after = before == null ? undefined : values.get(before)
        return after === undefined ? image : { ...image, [attribute]: after }
      }
      let count = 0
      for (const [text, image] of [...table.rows]) {
        const after = newImage(image)
        if (after === image) continue
        drop(table.rows, text)
        put(table.rows, keyText(keyOfImage(model, after)), after)
        count += 1
      }
      for (const [text, image] of [...table.shadows]) {
        const key = place < 0 ? text : keyText(newKey(JSON.parse(text) as Key))
        const after = newImage(image)
        if (key === text && after === image) continue
        drop(table.shadows, text)
        put(table.shadows, key, after)
      }
      for (const edit of all()) {
        if (edit.entity !== entity) continue
        const after = { ...edit, key: newKey(edit.key), set: newImage(edit.set), was: newImage(edit.was) }
        if (keyText(after.key) !== keyText(edit.key) || after.set !== edit.set || after.was !== edit.was) replace(after)
      }
      return count
    },
    stage: async (part) => set('staged', [...state.staged, part]),
    stagedEntities: async () => {
      const full = new Map<string, boolean>()
      for (const part of state.staged) full.set(part.entity, part.full || full.get(part.entity) === true)
      return [...full].map(([entity, isFull]) => ({ entity, full: isFull }))
    },
    unstage: async () => {
      if (state.staged.length > 0) set('staged', [])
    },
    applyStaged: async (entity, full) =>
      applyStaged(
        modelOf(entity),
        tableOf(entity),
        changes,
        state.staged.filter((part) => part.entity === entity),
        full,
      ),
    putRecord: async (kind, record) => put(state.records[kind], record.id, record.body),
    records: async (kind) => [...state.records[kind]].map(([id, body]) => ({ id, body })),
    removeRecord: async (kind, id) => drop(state.records[kind], id),
  }
}

async function applyStaged(
  model: EntityModel,
  { rows, shadows }: MemoryTable,
  { put, drop }: Changes,
  parts: readonly StagedPart[],
  full: boolean,
): ReturnType<SyncTransaction['applyStaged']> {
  const edited = new Map<string, Image | null>()
  if (full) {
    for (const text of [...rows.keys()]) if (!shadows.has(text)) drop(rows, text)
    for (const text of shadows.keys()) edited.set(text, null)
  }
  let count = 0
  for (const part of parts) {
    const ids = model.columns.map(({ id }) => ({ id, place: part.attributes.indexOf(id) }))
    for (const fields of parseCopyText(part.rows)) {
      count += 1
      const image: Record<string, string | null> = {}
      for (const { id, place } of ids) image[id] = fields[place] ?? null
      const text = keyText(keyOfImage(model, image))
      if (shadows.has(text)) edited.set(text, image)
      else put(rows, text, image)
    }
    for (const key of part.deleted) {
      count += 1
      const text = keyText(key)
      if (shadows.has(text)) edited.set(text, null)
      else drop(rows, text)
    }
  }
  return { rows: count, edited: [...edited].map(([text, image]) => ({ key: JSON.parse(text) as Key, image })) }
}
