/**
 * A conflict that is resolved by values: what is wrong with them is told in the words of the entity actions, and the
 * contents of files among them are kept as `create` and `update` keep them.
 *
 *   values ─► each can stand in the row ─► contents kept, names in their place ─► the store resolves
 *
 * Invariants
 * - Whatever is refused, the conflict still waits.
 * - A content is kept while the conflict is open, and nothing is swept as long as one is: nobody removes it in between (P3).
 */
import type { Bundle, ConflictRecord, EntityContract, EntityErrorKind, Input } from '../contract'
import { columnTypeOf } from '../storage/column-type/column-type'
import { badResolvingValues, explainRefusal } from './refusals'

export interface ResolvePorts<Result> {
  readonly bundle: Bundle
  readonly list: () => Promise<readonly ConflictRecord[]>
  /** Keeps the contents of files, and answers their names; undefined where the bundle has none. */
  readonly named: ((entity: EntityContract, values: Input) => Promise<Input>) | undefined
  /** The store's own. */
  readonly resolve: (values: Input) => Promise<Result>
  /** The device's own class: this file is linked apart from it. */
  readonly EntityError: new (
    kind: EntityErrorKind,
    message: string,
    options?: ErrorOptions,
  ) => Error
}

/** Rejects with `TypeError` where `given` is no object of values, and with `EntityError` where they can't stand in the row. */
export async function resolveByValues<Result>(
  { bundle, list, named, resolve, EntityError }: ResolvePorts<Result>,
  id: string,
  given: unknown,
): Promise<Result> {
  if (!isValues(given)) throw badResolution(given)
  const conflict = (await list()).find((open) => open.id === id)
  const entity = bundle.entities.find(({ name }) => name === conflict?.entity)
  // That there is no such conflict is the store's to say.
  if (!conflict || !entity) return resolve(given)
  const fault = badResolvingValues(bundle, entity, conflict, given)
  if (fault) throw new EntityError(fault.kind, fault.message)
  const values = named ? await named(entity, given) : given
  try {
    return await resolve(asWritten(bundle, entity, values))
  } catch (cause) {
    const explained = explainRefusal(bundle, entity, { action: 'update', key: [], values }, cause)
    throw explained ? new EntityError(explained.kind, explained.message, { cause }) : cause
  }
}

/** The values as PostgreSQL writes them: not every store does that by itself for what a conflict brings. */
function asWritten({ types }: Bundle, { attributes }: EntityContract, values: Input): Input {
  const written = attributes.flatMap(({ name, type, file }) => {
    const value = values[name]
    // To the store, as to entity actions, the text of a JSON attribute is a value; of a file it has the name.
    if (value === undefined || value === null || file || /^jsonb?$/.test(type)) return []
    return [[name, columnTypeOf({ type, sensitive: false }, types).input(value)] as const]
  })
  return { ...values, ...Object.fromEntries(written) }
}

function badResolution(resolution: unknown): Error {
  const given = typeof resolution === 'string' ? JSON.stringify(resolution) : String(resolution)
  return new TypeError(
    `A conflict is resolved by 'local', by 'server', or by an object of the values that shall stand; ${given} is none of these. The conflict still waits.`,
  )
}

function isValues(value: unknown): value is Input {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  )
}
