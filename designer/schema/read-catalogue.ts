/**
 * Reads a PostgreSQL database's catalogue into server entities. The same code reads PGlite, in which a dump
 * was run, and a live server.
 */
import type {
  ReferentialAction,
  ServerAttribute,
  ServerEntity,
  ServerSchema,
  ServerType,
} from '@/designer/model/project'
import { ATTRIBUTES, ENTITIES, FOREIGN_KEYS, KEYS, SIZES, TYPES } from './catalogue-queries'
import { createIdMaker } from './stable-ids'

/** Asks one session of the database; rows with arrays as arrays. */
export type Query = (text: string, params?: readonly unknown[]) => Promise<readonly CatalogueRow[]>

export type CatalogueRow = { readonly [column: string]: unknown }

export interface ReadOptions {
  /** Names of types that stand in for types the database doesn't have, as `format_type` prints them, with the real ones. */
  readonly standIns?: ReadonlyMap<string, string>
}

/**
 * Reads all tables, views, types and keys. `query` must always ask the same session: names in types and
 * expressions are printed for the search path `public`, which is set for the time of reading.
 */
export async function readCatalogue(query: Query, options: ReadOptions = {}): Promise<ServerSchema> {
  const before = text((await query(`SELECT pg_catalog.current_setting('search_path') AS path`))[0]?.['path'])
  await query(`SELECT pg_catalog.set_config('search_path', 'public', false)`)
  try {
    return toSchema(
      {
        entities: await query(ENTITIES),
        attributes: await query(ATTRIBUTES),
        keys: await query(KEYS),
        foreignKeys: await query(FOREIGN_KEYS),
        types: await query(TYPES),
        sizes: await query(SIZES),
      },
      options,
    )
  } finally {
    await query(`SELECT pg_catalog.set_config('search_path', $1, false)`, [before])
  }
}

type Answers = {
  readonly [part in 'entities' | 'attributes' | 'keys' | 'foreignKeys' | 'types' | 'sizes']: readonly CatalogueRow[]
}

interface EntityDraft {
  readonly row: CatalogueRow
  readonly id: string
  readonly attributes: ServerEntity['attributes']
  readonly attributeIdByNumber: Map<number, string>
  primaryKey: string[]
  readonly uniques: ServerEntity['uniques']
  readonly foreignKeys: ServerEntity['foreignKeys']
}

function toSchema(answers: Answers, { standIns }: ReadOptions): ServerSchema {
  const makeId = createIdMaker()
  const serverTypes: ServerSchema['serverTypes'] = {}
  const typeIdByOid = new Map<string, string>()
  for (const row of answers.types) {
    const id = makeId('st', text(row['schema']), text(row['name']))
    typeIdByOid.set(text(row['oid']), id)
    serverTypes[id] = toType(id, row)
  }

  const drafts = new Map<string, EntityDraft>()
  for (const row of answers.entities) {
    drafts.set(text(row['oid']), {
      row,
      id: makeId('se', text(row['schema']), text(row['name'])),
      attributes: {},
      attributeIdByNumber: new Map(),
      primaryKey: [],
      uniques: [],
      foreignKeys: {},
    })
  }
  const sizes = new Map(
    answers.sizes.map((row) => [JSON.stringify([row['entity'], row['name']]), Number(row['bytes'])]),
  )
  for (const row of answers.attributes) {
    const draft = drafts.get(text(row['entity']))
    if (draft === undefined) continue
    const id = makeId('sa', text(draft.row['schema']), text(draft.row['name']), text(row['name']))
    draft.attributeIdByNumber.set(Number(row['number']), id)
    const size = sizes.get(JSON.stringify([row['entity'], row['name']])) ?? null
    draft.attributes[id] = {
      ...toAttribute(id, draft.attributeIdByNumber.size, row, typeIdByOid, standIns),
      averageBytes: size,
    }
  }
  for (const row of answers.keys) {
    const draft = drafts.get(text(row['entity']))
    if (draft === undefined) continue
    const attributes = toAttributeIds(draft, row['attributes'])
    if (row['is_primary'] === true) draft.primaryKey = attributes
    else draft.uniques.push({ name: text(row['name']), attributes })
  }
  for (const row of answers.foreignKeys) {
    const draft = drafts.get(text(row['entity']))
    const referenced = drafts.get(text(row['referenced']))
    if (draft === undefined || referenced === undefined) continue
    const name = text(row['name'])
    const id = makeId('fk', text(draft.row['schema']), text(draft.row['name']), name)
    draft.foreignKeys[id] = {
      id,
      name,
      attributes: toAttributeIds(draft, row['attributes']),
      entity: referenced.id,
      referencedAttributes: toAttributeIds(referenced, row['referenced_attributes']),
      onDelete: toAction(text(row['on_delete'])),
      onUpdate: toAction(text(row['on_update'])),
      deferrable: row['deferrable'] === true,
    }
  }

  const serverEntities: ServerSchema['serverEntities'] = {}
  for (const draft of drafts.values()) {
    const { id, attributes, primaryKey, uniques, foreignKeys, row } = draft
    serverEntities[id] = {
      id,
      schema: text(row['schema']),
      name: text(row['name']),
      kind: toKind(text(row['kind'])),
      attributes,
      primaryKey,
      uniques,
      foreignKeys,
      rowEstimate: row['estimate'] === null ? null : Number(row['estimate']),
      comment: nullableText(row['comment']),
    }
  }
  return { serverTypes, serverEntities }
}

