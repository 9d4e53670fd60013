/**
 * Create, update, delete, get and list for one entity, as SQL on its table.
 *
 * They are a convenience and nothing more: what they write is captured by the same triggers that
 * capture plain SQL (C1).
 */
import type {
  Bundle,
  DatabaseTransaction,
  EntityActions,
  EntityContract,
  Input,
  KeyInput,
  ListOptions,
  Row,
} from '../contract'
import { quoteName } from '../contract/sql-text'

/** Runs `fn` as a local transaction, or inside the one under way. */
export type RunLocal = <T>(fn: (tx: DatabaseTransaction) => Promise<T>) => Promise<T>

export class EntityError extends Error {
  override readonly name = 'EntityError'
  constructor(
    readonly kind: 'not-found' | 'unknown-attribute' | 'bad-key',
    message: string,
  ) {
    super(message)
  }
}

/** The actions of every entity of the bundle, by accessor. */
export function entityActions(bundle: Bundle, run: RunLocal): Record<string, EntityActions> {
  return Object.fromEntries(bundle.entities.map((entity) => [entity.name, actionsOf(entity, run)]))
}

function actionsOf(entity: EntityContract, run: RunLocal): EntityActions {
  const table = quoteName(entity.table)
  const keyNames = entity.key.map((id) => entity.attributes.find((attribute) => attribute.id === id)?.name ?? id)
  const names = new Set(entity.attributes.map((attribute) => attribute.name))
  const jsonNames = new Set(
    entity.attributes.filter(({ type }) => type === 'json' || type === 'jsonb').map((attribute) => attribute.name),
  )

  const assigned = (values: Input): [string, unknown][] => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined)
    for (const [name] of given) assertAttribute(entity, names, name)
    // As SQL parameters, texts for a JSON column are JSON text; here a text is a value, as it was read.
    return given.map(([name, value]) => [name, value !== null && jsonNames.has(name) ? JSON.stringify(value) : value])
  }
  const keyOf = (key: KeyInput): unknown[] => {
    if (keyNames.length === 1 && !isRecord(key)) return [key]
    const parts = isRecord(key) ? keyNames.map((name) => key[name]) : []
    if (parts.length === keyNames.length && parts.every((part) => part !== undefined)) return parts
    throw new EntityError(
      'bad-key',
      `The key of ${entity.name} is { ${keyNames.join(', ')} }; give an object with all of these.`,
    )
  }
  const keyIs = (from: number) => keyNames.map((name, index) => `${quoteName(name)} = $${from + index}`).join(' and ')

  return {
    create: (values) =>
      run(async (tx) => {
        const given = assigned(values)
        const columns = given.map(([name]) => quoteName(name)).join(', ')
        const places = given.map((_, index) => `$${index + 1}`).join(', ')
        const text =
          given.length === 0
            ? `insert into ${table} default values returning *`
            : `insert into ${table} (${columns}) values (${places}) returning *`
        const [row] = await tx.query(
          text,
          given.map(([, value]) => value),
        )
        return row as Row
      }),
    update: (key, changes) =>
      run(async (tx) => {
        const given = assigned(changes)
        const keyValues = keyOf(key)
        const set = given.map(([name], index) => `${quoteName(name)} = $${index + 1}`).join(', ')
        const text =
          given.length === 0
            ? `select * from ${table} where ${keyIs(1)}`
            : `update ${table} set ${set} where ${keyIs(given.length + 1)} returning *`
        const [row] = await tx.query(text, [...given.map(([, value]) => value), ...keyValues])
        if (!row)
          throw new EntityError(
            'not-found',
            `${entity.name} has no row with the key ${JSON.stringify(keyValues.map(String))}. It may have been deleted; list the rows again.`,
          )
        return row
      }),
    delete: (key) =>
      run(
        async (tx) =>
          (await tx.query(`delete from ${table} where ${keyIs(1)} returning 1 as deleted`, keyOf(key))).length > 0,
      ),
    get: (key) =>
      run(async (tx) => (await tx.query(`select * from ${table} where ${keyIs(1)}`, keyOf(key)))[0] ?? null),
    list: (options = {}) => run((tx) => tx.query(...listQuery(entity, names, keyNames, options))),
  }
}

function listQuery(
  entity: EntityContract,
  names: ReadonlySet<string>,
  keyNames: readonly string[],
  { where = {}, orderBy, limit, offset }: ListOptions,
): [string, unknown[]] {
  const conditions = Object.entries(where).filter(([, value]) => value !== undefined)
  for (const [name] of conditions) assertAttribute(entity, names, name)
  const params: unknown[] = []
  const place = (value: unknown) => `$${params.push(value)}`
  const filter = conditions.map(([name, value]) =>
    value === null ? `${quoteName(name)} is null` : `${quoteName(name)} = ${place(value)}`,
  )
  const [first, direction] = typeof orderBy === 'string' ? [orderBy, 'asc'] : (orderBy ?? [])
  if (first !== undefined) assertAttribute(entity, names, first)
  const order = [
    ...(first === undefined ? [] : [`${quoteName(first)} ${direction === 'desc' ? 'desc' : 'asc'}`]),
    ...keyNames.map(quoteName),
  ]
  const text = [
    `select * from ${quoteName(entity.table)}`,
    ...(filter.length > 0 ? [`where ${filter.join(' and ')}`] : []),
    `order by ${order.join(', ')}`,
    ...(limit === undefined ? [] : [`limit ${place(limit)}::int`]),
    ...(offset === undefined ? [] : [`offset ${place(offset)}::int`]),
  ]
  return [text.join(' '), params]
}

function assertAttribute(entity: EntityContract, names: ReadonlySet<string>, name: string): void {
  if (names.has(name)) return
  throw new EntityError(
    'unknown-attribute',
    `${entity.name} has no attribute ${name}. It has: ${[...names].join(', ')}.`,
  )
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
