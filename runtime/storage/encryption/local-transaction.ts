/** The app's own statements over sealed columns: entity actions seal what they write, and whatever is read is opened. */
import type {
  Bundle,
  EntityContract,
  Input,
  JsonValue,
  ListOptions,
  LocalTransaction,
  Row,
  Value,
} from '../../contract'
import { type ColumnType, columnTypeOf } from '../column-type/column-type'
import { isSealed, type ValueCipher } from './value-cipher'

export function sealLocalTransaction(tx: LocalTransaction, bundle: Bundle, cipher: ValueCipher): LocalTransaction {
  // Their columns hold text, so the store can't convert their values; here it is done as for every other column.
  const typeOf: TypeOf = (type) => columnTypeOf({ type, sensitive: false }, bundle.types)
  const openRow = async (row: Row): Promise<Row> => {
    const entries = Object.entries(row).map(
      async ([name, value]) => [name, await openValue(typeOf, cipher, value)] as const,
    )
    return Object.fromEntries(await Promise.all(entries))
  }
  const openIfAny = (row: Row | null) => (row === null ? null : openRow(row))

  /** `current` is the row as the store has it: what does not change keeps its sealed text. */
  const sealInput = async (entity: EntityContract, values: Input, current: Row | null): Promise<Input> => {
    const sealed: Record<string, Input[string]> = { ...values }
    for (const { name, type } of sensitiveAttributes(entity)) {
      const value = values[name]
      if (value === undefined) continue
      const text = inputText(entity, name, typeOf(type), value)
      const before = current?.[name]
      const known = typeof before === 'string' ? await cipher.open(before) : null
      if (text === null) sealed[name] = null
      else if (known?.text === text && known.type === type) sealed[name] = before
      else sealed[name] = await cipher.seal(type, text)
    }
    return sealed
  }

  return {
    query: async (text, params) => Promise.all((await tx.query(text, params)).map(openRow)),
    create: async (entity, values) => openRow(await tx.create(entity, await sealInput(entity, values, null))),
    update: async (entity, key, changes) => {
      const writesSensitive = sensitiveAttributes(entity).some(({ name }) => changes[name] !== undefined)
      const current = writesSensitive ? await tx.get(entity, key) : null
      if (writesSensitive && current === null) return null
      return openIfAny(await tx.update(entity, key, await sealInput(entity, changes, current)))
    },
    remove: (entity, key) => tx.remove(entity, key),
    get: async (entity, key) => openIfAny(await tx.get(entity, key)),
    list: async (entity, options) => {
      refuseSearching(entity, options)
      return Promise.all((await tx.list(entity, options)).map(openRow))
    },
  }
}

type TypeOf = (type: string) => ColumnType

function inputText(entity: EntityContract, name: string, type: ColumnType, value: unknown): string | null {
  try {
    return type.input(value)
  } catch (error) {
    throw new Error(`${entity.name}.${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const sensitiveAttributes = (entity: EntityContract) => entity.attributes.filter(({ sensitive }) => sensitive)

/** Null can be asked for: it is not sealed. */
function refuseSearching(entity: EntityContract, { where = {}, orderBy }: ListOptions): void {
  const ordered = typeof orderBy === 'string' ? orderBy : orderBy?.[0]
  for (const { name } of sensitiveAttributes(entity)) {
    if (where[name] !== undefined && where[name] !== null) throw new Error(cannot(entity, name, 'compare'))
    if (ordered === name) throw new Error(cannot(entity, name, 'sort by'))
  }
}

const cannot = (entity: EntityContract, name: string, what: string) =>
  `${entity.name}.${name} is sensitive: the device keeps it encrypted, so the database can't ${what} it. List without it, and filter or sort the rows that come back.`

/** A sealed value may also lie inside of an array or a JSON value that a query has built. */
async function openValue(typeOf: TypeOf, cipher: ValueCipher, value: Value): Promise<Value> {
  if (typeof value === 'string') {
    const opened = isSealed(value) ? await cipher.open(value) : null
    // What this key did not seal is somebody's own text that happens to begin alike.
    return opened === null ? value : typeOf(opened.type).value(opened.text)
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return Promise.all(value.map((element: Value) => openValue(typeOf, cipher, element)))
  const entries = Object.entries(value).map(
    async ([name, inner]) => [name, await openValue(typeOf, cipher, inner)] as const,
  )
  return Object.fromEntries(await Promise.all(entries)) as JsonValue
}
