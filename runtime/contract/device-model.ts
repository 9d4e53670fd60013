/**
 * What a device's tables are, said once for every kind of storage: which columns may be null, what stands in a new row,
 * what refers to what, and which local writes are refused.
 */
import type { AttributeContract, Bundle, EntityContract, ReferenceContract, ReferentialAction } from './bundle'
import { isReadOnly, keepsReferredRows } from './device-schema-sql'

/** What stands in a column of a new row to which nothing was given. */
export type DeviceDefault =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'now' }
  | { readonly kind: 'today' }
  | { readonly kind: 'uuid' }
  /** A key that stands in until the server makes the real one: negative, above `-bound - 1`. */
  | { readonly kind: 'temporary-key'; readonly bound: number }

const LITERAL = /^(?:'((?:[^']|'')*)'|\(?(-?\d+(?:\.\d+)?)\)?|(true|false))(?:::.*)?$/is

/**
 * The default of a column on a device, null where there is none. A sensitive attribute has none: what the database
 * writes by itself is not encrypted.
 */
export function deviceDefault(entity: EntityContract, attribute: AttributeContract): DeviceDefault | null {
  if (attribute.sensitive) return null
  if (entity.key.includes(attribute.id)) {
    if (entity.keyStrategy === 'server') {
      return { kind: 'temporary-key', bound: attribute.type === 'smallint' ? 32_767 : 2_147_483_647 }
    }
    if (entity.keyStrategy === 'device-uuid' && attribute.type === 'uuid') return { kind: 'uuid' }
  }
  const expression = attribute.default?.trim() ?? ''
  if (/^(now\(\)|current_timestamp|transaction_timestamp\(\))$/i.test(expression)) return { kind: 'now' }
  if (/^current_date$/i.test(expression)) return { kind: 'today' }
  if (/^(gen_random_uuid|uuid_generate_v4)\(\)$/i.test(expression)) return { kind: 'uuid' }
  const literal = LITERAL.exec(expression)
  if (!literal) return null
  const text = literal[1]?.replaceAll("''", "'") ?? literal[2] ?? literal[3]?.toLowerCase()
  return text === undefined ? null : { kind: 'text', text }
}

/** Where a default can't act on the device, null stands in until the server has answered. */
export function isNullable(entity: EntityContract, attribute: AttributeContract): boolean {
  if (attribute.nullable) return true
  return attribute.default !== null && deviceDefault(entity, attribute) === null && !entity.key.includes(attribute.id)
}

export interface DeviceReference {
  readonly attributes: readonly string[]
  readonly target: EntityContract
  /** In the order of `attributes`; all of the target's key. */
  readonly referencedAttributes: readonly string[]
  readonly onDelete: ReferentialAction
}

/**
 * The references that the device keeps whole: those to the key of an entity whose rows stay here. The children of an
 * aggregate go with their parent, whatever the server's reference says.
 */
export function deviceReferences(bundle: Pick<Bundle, 'entities'>, entity: EntityContract): DeviceReference[] {
  // Rows that are only sent are let go of as soon as the server has them: they hold on to nothing, and nothing to them.
  if (entity.pattern.kind === 'append-only') return []
  return entity.references.flatMap((reference) => {
    const target = bundle.entities.find(({ id }) => id === reference.entity)
    if (!target || !keepsReferredRows(target) || !refersToKey(reference, target)) return []
    const belongs = target.pattern.kind === 'one-to-many' && target.pattern.children.includes(entity.id)
    return [{ ...reference, target, onDelete: belongs ? 'cascade' : reference.onDelete }]
  })
}

function refersToKey({ referencedAttributes }: ReferenceContract, { key }: EntityContract): boolean {
  return referencedAttributes.length === key.length && key.every((id) => referencedAttributes.includes(id))
}

/** Why the device refuses such a local write; null where it takes it. */
export function writeRefusal(entity: EntityContract, op: 'create' | 'update' | 'delete'): string | null {
  if (isReadOnly(entity)) {
    return `${entity.table} is read-only on this device: its sync pattern brings the server's rows and sends nothing back.`
  }
  if (entity.pattern.kind === 'append-only' && op !== 'create') {
    return `${entity.table} is append-only: a row that was created is sent as it is and leaves this device. Create another row instead.`
  }
  return null
}

export function attributeOf(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new Error(`The bundle is broken: entity ${entity.name} has no attribute ${id}.`)
  return attribute
}
