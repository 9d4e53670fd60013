/**
 * What becomes of a local entity that takes its rows from another table: attributes follow their names.
 *
 * Worked out before anything is changed, so that the user sees it and the operation does just that.
 *
 * Invariants
 * - An attribute of the entity is in one of `kept` and `dropped`; a column is the source of one attribute at most.
 * - A part of a scope that has no counterpart is left as it is, to be reported, never left out: a condition less
 *   would bring rows to people who may not see them.
 */
import { deviceType } from './device-types'
import { defaultKeyStrategy, possibleKeyStrategies, syncable } from './keys'
import { keyNotOnDevice } from './operations/local-entities'
import { inOrder } from './operations/order'
import type { ForeignKey, LocalAttribute, LocalEntity, Project, ServerAttribute, ServerEntity } from './project'
import type { Scope, ScopeFilter, ScopeOperand } from './scope'
import { onDeviceAlready } from './table-on-device'

export interface KeptAttribute {
  readonly attribute: LocalAttribute
  readonly source: LocalAttribute['source']
  /** The types before and after, where they differ. */
  readonly retyped: { readonly before: string; readonly after: string } | null
}

export interface DroppedAttribute {
  readonly attribute: LocalAttribute
  readonly reason: string
}

export interface NameMapping {
  readonly entity: LocalEntity
  readonly table: ServerEntity
  readonly kept: readonly KeptAttribute[]
  readonly dropped: readonly DroppedAttribute[]
  /** Of the table's key, and on no attribute of the entity yet. */
  readonly added: readonly ServerAttribute[]
  /** Columns of the table that no attribute takes, and that a device could hold. */
  readonly left: readonly ServerAttribute[]
  readonly keyStrategy: LocalEntity['keyStrategy']
  readonly scope: Scope
  readonly writeScope: Scope | null
  readonly pattern: LocalEntity['pattern']
  /** Parents whose part the entity's rows are no longer. */
  readonly leaves: readonly LocalEntity[]
  /** What works no longer and has to be seen to, in sentences. */
  readonly breaks: readonly string[]
}

type Model = Pick<Project, 'localEntities' | 'serverEntities' | 'serverTypes'>

export type PossibleMapping =
  | { readonly kind: 'possible'; readonly mapping: NameMapping }
  | { readonly kind: 'impossible'; readonly reason: string }

export function nameMapping(project: Model, entityId: string, tableId: string): PossibleMapping {
  const entity = project.localEntities[entityId]
  const before = entity && project.serverEntities[entity.root]
  const table = project.serverEntities[tableId]
  if (entity === undefined || table === undefined) return impossible('This is no longer in the project.')
  if (table.id === entity.root) return impossible(`“${entity.name}” takes its rows from “${table.name}” already.`)
  const twin = onDeviceAlready(project, table, entity.id)
  if (twin !== null) return impossible(twin)
  const sync = syncable(table)
  if (sync.kind === 'not-syncable') return impossible(sync.reason)
  const key = keyNotOnDevice(project, table)
  if (key !== null) return impossible(key)

  const foreignKeys = sameForeignKeys(project, before, table)
  const { kept, dropped } = sourcesByName(project, entity, before, table, foreignKeys)
  const taken = new Set(kept.flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])))
  if (taken.size === 0)
    return impossible(`No attribute of “${entity.name}” has the name of a column of “${table.name}”.`)

  const open = inOrder(table.attributes).flatMap(([id, column]) => (taken.has(id) ? [] : [column]))
  const isKey = ({ id }: ServerAttribute) => table.primaryKey.includes(id)
  const columns = new Map(
    inOrder(before?.attributes ?? {}).flatMap(([id, { name }]) => {
      const column = columnNamed(table, name)
      return column === undefined ? [] : [[id, column.id] as const]
    }),
  )
  // What nobody chose is not kept: the other key may suggest another way.
  const isChosen = before === undefined || entity.keyStrategy !== defaultKeyStrategy(before)
  const keepsStrategy = isChosen && possibleKeyStrategies(table).includes(entity.keyStrategy)
  const names: Counterparts = { columns, foreignKeys }
  const scope = scopeOver(entity.scope, names)
  const writeScope = entity.writeScope && scopeOver(entity.writeScope, names)
  const mapping = {
    entity,
    table,
    kept,
    dropped,
    added: open.filter(isKey),
    left: open.filter((column) => !isKey(column) && deviceType(project, column) !== null),
    keyStrategy: keepsStrategy ? entity.keyStrategy : defaultKeyStrategy(table),
    scope: scope.scope,
    writeScope: writeScope?.scope ?? null,
    pattern: patternOver(project, entity, table, foreignKeys),
    leaves: Object.values(project.localEntities).filter(
      (parent) =>
        parent.pattern.kind === 'one-to-many' &&
        parent.pattern.children.includes(entity.id) &&
        !refersTo(table, parent.root),
    ),
  }
  const breaks = [
    ...brokenScope('scope', scope.complete, entity.scope, table),
    ...brokenScope('write scope', writeScope?.complete ?? true, entity.writeScope ?? { kind: 'all' }, table),
    ...brokenReferences(project, entity, before, mapping.pattern),
    ...mapping.leaves.map(
      ({ name }) => `Its rows are no longer part of “${name}”: “${table.name}” does not refer to it.`,
    ),
    ...(kept.some(({ source }) => source.kind === 'computed')
      ? [`Computed attributes keep their SQL, which is now about a row of “${table.name}”.`]
      : []),
  ]
  return { kind: 'possible', mapping: { ...mapping, breaks } }
}

