/**
 * The app's own statements on a device in memory: each is done whole or not at all, checked as PostgreSQL checks it, and
 * captured as the triggers of the SQL stores capture it (C1).
 *
 * Invariants
 * - References are looked at when the statement ends, so that what goes together may go in any order.
 * - Every change of a row goes through `change`, which captures it: those that a reference causes, too.
 */
import {
  type AttributeContract,
  capturesBase,
  capturesWholeRow,
  type EntityContract,
  type Image,
  type Input,
  isStored,
  type Key,
  keyText,
  type ListOptions,
  type LocalTransaction,
  type Row,
} from '../../contract'
import { type DeviceReference, writeRefusal } from '../../contract/device-model'
import {
  emptyRefusal,
  requiredAttributes,
  unwritableAttributes,
  valuesByItself,
  writtenRefusal,
} from '../../contract/guarded-attributes'
import { uuidFromBytes } from '../../core/uuid'
import { assertUnwritten } from '../assert-unwritten'
import { formatInstant } from '../default-values'
import {
  type Column,
  columnNamed,
  type EntityModel,
  imageRow,
  inputImage,
  inputKey,
  inputText,
  keyOfImage,
} from '../entity-model'
import { StoreRefusal } from '../store-refusal'
import type { Changes, MemoryState } from './memory-disk'
import type { MemoryOutbox } from './outbox'

export interface LocalContext {
  readonly state: MemoryState
  readonly changes: Changes
  readonly outbox: MemoryOutbox
  readonly models: ReadonlyMap<string, EntityModel>
  readonly randomBytes: (length: number) => Uint8Array
  /** Runs one statement; undoes what it did where it throws. */
  readonly statement: <T>(fn: () => T) => T
}

export interface MemoryLocal {
  readonly transaction: LocalTransaction
  /** To be called when a transaction begins, with the app's time. */
  readonly begin: (atMs: number) => void
}

