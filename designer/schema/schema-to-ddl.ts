/**
 * Writes a schema as the SQL that makes it: what the preview's server and the start data are built from.
 * Pure. Views are left out, because a model doesn't hold their queries; a partitioned table gets one
 * partition for everything, because it doesn't hold their bounds; a foreign table becomes a plain one.
 */
import type {
  ForeignKey,
  ReferentialAction,
  ServerAttribute,
  ServerEntity,
  ServerSchema,
  ServerType,
} from '@/designer/model/project'
import { extensionsOfTypes } from './extensions'
import { quoteIdentifier, quoteLiteral, quoteWhereNeeded } from './sql-text'

/** Reading the result back with `readCatalogue` gives the schema again, ids included. */
export function schemaToDdl(schema: ServerSchema): string {
  const tables = Object.values(schema.serverEntities).filter(isTable)
  const types = Object.values(schema.serverTypes)
  const sequences = sequencesOf(tables)
  const extensions = extensionsOfTypes(
    tables
      .flatMap((table) => Object.values(table.attributes))
      .filter(({ typeId }) => typeId === null)
      .map(({ type }) => type),
  )
  const schemas = new Set([
    ...tables.map((table) => table.schema),
    ...types.map((type) => type.schema),
    ...extensions.values(),
    ...sequences.flatMap(({ schema: name }) => name ?? []),
  ])
  schemas.delete('public')

  return [
    `-- Names in types and expressions are written for this search path.`,
    `SELECT pg_catalog.set_config('search_path', 'public', false);`,
    ...[...schemas].sort().map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)};`),
    ...[...extensions].map(
      ([name, at]) => `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} WITH SCHEMA ${quoteIdentifier(at)};`,
    ),
    ...inOrderOfUse(types).map(typeSql),
    ...sequences.map(({ name }) => `CREATE SEQUENCE IF NOT EXISTS ${name};`),
    ...tables.flatMap((table) => tableSql(table)),
    ...sequences.flatMap(({ name, ownedBy }) =>
      ownedBy === null ? [] : [`ALTER SEQUENCE ${name} OWNED BY ${ownedBy};`],
    ),
    ...tables.flatMap(functionDefaultsSql),
    ...tables.flatMap(uniquesSql),
    ...tables.flatMap((table) => Object.values(table.foreignKeys).map((key) => foreignKeySql(table, key, schema))),
    ...tables.flatMap(commentsSql),
    '',
  ].join('\n')
}

/** The attributes in the order of the columns. */
export function attributesInOrder(entity: ServerEntity): ServerAttribute[] {
  return Object.values(entity.attributes).sort((a, b) => a.order - b.order)
}

export function qualifiedName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

export function isTable({ kind }: ServerEntity): boolean {
  return kind === 'table' || kind === 'partitioned-table' || kind === 'foreign-table'
}

/** The sequence that a default takes its values from, as the default writes it; null for other defaults. */
export function sequenceOfDefault(expression: string | null): string | null {
  const literal = /\bnextval\('((?:[^']|'')+)'::(?:regclass|text)/.exec(expression ?? '')?.[1]
  return literal?.replaceAll("''", "'") ?? null
}

interface Sequence {
  readonly name: string
  readonly schema: string | null
  /** The only column that uses it, so that it goes with its column, as serial's does. */
  readonly ownedBy: string | null
}

function sequencesOf(tables: readonly ServerEntity[]): Sequence[] {
  const columnsByName = new Map<string, string[]>()
  for (const table of tables) {
    for (const attribute of attributesInOrder(table)) {
      const name = sequenceOfDefault(attribute.default)
      if (name === null) continue
      const sameSchema = (schemaOfName(name) ?? 'public') === table.schema
      columnsByName.set(name, [
        ...(columnsByName.get(name) ?? []),
        sameSchema ? `${qualifiedName(table)}.${quoteIdentifier(attribute.name)}` : '',
      ])
    }
  }
  return [...columnsByName].map(([name, columns]) => ({
    name,
    schema: schemaOfName(name),
    ownedBy: columns.length === 1 && columns[0] !== '' ? (columns[0] ?? null) : null,
  }))
}

function schemaOfName(name: string): string | null {
  const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([^".]+))\./.exec(name) ?? []
  return quoted?.replaceAll('""', '"') ?? plain ?? null
}

/** Enums, then domains, each after the domain that it is made over. */
function inOrderOfUse(types: readonly ServerType[]): ServerType[] {
  const ordered: ServerType[] = []
  const visit = (type: ServerType) => {
    if (ordered.includes(type)) return
    if (type.kind === 'domain') {
      const base = types.find((other) => other !== type && printedName(other) === type.baseType.replace(/(\[\])+$/, ''))
      if (base !== undefined) visit(base)
    }
    ordered.push(type)
  }
  types.filter(({ kind }) => kind === 'enum').forEach(visit)
  types.forEach(visit)
  return ordered
}

function printedName({ schema, name }: ServerType): string {
  return schema === 'public' ? quoteWhereNeeded(name) : `${quoteWhereNeeded(schema)}.${quoteWhereNeeded(name)}`
}

function typeSql(type: ServerType): string {
  if (type.kind === 'enum')
    return `CREATE TYPE ${qualifiedName(type)} AS ENUM (${type.values.map(quoteLiteral).join(', ')});`
  return `${[
    `CREATE DOMAIN ${qualifiedName(type)} AS ${type.baseType}`,
    ...(type.default === null ? [] : [`DEFAULT ${type.default}`]),
    ...(type.nullable ? [] : ['NOT NULL']),
    ...type.checks.map((check) => `CHECK (${check})`),
  ].join(' ')};`
}

function tableSql(table: ServerEntity): string[] {
  const lines = attributesInOrder(table).map((attribute) => columnSql(attribute))
  if (table.primaryKey.length > 0) lines.push(`PRIMARY KEY ${columnList(table, table.primaryKey)}`)
  const body = lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`
  const partitionedBy = table.kind === 'partitioned-table' ? partitionAttribute(table) : null
  if (partitionedBy === null) return [`CREATE TABLE ${qualifiedName(table)} ${body};`]
  return [
    `CREATE TABLE ${qualifiedName(table)} ${body} PARTITION BY RANGE (${quoteIdentifier(partitionedBy.name)});`,
    `CREATE TABLE ${qualifiedName({ schema: table.schema, name: `${table.name.slice(0, 20)}_${table.id}_rows` })} PARTITION OF ${qualifiedName(table)} DEFAULT;`,
  ]
}