/** How many attributes find what they stand for; a key of another type is kept, but does not name the same rows. */
export const matching = ({ kept, table }: NameMapping): number =>
  kept.filter(
    ({ source, retyped }) =>
      source.kind !== 'computed' &&
      !(source.kind === 'root' && retyped !== null && table.primaryKey.includes(source.attribute)),
  ).length

/** How many of the entity's attributes can find a match at all: a computed one has its SQL, whatever the table. */
export const matchable = ({ attributes }: LocalEntity): number =>
  Object.values(attributes).filter(({ source }) => source.kind !== 'computed').length

/** How many of the entity's attributes would match a column by name; the cheap question for a list of tables. */
export function equalNames(entity: LocalEntity, before: ServerEntity | undefined, table: ServerEntity): number {
  return Object.values(entity.attributes).filter((attribute) => {
    const column = columnOf(attribute, before, table)
    if (column === undefined || attribute.source.kind !== 'root') return false
    const type = before?.attributes[attribute.source.attribute]?.type ?? column.type
    return type === column.type || !table.primaryKey.includes(column.id)
  }).length
}

// ── Attributes ──────────────────────────────────────────────────────────────────────────────────

function sourcesByName(
  project: Model,
  entity: LocalEntity,
  before: ServerEntity | undefined,
  table: ServerEntity,
  foreignKeys: ReadonlyMap<string, string>,
): Pick<NameMapping, 'kept' | 'dropped'> {
  const kept: KeptAttribute[] = []
  const dropped: DroppedAttribute[] = []
  const taken = new Set<string>()
  for (const [, attribute] of inOrder(entity.attributes)) {
    const { source } = attribute
    if (source.kind === 'computed') {
      kept.push({ attribute, source, retyped: null })
      continue
    }
    if (source.kind === 'denormalised') {
      const [first = '', ...rest] = source.path
      const step = foreignKeys.get(first)
      if (step === undefined) {
        dropped.push({ attribute, reason: `“${table.name}” has no reference like the one that it is read along.` })
      } else kept.push({ attribute, source: { ...source, path: [step, ...rest] }, retyped: null })
      continue
    }
    const column = columnOf(attribute, before, table)
    if (column === undefined) dropped.push({ attribute, reason: `“${table.name}” has no column of this name.` })
    else if (taken.has(column.id)) {
      dropped.push({ attribute, reason: `Another attribute takes the column “${column.name}” already.` })
    } else if (deviceType(project, column) === null) {
      dropped.push({ attribute, reason: `The column has the type ${column.type}, which a device does not have.` })
    } else {
      taken.add(column.id)
      const type = before?.attributes[source.attribute]?.type
      const retyped = type === undefined || type === column.type ? null : { before: type, after: column.type }
      kept.push({ attribute, source: { kind: 'root', attribute: column.id }, retyped })
    }
  }
  return { kept, dropped }
}

/** By the name of the column that it was read from, else by its own; capitals do not matter. */
function columnOf(
  { name, source }: LocalAttribute,
  before: ServerEntity | undefined,
  table: ServerEntity,
): ServerAttribute | undefined {
  if (source.kind !== 'root') return undefined
  const column = before?.attributes[source.attribute]?.name
  return (column === undefined ? undefined : columnNamed(table, column)) ?? columnNamed(table, name)
}

const columnNamed = (table: ServerEntity, name: string): ServerAttribute | undefined => {
  const columns = Object.values(table.attributes)
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  )
}

// ── References ──────────────────────────────────────────────────────────────────────────────────