export function memoryLocal(context: LocalContext): MemoryLocal {
  const { state, changes, outbox, models, randomBytes, statement } = context
  let nowMs = 0
  let transaction: string | null = null

  const modelOf = (entity: EntityContract): EntityModel => {
    const model = models.get(entity.id)
    if (!model) throw new Error(`There is no entity ${entity.name} on this device.`)
    return model
  }
  const rowsOf = (model: EntityModel): Map<string, Image> => {
    const table = state.tables.get(model.entity.id)
    if (!table) throw new Error(`There is no table ${model.entity.table} on this device.`)
    return table.rows
  }

  const capture = (model: EntityModel, op: 'create' | 'update' | 'delete', key: Key, set: Image, was: Image) => {
    transaction ??= outbox.newTransaction()
    const base = state.cursors.get(model.entity.id) ?? null
    outbox.append({ entity: model.entity.id, key, op, set, was, base, at: nowMs, resolves: null }, transaction)
  }
  const shade = (model: EntityModel, key: string, image: Image | null) => {
    const shadows = state.tables.get(model.entity.id)?.shadows
    if (shadows && !shadows.has(key)) changes.put(shadows, key, image)
  }

  /** Writes the row and captures the change; `checks` collects what is to be looked at when the statement ends. */
  const change = (model: EntityModel, before: Image | null, after: Image | null, checks: (() => void)[]): void => {
    const { entity } = model
    const rows = rowsOf(model)
    const oldKey = before && keyOfImage(model, before)
    const newKey = after && keyOfImage(model, after)
    const oldText = oldKey && keyText(oldKey)
    const newText = newKey && keyText(newKey)
    const isSameRow = oldText === newText
    if (after && newKey && newText !== null && newText !== undefined) {
      refuse(entity, before === null ? 'create' : 'update')
      requireValues(model, before, after, state.tables.get(entity.id)?.lenient ?? new Set())
      if (!isSameRow && rows.has(newText)) {
        throw new StoreRefusal(
          '23505',
          `${entity.table} has a row with the key ${newText} already. Give another key, or update that row.`,
        )
      }
    } else refuse(entity, 'delete')

    if (before && after && isSameRow && newKey && newText) {
      const changed = model.writable.filter(({ id }) => (before[id] ?? null) !== (after[id] ?? null))
      changes.put(rows, newText, after)
      if (changed.length === 0) return
      const written = capturesWholeRow(entity) ? model.writable : changed
      shade(model, newText, before)
      capture(
        model,
        'update',
        newKey,
        pick(after, written),
        capturesBase(entity) ? stored(model, before) : pick(before, written),
      )
    } else {
      if (before && oldKey && oldText) {
        changes.drop(rows, oldText)
        shade(model, oldText, before)
        capture(model, 'delete', oldKey, {}, capturesBase(entity) ? stored(model, before) : {})
      }
      if (after && newKey && newText) {
        changes.put(rows, newText, after)
        shade(model, newText, null)
        // A null that no default of the device stands behind is left out, so that the server's default can act.
        const told = model.writable.filter((column) => after[column.id] != null || column.default !== null)
        capture(model, 'create', newKey, pick(after, told), {})
      }
    }
    if (after) checks.push(...outgoing(model, before, after))
    if (before && oldKey && !isSameRow) followReferences(model, oldKey, after === null, checks)
  }

  /** Rows that the row refers to must be there; PostgreSQL looks only where a reference was written. */
  const outgoing = (model: EntityModel, before: Image | null, after: Image): (() => void)[] =>
    model.references
      .filter(({ attributes }) => before === null || attributes.some((id) => before[id] !== after[id]))
      .map((reference) => () => {
        const key = referredKey(reference, after)
        const target = models.get(reference.target.id)
        // The row may have gone meanwhile, by another reference.
        if (key === null || !target || !rowsOf(model).has(keyText(keyOfImage(model, after)))) return
        if (rowsOf(target).has(keyText(key))) return
        throw new StoreRefusal(
          '23503',
          `The row of ${model.entity.table} refers to a row of ${reference.target.table} that is not on this device: ${keyText(key)}.`,
        )
      })

  /** What becomes of rows that refer to one that is gone. */
  const followReferences = (target: EntityModel, key: Key, isDelete: boolean, checks: (() => void)[]): void => {
    for (const model of models.values()) {
      for (const reference of model.references) {
        if (reference.target.id !== target.entity.id) continue
        const action = isDelete ? reference.onDelete : 'no-action'
        const referring = () =>
          [...rowsOf(model).values()].filter((row) => {
            const referred = referredKey(reference, row)
            return referred !== null && keyText(referred) === keyText(key)
          })
        const complain = () => {
          if (referring().length === 0 || rowsOf(target).has(keyText(key))) return
          throw new StoreRefusal(
            '23503',
            `Rows of ${model.entity.table} still refer to the row of ${target.entity.table} with the key ${keyText(key)}. Delete them, or let them refer to another row first.`,
          )
        }
        if (action === 'restrict') complain()
        else if (action === 'no-action') checks.push(complain)
        else for (const row of referring()) change(model, row, afterAction(model, reference, action, row), checks)
      }
    }
  }

  const afterAction = (
    model: EntityModel,
    reference: DeviceReference,
    action: 'cascade' | 'set-null' | 'set-default',
    row: Image,
  ) => {
    if (action === 'cascade') return null
    const columns = model.columns.filter(({ id }) => reference.attributes.includes(id))
    const values = columns.map((column) => [column.id, action === 'set-null' ? null : defaultText(column)] as const)
    return { ...row, ...Object.fromEntries(values) }
  }

  const defaultText = (column: Column): string | null => {
    switch (column.default?.kind) {
      case undefined:
        return null
      case 'text':
        return column.type.canonical(column.default.text)
      case 'now':
        return column.type.canonical(formatInstant(nowMs))
      case 'today':
        return column.type.canonical(formatInstant(nowMs).slice(0, 10))
      case 'uuid':
        return uuidFromBytes(randomBytes(16))
      case 'temporary-key':
        changes.set('lastKey', state.lastKey + 1)
        return String(-1 - (state.lastKey % column.default.bound))
    }
  }

  /** One statement that changes rows: all checks pass, or nothing happened. */
  const apply = (model: EntityModel, before: Image | null, after: Image | null): void =>
    statement(() => {
      const checks: (() => void)[] = []
      change(model, before, after, checks)
      for (let index = 0; index < checks.length; index += 1) checks[index]?.()
    })
  const find = (model: EntityModel, key: readonly unknown[]) => rowsOf(model).get(keyText(inputKey(model, key)))

  const local: LocalTransaction = {
    query: async () => {
      throw new Error(
        'A device in memory has no SQL. Use the entity actions, or open the device with openSqlite or openPGlite.',
      )
    },
    create: async (entity: EntityContract, values: Input): Promise<Row> => {
      assertUnwritten(entity, values)
      const model = modelOf(entity)
      const given = inputImage(model, values)
      const image = Object.fromEntries(
        model.columns.map((column) => [
          column.id,
          column.id in given ? (given[column.id] ?? null) : defaultText(column),
        ]),
      )
      apply(model, null, image)
      return imageRow(model, image)
    },
    update: async (entity, key, values) => {
      const model = modelOf(entity)
      const given = inputImage(model, values)
      const before = find(model, key)
      if (!before) return null
      const after = { ...before, ...given }
      if (Object.keys(given).length > 0) apply(model, before, after)
      return imageRow(model, after)
    },
    remove: async (entity, key) => {
      const model = modelOf(entity)
      const before = find(model, key)
      if (before) apply(model, before, null)
      return before !== undefined
    },
    get: async (entity, key) => {
      const model = modelOf(entity)
      const found = find(model, key)
      return found ? imageRow(model, found) : null
    },
    list: async (entity, options) => {
      const model = modelOf(entity)
      return listRows(model, [...rowsOf(model).values()], options).map((image) => imageRow(model, image))
    },
  }
  return {
    transaction: local,
    begin: (atMs) => {
      nowMs = atMs
      transaction = null
    },
  }
}

