/**
 * Create, update, delete, get and list for one entity: names and keys made sure of, and then the store's own.
 *
 * They are a convenience and nothing more: what they write is captured in the same way as what plain SQL writes (C1).
 */
import type { Bundle, EntityActions, EntityContract, Input, KeyInput, LocalTransaction } from '../contract'

/** Runs `fn` as a local transaction, or inside the one under way. `writes`: whether it changes anything. */
export type RunLocal = <T>(writes: boolean | 'perhaps', fn: (tx: LocalTransaction) => Promise<T>) => Promise<T>

export class EntityError extends Error {
  override readonly name = 'EntityError'
  constructor(
    readonly kind: 'not-found' | 'unknown-attribute' | 'bad-key' | 'unknown-entity',
    message: string,
  ) {
    super(message)
  }
}

/** The actions of every entity of the bundle, by accessor. */
export function entityActions(bundle: Bundle, run: RunLocal): Record<string, EntityActions> {
  return Object.fromEntries(bundle.entities.map((entity) => [entity.name, actionsOf(entity, run)]))
}

/** The entity with that accessor. */
export function entityOf(bundle: Bundle, accessor: string): EntityContract {
  const entity = bundle.entities.find(({ name }) => name === accessor)
  if (entity) return entity
  const names = bundle.entities.map(({ name }) => name).join(', ')
  throw new EntityError('unknown-entity', `There is no entity ${accessor}. The bundle has: ${names}.`)
}

/** The values of the attributes (by id), in their order, of a key as the API takes it. */
export function keyValues(entity: EntityContract, attributes: readonly string[], key: KeyInput): readonly unknown[] {
  const names = attributes.map((id) => entity.attributes.find((attribute) => attribute.id === id)?.name ?? id)
  if (names.length === 1 && !isRecord(key)) return [key]
  const parts = isRecord(key) ? names.map((name) => key[name]) : []
  if (parts.length === names.length && parts.every((part) => part !== undefined)) return parts
  throw new EntityError(
    'bad-key',
    `The key of ${entity.name} is { ${names.join(', ')} }; give an object with all of these.`,
  )
}

function actionsOf(entity: EntityContract, run: RunLocal): EntityActions {
  const names = entity.attributes.map((attribute) => attribute.name)
  const assertKnown = (name: string) => {
    if (names.includes(name)) return
    throw new EntityError('unknown-attribute', `${entity.name} has no attribute ${name}. It has: ${names.join(', ')}.`)
  }
  const given = (values: object): Input => {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined)
    for (const [name] of entries) assertKnown(name)
    return Object.fromEntries(entries) as Input
  }
  const keyOf = (key: KeyInput) => keyValues(entity, entity.key, key)

  return {
    create: async (values) => {
      const row = given(values)
      return run(true, (tx) => tx.create(entity, row))
    },
    update: async (key, changes) => {
      const [values, row] = [keyOf(key), given(changes)]
      return run(true, async (tx) => {
        const updated = await tx.update(entity, values, row)
        if (updated) return updated
        throw new EntityError(
          'not-found',
          `${entity.name} has no row with the key ${JSON.stringify(values.map(String))}. It may have been deleted; list the rows again.`,
        )
      })
    },
    delete: async (key) => {
      const values = keyOf(key)
      return run(true, (tx) => tx.remove(entity, values))
    },
    get: async (key) => {
      const values = keyOf(key)
      return run(false, (tx) => tx.get(entity, values))
    },
    list: async (options = {}) => {
      const { where = {}, orderBy, ...page } = options
      const conditions = given(where)
      if (orderBy !== undefined) assertKnown(typeof orderBy === 'string' ? orderBy : orderBy[0])
      const asked = { ...page, where: conditions, ...(orderBy !== undefined && { orderBy }) }
      return run(false, (tx) => tx.list(entity, asked as typeof options))
    },
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  )
}