/** PostgreSQL asks that every key of a partitioned table holds the column that it is divided by. */
function partitionAttribute(table: ServerEntity): ServerAttribute | null {
  const keys = [table.primaryKey, ...table.uniques.map(({ attributes }) => attributes)].filter((key) => key.length > 0)
  const inAllKeys = attributesInOrder(table).filter(({ id }) => keys.every((key) => key.includes(id)))
  return (
    inAllKeys.find(({ id, generated }) =>
      keys.length > 0 ? table.attributes[id] !== undefined : generated === null,
    ) ?? null
  )
}

function columnSql(attribute: ServerAttribute): string {
  return [
    quoteIdentifier(attribute.name),
    attribute.type,
    ...(attribute.identity === null
      ? []
      : [`GENERATED ${attribute.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`]),
    ...(attribute.generated === null ? [] : [`GENERATED ALWAYS AS (${attribute.generated}) STORED`]),
    ...(attribute.default === null || callsFunction(attribute.default) ? [] : [`DEFAULT ${attribute.default}`]),
    ...(attribute.nullable ? [] : ['NOT NULL']),
  ].join(' ')
}

/** The user's own functions aren't in the model: such a default is set apart, so that it can fail without its table. */
function callsFunction(expression: string): boolean {
  return /(?!\b(?:nextval|now|gen_random_uuid|uuidv4|uuidv7)\()(?:\b[\w$]+|")\(/i.test(expression)
}

function functionDefaultsSql(table: ServerEntity): string[] {
  return attributesInOrder(table).flatMap(({ name, default: expression }) =>
    expression !== null && callsFunction(expression)
      ? [`ALTER TABLE ${qualifiedName(table)} ALTER COLUMN ${quoteIdentifier(name)} SET DEFAULT ${expression};`]
      : [],
  )
}

function uniquesSql(table: ServerEntity): string[] {
  return table.uniques.map(
    ({ name, attributes }) =>
      `ALTER TABLE ${qualifiedName(table)} ADD CONSTRAINT ${quoteIdentifier(name)} UNIQUE ${columnList(table, attributes)};`,
  )
}

function foreignKeySql(table: ServerEntity, key: ForeignKey, schema: ServerSchema): string {
  const referenced = schema.serverEntities[key.entity]
  if (referenced === undefined)
    throw new Error(`The foreign key ${key.name} refers to ${key.entity}, which is not in the schema.`)
  return `${[
    `ALTER TABLE ${qualifiedName(table)} ADD CONSTRAINT ${quoteIdentifier(key.name)}`,
    `FOREIGN KEY ${columnList(table, key.attributes)} REFERENCES ${qualifiedName(referenced)} ${columnList(referenced, key.referencedAttributes)}`,
    ...(key.onDelete === 'no-action' ? [] : [`ON DELETE ${ACTIONS[key.onDelete]}`]),
    ...(key.onUpdate === 'no-action' ? [] : [`ON UPDATE ${ACTIONS[key.onUpdate]}`]),
    ...(key.deferrable ? ['DEFERRABLE'] : []),
  ].join(' ')};`
}

const ACTIONS: { readonly [action in ReferentialAction]: string } = {
  'no-action': 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
}

function columnList(table: ServerEntity, ids: readonly string[]): string {
  return `(${ids
    .map((id) => {
      const attribute = table.attributes[id]
      if (attribute === undefined)
        throw new Error(`A key of ${table.name} names ${id}, which is not one of its attributes.`)
      return quoteIdentifier(attribute.name)
    })
    .join(', ')})`
}

function commentsSql(table: ServerEntity): string[] {
  return [
    ...(table.comment === null ? [] : [`COMMENT ON TABLE ${qualifiedName(table)} IS ${quoteLiteral(table.comment)};`]),
    ...attributesInOrder(table).flatMap(({ name, comment }) =>
      comment === null
        ? []
        : [`COMMENT ON COLUMN ${qualifiedName(table)}.${quoteIdentifier(name)} IS ${quoteLiteral(comment)};`],
    ),
  ]
}
