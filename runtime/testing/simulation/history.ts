/** The server's own past, row by row, as the simulation's triggers saw it. */
import { nameOf } from '../../client/files/file-names'
import type { AttributeContract, Bundle, EntityContract } from '../../contract/bundle'
import { isStored } from '../../contract/storage'
import { attributeName, textOf } from './rows'
import type { HistoryEntry } from './server-ground'

export interface RowVersion {
  readonly seq: number
  readonly author: string
  readonly transaction: string
  /** Comparable texts by attribute name; null where the row was deleted. */
  readonly row: Comparable | null
}

export type Comparable = { readonly [attribute: string]: string | null }

export interface History {
  readonly add: (entries: readonly HistoryEntry[]) => void
  /** Oldest first. */
  readonly versions: (entity: EntityContract, key: string) => readonly RowVersion[]
  readonly rows: (entity: EntityContract) => ReadonlyMap<string, readonly RowVersion[]>
  /** What else the transaction wrote. */
  readonly ofTransaction: (transaction: string) => readonly WrittenRow[]
  readonly size: () => number
}

export interface WrittenRow {
  readonly entity: EntityContract
  readonly key: string
  /** Place of its last version of the transaction in the row's versions. */
  readonly index: number
}

export function createHistory(bundle: Bundle): History {
  const entitiesOf = new Map<string, EntityContract[]>()
  for (const entity of bundle.entities) {
    const name = `${entity.server.schema}.${entity.server.table}`
    entitiesOf.set(name, [...(entitiesOf.get(name) ?? []), entity])
  }
  const rows = new Map<string, Map<string, RowVersion[]>>(bundle.entities.map(({ id }) => [id, new Map()]))
  const transactions = new Map<string, Map<string, WrittenRow>>()
  let size = 0

  const append = (entity: EntityContract, key: string, version: RowVersion) => {
    const ofEntity = rows.get(entity.id)
    const versions = ofEntity?.get(key) ?? []
    versions.push(version)
    ofEntity?.set(key, versions)
    const written = transactions.get(version.transaction) ?? new Map<string, WrittenRow>()
    written.set(`${entity.id} ${key}`, { entity, key, index: versions.length - 1 })
    transactions.set(version.transaction, written)
  }

  return {
    add: (entries) => {
      for (const entry of entries) {
        size += 1
        for (const entity of entitiesOf.get(`${entry.schema}.${entry.table}`) ?? []) {
          const about = { seq: entry.seq, author: entry.author, transaction: entry.transaction }
          const was = entry.old && comparableRow(entity, entry.old)
          const is = entry.new && comparableRow(entity, entry.new)
          const oldKey = was && comparableKey(entity, was)
          const newKey = is && comparableKey(entity, is)
          if (oldKey && oldKey !== newKey) append(entity, oldKey, { ...about, row: null })
          if (newKey) append(entity, newKey, { ...about, row: is })
        }
      }
    },
    versions: (entity, key) => rows.get(entity.id)?.get(key) ?? [],
    rows: (entity) => rows.get(entity.id) ?? new Map(),
    ofTransaction: (transaction) => [...(transactions.get(transaction)?.values() ?? [])],
    size: () => size,
  }
}

function comparableRow(entity: EntityContract, image: NonNullable<HistoryEntry['new']>): Comparable {
  return Object.fromEntries(
    entity.attributes
      .filter(isStored)
      .map((attribute) => [
        attribute.name,
        comparable(attribute, syncedText(attribute, jsonText(image[attribute.column]))),
      ]),
  )
}

/** A row of the device or of a query, in the same texts: its own columns, which a history of the table has. */
export function comparableOf(entity: EntityContract, row: { readonly [name: string]: unknown }): Comparable {
  return comparableWhole({ ...entity, attributes: entity.attributes.filter(isStored) }, row)
}

/** With what is derived, which changes with other tables' rows. */
export function comparableWhole(entity: EntityContract, row: { readonly [name: string]: unknown }): Comparable {
  return Object.fromEntries(
    entity.attributes.map((attribute) => [attribute.name, comparable(attribute, textOf(row[attribute.name]))]),
  )
}

export function comparableKey(entity: EntityContract, row: Comparable): string {
  return JSON.stringify(entity.key.map((id) => row[attributeName(entity, id)] ?? null))
}

/** What is synced of a column's text: of a file its name. */
function syncedText({ file }: AttributeContract, text: string | null): string | null {
  if (text === null || file === undefined) return text
  return nameOf(file === 'text' ? new TextEncoder().encode(text) : Uint8Array.from(Buffer.from(text.slice(2), 'hex')))
}

const jsonText = (value: unknown): string | null => textOf(value)

/** JSON and the API write numbers and times differently: texts that mean the same become the same. */
export function comparable({ type }: AttributeContract, text: string | null): string | null {
  if (text === null) return null
  if (/^(numeric|decimal|real|double)/.test(type)) return text === 'NaN' ? text : String(Number(text))
  if (/^timestamp/.test(type)) return text.replace('T', ' ').replace(/\+00:00$/, '+00')
  if (/^boolean/.test(type)) return text === 't' ? 'true' : text === 'f' ? 'false' : text
  return text
}

/** Whether two comparable rows are equal in every attribute. */
export function sameRow(a: Comparable, b: Comparable): boolean {
  return Object.keys(a).every((name) => a[name] === b[name])
}