function listRows(
  model: EntityModel,
  rows: readonly Image[],
  { where = {}, orderBy, limit, offset = 0 }: ListOptions,
): Image[] {
  const conditions = Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const column = columnNamed(model, name)
      return { column, wanted: inputText(model, column, value) }
    })
  const found = rows.filter((row) =>
    conditions.every(({ column, wanted }) => {
      const text = row[column.id] ?? null
      return text === wanted || (text !== null && wanted !== null && column.type.compare(text, wanted) === 0)
    }),
  )
  const [name, direction] = typeof orderBy === 'string' ? [orderBy, 'asc'] : (orderBy ?? [])
  const first = name === undefined ? [] : [{ column: columnNamed(model, name), sign: direction === 'desc' ? -1 : 1 }]
  const order = [...first, ...model.key.map((column) => ({ column, sign: 1 }))]
  found.sort((a, b) => {
    for (const { column, sign } of order) {
      const difference = compareValues(column, a[column.id] ?? null, b[column.id] ?? null)
      if (difference !== 0) return sign * difference
    }
    return 0
  })
  return found.slice(offset, limit === undefined ? undefined : offset + limit)
}

/** Null counts as above all, as in PostgreSQL. */
function compareValues({ type }: Column, left: string | null, right: string | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
  return type.compare(left, right)
}

function refuse(entity: EntityContract, op: 'create' | 'update' | 'delete'): void {
  const refusal = writeRefusal(entity, op)
  if (refusal !== null) throw new Error(refusal)
}

function requireValues(model: EntityModel, before: Image | null, image: Image, lenient: ReadonlySet<string>): void {
  const missing = model.columns.find(
    ({ id, nullable }) => !nullable && !lenient.has(id) && (image[id] ?? null) === null,
  )
  if (missing) throw new StoreRefusal('23502', `${model.entity.name}.${missing.name} must have a value. Give one.`)
  const emptied = requiredAttributes(model.entity).find(
    ({ id }) => (image[id] ?? null) === null && (before === null || (before[id] ?? null) !== null),
  )
  if (emptied) throw new Error(emptyRefusal(model.entity, emptied))
  const written = unwritableAttributes(model.entity).find(
    (attribute) => !standsByItself(model, attribute, before, image),
  )
  if (written) throw new Error(writtenRefusal(model.entity, written))
}

function standsByItself(model: EntityModel, attribute: AttributeContract, before: Image | null, image: Image): boolean {
  const value = image[attribute.id] ?? null
  if (before !== null && value === (before[attribute.id] ?? null)) return true
  const { type, default: standing = null } = model.columns.find(({ id }) => id === attribute.id) ?? {}
  const kind = standing === null ? 'none' : standing.kind === 'text' ? 'constant' : 'computed'
  const own = valuesByItself(model.entity, attribute, before === null ? 'insert' : 'update', kind)
  const constant = standing?.kind === 'text' ? type?.canonical(standing.text) : null
  return own === null || own.some((one) => value === (one === 'null' ? null : constant))
}

function stored({ columns }: EntityModel, image: Image): Image {
  return pick(
    image,
    columns.filter(({ attribute }) => isStored(attribute)),
  )
}

function pick(image: Image, columns: readonly Column[]): Image {
  const picked: Record<string, string | null> = {}
  for (const { id } of columns) picked[id] = image[id] ?? null
  return picked
}

/** The key that the row refers to, in the target's key order; null where a part of it is null. */
function referredKey({ attributes, referencedAttributes, target }: DeviceReference, row: Image): Key | null {
  const key: string[] = []
  for (const id of target.key) {
    const text = row[attributes[referencedAttributes.indexOf(id)] ?? '']
    if (text == null) return null
    key.push(text)
  }
  return key
}