/** Foreign keys of the one table that the other has too: columns of the same names that lead to the same columns. */
function sameForeignKeys(
  { serverEntities }: Pick<Project, 'serverEntities'>,
  before: ServerEntity | undefined,
  table: ServerEntity,
): ReadonlyMap<string, string> {
  const written = (root: ServerEntity, { attributes, entity, referencedAttributes }: ForeignKey): string =>
    JSON.stringify([attributes.map((id) => root.attributes[id]?.name.toLowerCase()), entity, referencedAttributes])
  const known = new Map(Object.values(table.foreignKeys).map((key) => [written(table, key), key.id]))
  return new Map(
    Object.values(before?.foreignKeys ?? {}).flatMap((key) => {
      const same = before && key.entity in serverEntities ? known.get(written(before, key)) : undefined
      return same === undefined ? [] : [[key.id, same] as const]
    }),
  )
}

const refersTo = (table: ServerEntity | undefined, other: string): boolean =>
  Object.values(table?.foreignKeys ?? {}).some(({ entity }) => entity === other)

function patternOver(
  project: Model,
  { pattern }: LocalEntity,
  table: ServerEntity,
  foreignKeys: ReadonlyMap<string, string>,
): LocalEntity['pattern'] {
  if (pattern.kind === 'on-demand') {
    return { ...pattern, parent: pattern.parent === null ? null : (foreignKeys.get(pattern.parent) ?? null) }
  }
  if (pattern.kind !== 'one-to-many') return pattern
  const stays = (id: string) => refersTo(project.serverEntities[project.localEntities[id]?.root ?? ''], table.id)
  return { ...pattern, children: pattern.children.filter(stays) }
}

function brokenReferences(
  project: Model,
  entity: LocalEntity,
  before: ServerEntity | undefined,
  pattern: LocalEntity['pattern'],
): string[] {
  if (before === undefined) return []
  const others = inOrder(project.localEntities).flatMap(([id, other]) => (id === entity.id ? [] : [other]))
  const stillThere = others.some(({ root }) => root === before.id)
  const referring = stillThere ? [] : others.filter(({ root }) => refersTo(project.serverEntities[root], before.id))
  const kept = pattern.kind === 'one-to-many' ? pattern.children : []
  const lost = entity.pattern.kind === 'one-to-many' ? entity.pattern.children.filter((id) => !kept.includes(id)) : []
  return [
    ...(referring.length > 0
      ? [
          `${named(referring)} ${referring.length === 1 ? 'refers' : 'refer'} to rows of “${before.name}”, which are then not on the device.`,
        ]
      : []),
    ...lost.map((id) => `Rows of “${project.localEntities[id]?.name}” are no longer part of its rows.`),
  ]
}

const named = (entities: readonly LocalEntity[]): string => entities.map(({ name }) => `“${name}”`).join(', ')

// ── Scopes ──────────────────────────────────────────────────────────────────────────────────────

interface Counterparts {
  /** Server attributes, each with the one of its name in the other table. */
  readonly columns: ReadonlyMap<string, string>
  readonly foreignKeys: ReadonlyMap<string, string>
}

interface ScopeOver {
  readonly scope: Scope
  /** False where parts of it have no counterpart. */
  readonly complete: boolean
}

function scopeOver(scope: Scope, names: Counterparts): ScopeOver {
  if (scope.kind !== 'filter') return { scope, complete: scope.kind === 'all' }
  let complete = true
  const other = (id: string, among: ReadonlyMap<string, string>): string => {
    const found = among.get(id)
    if (found === undefined) complete = false
    return found ?? id
  }
  const operand = (given: ScopeOperand): ScopeOperand => {
    if (given.kind === 'attribute') return { ...given, attribute: other(given.attribute, names.columns) }
    if (given.kind !== 'joined') return given
    const [first = '', ...rest] = given.path
    return { ...given, path: [other(first, names.foreignKeys), ...rest] }
  }
  // Inside `exists` the terms are about the other table's rows, which stay what they were.
  const filter = (term: ScopeFilter): ScopeFilter => {
    switch (term.kind) {
      case 'and':
      case 'or':
        return { ...term, terms: term.terms.map(filter) }
      case 'not':
        return { ...term, term: filter(term.term) }
      case 'compare':
        return { ...term, left: operand(term.left), right: term.right.map(operand) }
      case 'exists':
      case 'in-scope':
        return { ...term, foreignKey: other(term.foreignKey, names.foreignKeys) }
    }
  }
  return { scope: { kind: 'filter', filter: filter(scope.filter) }, complete }
}

function brokenScope(what: string, complete: boolean, scope: Scope, table: ServerEntity): string[] {
  if (complete) return []
  return scope.kind === 'sql'
    ? [`Its ${what} is SQL, which is now about a row of “${table.name}”.`]
    : [
        `Its ${what} reads what “${table.name}” has not. Those conditions are kept, and reported until they are changed.`,
      ]
}

const impossible = (reason: string): PossibleMapping => ({ kind: 'impossible', reason })
