/** What a column that is gone may be called now, where nothing but somebody who knows can tell. */
import type { ServerSchema } from '../project'
import { qualifiedName, type Rename } from './kept-ids'
import type { SchemaChange } from './schema-change'

export interface NewName {
  readonly name: string
  readonly rename: Rename
}

/** The new columns of its table. `read` has the ids that are kept, `after` those that were read. */
export function newNamesOf(
  change: SchemaChange,
  changes: readonly SchemaChange[],
  read: ServerSchema,
  after: ServerSchema,
): readonly NewName[] {
  if (change.kind !== 'attribute-removed') return []
  const table = read.serverEntities[change.entity]
  if (table === undefined) return []
  const tableRead = Object.values(after.serverEntities).find((each) => qualifiedName(each) === qualifiedName(table))
  if (tableRead === undefined) return []
  const added = new Set(
    changes.flatMap((each) =>
      each.kind === 'attribute-added' && each.entity === change.entity
        ? (table.attributes[each.attribute]?.name ?? [])
        : [],
    ),
  )
  return Object.values(tableRead.attributes)
    .filter(({ name }) => added.has(name))
    .sort((a, b) => a.order - b.order)
    .map(({ id, name }) => ({
      name,
      rename: { kind: 'attribute', entity: tableRead.id, from: change.attribute, to: id },
    }))
}
