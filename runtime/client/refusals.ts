/**
 * Says what was wrong with a call of an entity action that the store refused, in the same words for every store.
 *
 *   call, bundle ─► what of it is no value of its type ─┐
 *   error of the store ─► PostgreSQL's code, or SQLite's words for it ─┴─► kind and message; the error itself is the cause
 *
 * It is a part that is loaded when something was refused: no call that goes well pays for it.
 *
 * Invariant: what is not the caller's fault (a disk that is full, a device that was closed) is not explained.
 */
import type {
  AttributeContract,
  Bundle,
  ConflictRecord,
  EntityContract,
  EntityErrorKind,
  Input,
  ListOptions,
} from '../contract'
import { deviceDefault, deviceReferences, isNullable, writeRefusal } from '../contract/device-model'
import { emptyRefusal, requiredAttributes, unwritableAttributes, writtenRefusal } from '../contract/guarded-attributes'
import { columnTypeOf } from '../storage/column-type/column-type'

/** What was asked for. Keys in key order; values by attribute name. */
export type EntityCall =
  | { readonly action: 'create'; readonly values: Input }
  | { readonly action: 'update'; readonly key: readonly unknown[]; readonly values: Input }
  | { readonly action: 'delete' | 'get'; readonly key: readonly unknown[] }
  | { readonly action: 'list'; readonly options: ListOptions }

export interface Explained {
  readonly kind: EntityErrorKind
  readonly message: string
}

/** Null where nothing is known to be wrong with the call: the error is about something else. */
export function explainRefusal(
  bundle: Bundle,
  entity: EntityContract,
  call: EntityCall,
  thrown: unknown,
): Explained | null {
  if (reasonCode(thrown) === 'over') return refusedAs(bundle, entity, call, thrown)
  return (
    guarded(entity, call, thrown) ??
    sensitiveListed(entity, call) ??
    badValue(bundle, entity, call) ??
    refusedAs(bundle, entity, call, thrown)
  )
}

/**
 * What of the values that a conflict shall be resolved with can't stand in its row, before the store is asked; null where
 * nothing is known to be wrong.
 */
export function badResolvingValues(
  bundle: Bundle,
  entity: EntityContract,
  conflict: Pick<ConflictRecord, 'key' | 'local' | 'server'>,
  values: Input,
): Explained | null {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const attributeOf = (name: string) => entity.attributes.find((attribute) => attribute.name === name)
  const settable = entity.attributes.filter(({ id, readOnly }) => !readOnly && !entity.key.includes(id))
  const canSet = `It can set: ${settable.map(({ name }) => name).join(', ')}.`
  for (const [name, value] of given) {
    const attribute = attributeOf(name)
    const cannot = `A resolution can't set ${name} of ${entity.name}`
    if (!attribute) return { kind: 'unknown-attribute', message: `${cannot}: it has no such attribute. ${canSet}` }
    if (entity.key.includes(attribute.id))
      return { kind: 'bad-key', message: `${cannot}: the key of the row stays what it is. ${canSet}` }
    if (attribute.readOnly) return { kind: 'read-only', message: writtenRefusal(entity, attribute) }
    if (value === null && requiredAttributes(entity).includes(attribute))
      return { kind: 'bad-values', message: emptyRefusal(entity, attribute) }
  }
  // Where the row is gone on both sides, it is made of these values alone.
  const isGone = conflict.local === null && conflict.server === null
  const empty = isGone
    ? emptyOf(entity, { action: 'create', values: { ...conflict.key, ...values } })
    : emptyOf(entity, { action: 'update', key: [], values })
  if (empty !== undefined) return mustHaveValue(entity, empty)
  return badValue(bundle, entity, { action: 'update', key: [], values })
}

/** What the device's own guards have refused: their words are the same in every store, which may put its own around them. */
function guarded(entity: EntityContract, { action }: EntityCall, thrown: unknown): Explained | null {
  if (action === 'get' || action === 'list') return null
  const text = messageOf(thrown)
  const found = (kind: EntityErrorKind, message: string | null): Explained[] =>
    message !== null && text.includes(message) ? [{ kind, message }] : []
  const [first = null] = [
    ...found('read-only', writeRefusal(entity, action)),
    ...unwritableAttributes(entity).flatMap((one) => found('read-only', writtenRefusal(entity, one))),
    ...requiredAttributes(entity).flatMap((one) => found('bad-values', emptyRefusal(entity, one))),
  ]
  return first
}

function sensitiveListed(entity: EntityContract, call: EntityCall): Explained | null {
  if (call.action !== 'list') return null
  const { where = {}, orderBy } = call.options
  const ordered = typeof orderBy === 'string' ? orderBy : orderBy?.[0]
  const found = entity.attributes.find(({ name, sensitive }) => sensitive && (where[name] != null || ordered === name))
  if (!found) return null
  return {
    kind: 'bad-options',
    message: `${entity.name}.${found.name} is sensitive: the device keeps it encrypted, so it can't be ${ordered === found.name ? 'sorted' : 'searched'} by. List without it, and filter or sort the rows that come back.`,
  }
}

