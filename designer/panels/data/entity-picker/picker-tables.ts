import { syncable } from '@/designer/model/keys'
import { keyNotOnDevice } from '@/designer/model/operations/local-entities'
import type { Project, ServerEntity } from '@/designer/model/project'

export interface PickerTable {
  readonly entity: ServerEntity
  /** With its schema where there is more than one. */
  readonly label: string
  readonly searchText: string
  readonly onDevice: boolean
  /** Why it can't be chosen, and what to do; or null. */
  readonly problem: string | null
  /** The same in two words, for its line; or null. */
  readonly problemInShort: string | null
}

/** What it is, where it is no plain table. */
export const KIND_NAMES: Readonly<Record<ServerEntity['kind'], string | null>> = {
  table: null,
  'partitioned-table': 'partitioned',
  view: 'view',
  'materialized-view': 'materialized view',
  'foreign-table': 'foreign table',
}

/** The tables and views of the schema, whether they can be chosen or not: by name, those of `public` first. */
export function pickerTables(
  project: Pick<Project, 'serverEntities' | 'serverTypes' | 'localEntities'>,
): PickerTable[] {
  const onDevice = new Set(Object.values(project.localEntities).map(({ root }) => root))
  return Object.values(project.serverEntities)
    .sort(
      (a, b) =>
        Number(b.schema === 'public') - Number(a.schema === 'public') ||
        a.schema.localeCompare(b.schema) ||
        a.name.localeCompare(b.name),
    )
    .map((entity) => {
      const can = syncable(entity)
      const kind = KIND_NAMES[entity.kind]
      const problem = can.kind === 'not-syncable' ? can.reason : keyNotOnDevice(project, entity)
      return {
        entity,
        label: entity.schema === 'public' ? entity.name : `${entity.schema}.${entity.name}`,
        searchText: `${entity.schema}.${entity.name}`.toLowerCase(),
        onDevice: onDevice.has(entity.id),
        problem,
        problemInShort:
          problem === null
            ? null
            : can.kind === 'syncable'
              ? 'its key can’t be on a device'
              : entity.primaryKey.length === 0 && (kind === null || entity.kind === 'partitioned-table')
                ? 'no primary key'
                : `${kind}, can’t be synced`,
      }
    })
}

export const matchingTables = (
  tables: readonly PickerTable[],
  { search, schema }: { readonly search: string; readonly schema: string | null },
): readonly PickerTable[] => {
  const wanted = search.trim().toLowerCase()
  return tables.filter(
    ({ entity, searchText }) => (schema === null || entity.schema === schema) && searchText.includes(wanted),
  )
}
