/**
 * Create, update, delete, get and list for one entity: names and keys made sure of, and then the store's own.
 *
 * They are a convenience and nothing more: what they write is captured in the same way as what plain SQL writes (C1).
 */
import type {
  Bundle,
  EntityActions,
  EntityContract,
  EntityErrorKind,
  Input,
  KeyInput,
  ListOptions,
  LocalTransaction,
} from '../contract'
import { toText } from '../storage/values'
import type { EntityCall } from './refusals'
import { hasOwnForm, sameValue } from './same-value'

/** Runs `fn` as a local transaction, or inside the one under way. `writes`: whether it changes anything. */
export type RunLocal = <T>(writes: boolean | 'perhaps', fn: (tx: LocalTransaction) => Promise<T>) => Promise<T>

/**
 * An entity action can't be done as it was asked for, and nothing of it was. `cause` is the store's own error, where it was
 * the store that refused.
 */
export class EntityError extends Error {
  override readonly name = 'EntityError'
  constructor(
    readonly kind: EntityErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The actions of every entity of the bundle, by accessor. */
export function entityActions(bundle: Bundle, run: RunLocal): Record<string, EntityActions> {
  return Object.fromEntries(bundle.entities.map((entity) => [entity.name, actionsOf(entity, bundle, run)]))
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
  const parts = isRecord(key) ? names.map((name) => key[name]) : names.length === 1 ? [key] : []
  if (parts.length === names.length && parts.every((part) => part !== undefined && part !== null)) return parts
  throw new EntityError(
    'bad-key',
    names.length === 1
      ? `The key of ${entity.name} is its ${names.join()}, which can't be null or missing. Give the value of a row's ${names.join()}.`
      : `The key of ${entity.name} is { ${names.join(', ')} }; give an object with all of these, none of them null.`,
  )
}

function actionsOf(entity: EntityContract, bundle: Bundle, run: RunLocal): EntityActions {
  const names = entity.attributes.map((attribute) => attribute.name)
  const assertKnown = (name: string) => {
    if (names.includes(name)) return
    throw new EntityError('unknown-attribute', `${entity.name} has no attribute ${name}. It has: ${names.join(', ')}.`)
  }
  const given = (values: unknown): Input => {
    if (!isRecord(values))
      throw new EntityError(
        'bad-values',
        `Values of ${entity.name} are an object by attribute, such as { ${names.at(-1)}: … }; this is ${values === undefined ? 'missing' : String(values)}.`,
      )
    const entries = Object.entries(values).filter(([, value]) => value !== undefined)
    for (const [name] of entries) assertKnown(name)
    return Object.fromEntries(entries) as Input
  }
  const keyOf = (key: KeyInput) => keyValues(entity, entity.key, key)
  /** The changes without those of a key that was made by somebody else than the app: it stays what it is. */
  const besidesKey = (changes: Input, key: readonly unknown[]): Input => {
    if (entity.keyStrategy === 'natural') return changes
    const rest: Record<string, Input[string]> = { ...changes }
    for (const [index, id] of entity.key.entries()) {
      const name = entity.attributes.find((attribute) => attribute.id === id)?.name ?? id
      if (rest[name] === undefined) continue
      if (toText(rest[name])?.toLowerCase() !== toText(key[index])?.toLowerCase())
        throw new EntityError(
          'bad-key',
          `${entity.name}.${name} is a key that the ${entity.keyStrategy === 'server' ? 'server' : 'device'} makes, so an update can't change it. Create another row and delete this one instead.`,
        )
      delete rest[name]
    }
    return rest
  }
  /**
   * The changes without JSON values and arrays that look as what is stored: the API's view of them may be less than they
   * are (numbers beyond 2^53, bounds), and what was read and given back is no change.
   */
  const reallyChanged = async (tx: LocalTransaction, key: readonly unknown[], changes: Input): Promise<Input> => {
    const viewed = entity.attributes.filter(
      ({ name, type }) => changes[name] !== undefined && hasOwnForm(type, bundle.types),
    )
    const row = viewed.length === 0 ? null : await tx.get(entity, key)
    if (row === null) return changes
    const same = viewed.filter(({ name }) => sameValue(changes[name], row[name])).map(({ name }) => name)
    return Object.fromEntries(Object.entries(changes).filter(([name]) => !same.includes(name))) as Input
  }

  /** What the store refuses is told in the same words whatever the store (`refusals.ts`). */
  const telling = async <T>(call: EntityCall, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof EntityError) throw cause
      const explained = await import('./rare-errors').then(
        ({ explainRefusal }) => explainRefusal(bundle, entity, call, cause),
        // The words are out of reach; the store's own are not.
        () => null,
      )
      throw explained ? new EntityError(explained.kind, explained.message, { cause }) : cause
    }
  }

  return {
    create: async (input) => {
      const values = given(input)
      return telling({ action: 'create', values }, () => run(true, (tx) => tx.create(entity, values)))
    },
    update: async (input, changes) => {
      const key = keyOf(input)
      const values = besidesKey(given(changes), key)
      return telling({ action: 'update', key, values }, () =>
        run(true, async (tx) => {
          const updated = await tx.update(entity, key, await reallyChanged(tx, key, values))
          if (updated) return updated
          throw new EntityError(
            'not-found',
            `${entity.name} has no row with the key ${JSON.stringify(key.map(String))}. It may have been deleted; list the rows again.`,
          )
        }),
      )
    },
    delete: async (input) => {
      const key = keyOf(input)
      return telling({ action: 'delete', key }, () => run(true, (tx) => tx.remove(entity, key)))
    },
    get: async (input) => {
      const key = keyOf(input)
      return telling({ action: 'get', key }, () => run(false, (tx) => tx.get(entity, key)))
    },
    list: async (options = {}) => {
      assertOptions(entity, options)
      const { where = {}, orderBy, ...page } = options
      const conditions = given(where)
      if (orderBy !== undefined) assertKnown(typeof orderBy === 'string' ? orderBy : orderBy[0])
      const asked = { ...page, where: conditions, ...(orderBy !== undefined && { orderBy }) } as typeof options
      return telling({ action: 'list', options: asked }, () => run(false, (tx) => tx.list(entity, asked)))
    },
  }
}

/** Throws where they are none that a list of the entity can have. */
function assertOptions({ name }: EntityContract, options: ListOptions): void {
  const bad = (what: string) => new EntityError('bad-options', `The list of ${name}: ${what}`)
  if (!isRecord(options)) throw bad(`its options are an object, not ${String(options)}.`)
  const { orderBy, limit, offset } = options as ListOptions
  for (const [option, value] of Object.entries({ limit, offset }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
      throw bad(`its ${option} is a whole number of rows, 0 or more, not ${String(value)}.`)
  const direction = Array.isArray(orderBy) ? (orderBy[1] ?? 'asc') : 'asc'
  if (direction !== 'asc' && direction !== 'desc')
    throw bad(`its rows are ordered 'asc' or 'desc', not ${String(direction)}.`)
}

/** An object of values by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  )
}