/** The first value that is none of its attribute's type. */
function badValue(bundle: Bundle, entity: EntityContract, call: EntityCall): Explained | null {
  const check = (attribute: AttributeContract | undefined, value: unknown, kind: EntityErrorKind): Explained[] => {
    // Of a file the store has the name alone.
    if (!attribute || attribute.file || value === null || value === undefined) return []
    try {
      columnTypeOf({ type: attribute.type, sensitive: false }, bundle.types).input(value)
      return []
    } catch (error) {
      return [{ kind, message: `${entity.name}.${attribute.name}: ${messageOf(error)}` }]
    }
  }
  const named = (values: Readonly<Record<string, unknown>>, kind: EntityErrorKind) =>
    entity.attributes.flatMap((attribute) => check(attribute, values[attribute.name], kind))
  const keyed = (key: readonly unknown[]) =>
    entity.key.flatMap((id, index) =>
      check(
        entity.attributes.find((attribute) => attribute.id === id),
        key[index],
        'bad-key',
      ),
    )
  const [first = null] =
    call.action === 'list'
      ? named(call.options.where ?? {}, 'bad-options')
      : [...('key' in call ? keyed(call.key) : []), ...('values' in call ? named(call.values, 'bad-values') : [])]
  return first
}

function refusedAs(bundle: Bundle, entity: EntityContract, call: EntityCall, thrown: unknown): Explained | null {
  const { name } = entity
  switch (reasonCode(thrown)) {
    case 'empty':
      return mustHaveValue(entity, emptyOf(entity, call) ?? '…')
    case 'duplicate':
      return {
        kind: 'duplicate-key',
        message: `${name} has a row with the key ${shownKey(entity, call)} already. Give another key, or update that row.`,
      }
    case 'reference':
      return { kind: 'broken-reference', message: brokenReference(bundle, entity, call) }
    case 'over':
      return {
        kind: 'rolled-back',
        message:
          'An earlier call of this transaction was refused, and PGlite does nothing more in it. Let the function of the transaction reject, and begin anew.',
      }
    case 'value':
      return {
        kind: call.action === 'list' ? 'bad-options' : 'values' in call ? 'bad-values' : 'bad-key',
        message: `The device's database refused what was given of ${name}: ${messageOf(thrown)}`,
      }
    case null:
      return null
  }
}

function mustHaveValue({ name }: EntityContract, attribute: string): Explained {
  return { kind: 'bad-values', message: `${name}.${attribute} must have a value. Give one.` }
}

/** The attribute that the row would lack. */
function emptyOf(entity: EntityContract, call: EntityCall): string | undefined {
  if (!('values' in call)) return undefined
  const { action, values } = call
  return entity.attributes.find((attribute) => {
    if (isNullable(entity, attribute)) return false
    const value = values[attribute.name]
    return value === null || (value === undefined && action === 'create' && deviceDefault(entity, attribute) === null)
  })?.name
}

/** The key that the row would have. */
function shownKey(entity: EntityContract, call: EntityCall): string {
  const parts = entity.key.map((id, index) => {
    const name = entity.attributes.find((attribute) => attribute.id === id)?.name ?? id
    const value = ('values' in call ? call.values[name] : undefined) ?? ('key' in call ? call.key[index] : undefined)
    return [name, shown(value)] as const
  })
  return parts.length === 1
    ? (parts[0]?.[1] ?? '')
    : `{ ${parts.map(([name, text]) => `${name}: ${text}`).join(', ')} }`
}

function brokenReference(bundle: Bundle, entity: EntityContract, call: EntityCall): string {
  const values = 'values' in call ? call.values : {}
  const nameOf = (id: string) => entity.attributes.find((attribute) => attribute.id === id)?.name ?? id
  const written = deviceReferences(bundle, entity).flatMap(({ attributes, target }) => {
    const names = attributes.map(nameOf)
    if (names.every((name) => values[name] == null)) return []
    return [`${names.join(', ')} (${names.map((name) => shown(values[name])).join(', ')}) to ${target.name}`]
  })
  if (written.length > 0)
    return `${entity.name} refers by ${written.join(', or by ')}, to a row that is not on this device. Create that row first, or sync so that it comes.`
  const referring = bundle.entities.filter((other) =>
    deviceReferences(bundle, other).some(
      ({ target, onDelete }) => target.id === entity.id && (onDelete === 'no-action' || onDelete === 'restrict'),
    ),
  )
  return `Rows of ${referring.map(({ name }) => name).join(' or ')} refer to this row of ${entity.name}, so it has to stay as it is. Delete them, or let them refer to another row first.`
}

/** What kind of refusal it is: by PostgreSQL's code, or by what SQLite says in all of its builds. */
function reasonCode(thrown: unknown): 'empty' | 'duplicate' | 'reference' | 'over' | 'value' | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  const text = messageOf(thrown)
  if (code === '23502' || text.includes('NOT NULL constraint failed')) return 'empty'
  if (code === '23505' || text.includes('UNIQUE constraint failed')) return 'duplicate'
  if (code === '23503' || text.includes('FOREIGN KEY constraint failed')) return 'reference'
  if (code === '25P02') return 'over'
  // Data exceptions, what a constraint forbids, and what the types don't allow to be asked.
  return /^2[23]\w{3}$|^42\w{3}$/.test(code) || text.includes('CHECK constraint failed') ? 'value' : null
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