function toType(id: string, row: CatalogueRow): ServerType {
  const named = { id, schema: text(row['schema']), name: text(row['name']) }
  if (row['kind'] === 'e') return { ...named, kind: 'enum', values: texts(row['values']) }
  return {
    ...named,
    kind: 'domain',
    baseType: text(row['base_type']),
    nullable: row['nullable'] === true,
    default: nullableText(row['default_text']),
    checks: texts(row['checks']),
  }
}

function toAttribute(
  id: string,
  order: number,
  row: CatalogueRow,
  typeIdByOid: ReadonlyMap<string, string>,
  standIns: ReadOptions['standIns'],
): Omit<ServerAttribute, 'averageBytes'> {
  const isGenerated = row['generated'] !== ''
  const printed = text(row['type'])
  return {
    id,
    order,
    name: text(row['name']),
    type: withoutStandIn(printed, standIns),
    typeId: typeIdByOid.get(text(row['element_type'])) ?? null,
    nullable: row['nullable'] === true,
    default: isGenerated ? null : nullableText(row['expression']),
    identity: row['identity'] === 'a' ? 'always' : row['identity'] === 'd' ? 'by-default' : null,
    generated: isGenerated ? nullableText(row['expression']) : null,
    comment: nullableText(row['comment']),
  }
}

function withoutStandIn(printed: string, standIns: ReadOptions['standIns']): string {
  const [, element = '', dimensions = ''] = /^(.*?)((?:\[\])*)$/s.exec(printed) ?? []
  const real = standIns?.get(element)
  return real === undefined ? printed : real + dimensions
}

function toAttributeIds(draft: EntityDraft, numbers: unknown): string[] {
  if (!Array.isArray(numbers)) throw new Error('The catalogue answered a list of columns that is not an array.')
  return numbers.map((number) => {
    const id = draft.attributeIdByNumber.get(Number(number))
    if (id === undefined)
      throw new Error(`The catalogue names column ${number} of ${draft.row['name']}, which it does not list.`)
    return id
  })
}

function toKind(relkind: string): ServerEntity['kind'] {
  switch (relkind) {
    case 'p':
      return 'partitioned-table'
    case 'v':
      return 'view'
    case 'm':
      return 'materialized-view'
    case 'f':
      return 'foreign-table'
    default:
      return 'table'
  }
}

function toAction(code: string): ReferentialAction {
  switch (code) {
    case 'r':
      return 'restrict'
    case 'c':
      return 'cascade'
    case 'n':
      return 'set-null'
    case 'd':
      return 'set-default'
    default:
      return 'no-action'
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`The catalogue answered ${typeof value} where a text was asked for.`)
  return value
}

function nullableText(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value)
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : []
}
