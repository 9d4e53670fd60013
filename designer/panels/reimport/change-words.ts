import type { ServerEntity, ServerSchema } from '@/designer/model/project'
import type { SchemaChange } from '@/designer/model/schema-diff/schema-change'
import { counted } from '../ui/format'
import { shortTypeName } from '../ui/type-name'

/** What a change does to the schema as it is in the project. */
export type ChangeSort = 'added' | 'removed' | 'renamed' | 'changed'

export interface ChangeWords {
  readonly sort: ChangeSort
  /** The column or whatever else it is about; null for the table itself. */
  readonly name: string | null
  readonly text: string
}

/** One line for each change: its subject, and what about it is otherwise. */
export function changeWords(change: SchemaChange, before: ServerSchema, after: ServerSchema): ChangeWords {
  switch (change.kind) {
    case 'entity-added': {
      const entity = after.serverEntities[change.entity]
      return added(null, `new ${kindWord(entity)} of ${counted(columnsOf(entity).length, 'column')}`)
    }
    case 'entity-removed':
      return removed(null, `the ${kindWord(before.serverEntities[change.entity])} is gone`)
    case 'entity-renamed': {
      const moved = change.from.schema !== change.to.schema
      const name = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
        moved ? `${schema}.${name}` : name
      return { sort: 'renamed', name: null, text: `${name(change.from)} → ${name(change.to)}` }
    }
    case 'entity-kind':
      return changed(null, `${change.from.replace('-', ' ')} → ${change.to.replace('-', ' ')}`)
    case 'attribute-added': {
      const attribute = after.serverEntities[change.entity]?.attributes[change.attribute]
      const type = attribute === undefined ? '' : shortTypeName(attribute.type)
      return added(attribute?.name ?? change.attribute, `new column ${type}${attribute?.nullable ? '' : ', not null'}`)
    }
    case 'attribute-removed':
      return removed(nameOf(before, change), 'the column is gone')
    case 'attribute-renamed':
      return { sort: 'renamed', name: change.from, text: `→ ${change.to}` }
    case 'attribute-type':
      return changed(nameOf(after, change), `type ${shortTypeName(change.from)} → ${shortTypeName(change.to)}`)
    case 'attribute-nullable':
      return changed(nameOf(after, change), change.to ? 'may be null now' : 'not null now')
    case 'attribute-filling':
      return changed(nameOf(after, change), `${change.from ?? 'no default'} → ${change.to ?? 'no default'}`)
    case 'key':
      return changed('primary key', `${listed(change.from)} → ${listed(change.to)}`)
    case 'uniques':
      return changed('unique', `${uniquesOf(before, change.entity)} → ${uniquesOf(after, change.entity)}`)
    case 'reference-added':
      return added(null, `new reference ${referenceWords(after, change)}`)
    case 'reference-removed':
      return removed(null, `the reference ${referenceWords(before, change)} is gone`)
    case 'reference-changed':
      return changed(null, `reference ${referenceWords(before, change)}, now ${referenceWords(after, change)}`)
    case 'type-added':
      return added(after.serverTypes[change.type]?.name ?? change.type, `new ${after.serverTypes[change.type]?.kind}`)
    case 'type-removed':
      return removed(before.serverTypes[change.type]?.name ?? change.type, 'the type is gone')
    case 'type-renamed':
      return {
        sort: 'renamed',
        name: before.serverTypes[change.type]?.name ?? change.type,
        text: `→ ${after.serverTypes[change.type]?.name}`,
      }
    case 'type-changed':
      return changed(after.serverTypes[change.type]?.name ?? change.type, typeWords(before, after, change.type))
    case 'details':
      return changed(null, 'Row counts, sizes, comments and the order of columns, as they were found')
  }
}

const words =
  (sort: ChangeSort) =>
  (name: string | null, text: string): ChangeWords => ({ sort, name, text })
const added = words('added')
const removed = words('removed')
const changed = words('changed')

const kindWord = (entity: ServerEntity | undefined): string => entity?.kind.replaceAll('-', ' ') ?? 'table'

const columnsOf = (entity: ServerEntity | undefined): string[] => Object.keys(entity?.attributes ?? {})

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))

const nameOf = (schema: ServerSchema, { entity, attribute }: { readonly entity: string; readonly attribute: string }) =>
  schema.serverEntities[entity]?.attributes[attribute]?.name ?? attribute

function uniquesOf(schema: ServerSchema, id: string): string {
  const entity = schema.serverEntities[id]
  return listed(
    (entity?.uniques ?? []).map(
      ({ attributes }) => `(${attributes.map((each) => entity?.attributes[each]?.name ?? each).join(', ')})`,
    ),
  )
}

function referenceWords(
  schema: ServerSchema,
  { entity: id, foreignKey }: { readonly entity: string; readonly foreignKey: string },
): string {
  const entity = schema.serverEntities[id]
  const key = entity?.foreignKeys[foreignKey]
  if (entity === undefined || key === undefined) return foreignKey
  const from = key.attributes.map((each) => entity.attributes[each]?.name ?? each).join(', ')
  const action = key.onDelete === 'no-action' ? '' : ` (on delete ${key.onDelete.replace('-', ' ')})`
  return `${from} → ${schema.serverEntities[key.entity]?.name ?? key.entity}${action}`
}

function typeWords(before: ServerSchema, after: ServerSchema, id: string): string {
  const [old, now] = [before.serverTypes[id], after.serverTypes[id]]
  if (old?.kind !== 'enum' || now?.kind !== 'enum') return 'is otherwise now'
  const gone = old.values.filter((value) => !now.values.includes(value))
  const fresh = now.values.filter((value) => !old.values.includes(value))
  return [
    fresh.length > 0 ? `new values ${listed(fresh)}` : null,
    gone.length > 0 ? `without ${listed(gone)}` : null,
    fresh.length + gone.length === 0 ? 'another order of values' : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
