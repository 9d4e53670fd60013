/** What an app does on a device: one operation of the script through the device's own API. */
import type { DeviceTransaction, Row, Value } from '../../contract/api'
import type { AttributeContract, Bundle, EntityContract } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'
import { attributeName } from './rows'
import type { LocalOperation } from './script'
import { KEY_POOL } from './server-writes'
import { makeValue } from './values'

/** Answers whether there was something to do; rejects where the device refuses it. */
export async function operate(
  tx: DeviceTransaction,
  bundle: Bundle,
  operation: LocalOperation,
  sql: boolean,
): Promise<boolean> {
  const entity = bundle.entities.find(({ id }) => id === operation.entity)
  const actions = entity && tx.entities[entity.name]
  if (!actions) return false
  if (operation.op === 'create') {
    const values = await newRow(tx, bundle, entity, operation.n, operation.pick)
    if (values === null) return false
    await actions.create(values)
    return true
  }
  const rows = await actions.list()
  const row = rows[operation.pick % Math.max(1, rows.length)]
  if (!row) return false
  const key = Object.fromEntries(
    entity.key.map((id) => [attributeName(entity, id), row[attributeName(entity, id)] ?? null]),
  )
  if (operation.op === 'delete') return actions.delete(key)
  const changes = await newValues(tx, bundle, entity, row, operation.n, operation.pick)
  const names = Object.keys(changes)
  if (names.length === 0) return false
  // Plain SQL writes names of contents, and has none to give.
  if (!sql || Object.values(changes).some((value) => value instanceof Uint8Array)) {
    await actions.update(key, changes)
    return true
  }
  const keyNames = Object.keys(key)
  await tx.query(
    `update ${quoteName(entity.table)} set ${names.map((name, index) => `${quoteName(name)} = $${index + 1}`).join(', ')} where ${keyNames.map((name, index) => `${quoteName(name)} = $${names.length + index + 1}`).join(' and ')}`,
    [...Object.values(changes), ...Object.values(key)],
  )
  return true
}

/** Null where the row would need a parent and there is none. */
async function newRow(
  tx: DeviceTransaction,
  bundle: Bundle,
  entity: EntityContract,
  n: number,
  pick: number,
): Promise<{ [name: string]: Value } | null> {
  const values: { [name: string]: Value } = {}
  const referring = new Set(entity.references.flatMap(({ attributes }) => attributes))
  for (const [index, reference] of entity.references.entries()) {
    const parent = await someParent(tx, bundle, reference.entity, pick + index)
    for (const [place, id] of reference.attributes.entries()) {
      const attribute = attributeOf(entity, id)
      if (!parent && !mayBeEmpty(attribute)) return null
      if (!parent || attribute.readOnly) continue
      const value = parent.row[attributeName(parent.entity, reference.referencedAttributes[place] ?? '')] ?? null
      if (value === null && !mayBeEmpty(attribute)) return null
      values[attribute.name] = value
    }
  }
  for (const attribute of entity.attributes) {
    const isKey = entity.key.includes(attribute.id)
    if (attribute.readOnly || referring.has(attribute.id) || (isKey && entity.keyStrategy !== 'natural')) continue
    if (attribute.default !== null && n % 3 === 0) continue
    if (mayBeEmpty(attribute) && (n + attribute.name.length) % 7 === 0) continue
    const isUnique = entity.uniques.some((set) => set.includes(attribute.id))
    const made = makeValueOf(attribute, isKey || (isUnique && n % 3 === 0) ? pick % KEY_POOL : n, bundle)
    if (made) values[attribute.name] = made.value
    else if (!mayBeEmpty(attribute) && attribute.default === null) return null
  }
  return values
}

async function newValues(
  tx: DeviceTransaction,
  bundle: Bundle,
  entity: EntityContract,
  row: Row,
  n: number,
  pick: number,
): Promise<{ [name: string]: Value }> {
  const writable = entity.attributes.filter(({ id, readOnly }) => !readOnly && !entity.key.includes(id))
  if (writable.length === 0) return {}
  const chosen = new Set([writable[n % writable.length], writable[(n % 3 === 0 ? n * 7 + 3 : n) % writable.length]])
  const changes: { [name: string]: Value } = {}
  for (const attribute of chosen) {
    if (!attribute) continue
    const value = await newValue(tx, bundle, entity, attribute, row, n, pick)
    if (value !== undefined) changes[attribute.name] = value
  }
  return changes
}

async function newValue(
  tx: DeviceTransaction,
  bundle: Bundle,
  entity: EntityContract,
  attribute: AttributeContract,
  row: Row,
  n: number,
  pick: number,
): Promise<Value | undefined> {
  const reference = entity.references.find(({ attributes }) => attributes.includes(attribute.id))
  if (reference) {
    if (reference.attributes.length > 1) return undefined
    const parent = await someParent(tx, bundle, reference.entity, pick + 1)
    return parent?.row[attributeName(parent.entity, reference.referencedAttributes[0] ?? '')] ?? undefined
  }
  const policy = entity.pattern.kind === 'merge' ? (entity.pattern.policies[attribute.id] ?? 'latest') : 'latest'
  const current = row[attribute.name] ?? null
  if (policy === 'counter') return Number(current ?? 0) + ((n % 9) - 3)
  const isUnique = entity.uniques.some((set) => set.includes(attribute.id))
  const made = makeValueOf(attribute, isUnique && n % 3 === 0 ? pick % KEY_POOL : n, bundle)
  if (!made) return undefined
  if (policy === 'set' && Array.isArray(made.value)) {
    const elements = Array.isArray(current) ? current : []
    return n % 4 === 0 ? elements.slice(1) : [...elements, ...made.value]
  }
  return mayBeEmpty(attribute) && n % 11 === 0 ? null : made.value
}

/** Of a file, its content. */
function makeValueOf(
  { type, file }: AttributeContract,
  n: number,
  { types }: Bundle,
): { readonly value: Value } | null {
  const made = makeValue(type, n, types)
  return made && file !== undefined ? { value: new TextEncoder().encode(String(made.value)) } : made
}

const mayBeEmpty = ({ nullable, required }: AttributeContract): boolean => nullable && required !== true

async function someParent(
  tx: DeviceTransaction,
  bundle: Bundle,
  entityId: string,
  pick: number,
): Promise<{ readonly entity: EntityContract; readonly row: Row } | null> {
  const entity = bundle.entities.find(({ id }) => id === entityId)
  const rows = entity ? await tx.entities[entity.name]?.list() : undefined
  const row = rows?.[pick % Math.max(1, rows.length)]
  return entity && row ? { entity, row } : null
}

function attributeOf(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((one) => one.id === id)
  if (!attribute) throw new Error(`${entity.name} has no attribute ${id}.`)
  return attribute
}
