import { syncable } from '@/designer/model/keys'
import { keyNotOnDevice } from '@/designer/model/operations/local-entities'
import type { Project, ServerEntity } from '@/designer/model/project'

export interface PickerTable {
  readonly entity: ServerEntity
  /** With its schema where there is more than one. */
  readonly label: string
  readonly searchText: string
  readonly onDevice: boolean
  /** Why it can't be chosen, or null. */
  readonly problem: string | null
}

/** The tables of the schema as they can be chosen: by name, those of `public` first. Views are nobody's tables. */
export function pickerTables(
  project: Pick<Project, 'serverEntities' | 'serverTypes' | 'localEntities'>,
): PickerTable[] {
  const onDevice = new Set(Object.values(project.localEntities).map(({ root }) => root))
  return Object.values(project.serverEntities)
    .filter(({ kind }) => kind === 'table' || kind === 'partitioned-table' || kind === 'foreign-table')
    .sort(
      (a, b) =>
        Number(b.schema === 'public') - Number(a.schema === 'public') ||
        a.schema.localeCompare(b.schema) ||
        a.name.localeCompare(b.name),
    )
    .map((entity) => {
      const can = syncable(entity)
      return {
        entity,
        label: entity.schema === 'public' ? entity.name : `${entity.schema}.${entity.name}`,
        searchText: `${entity.schema}.${entity.name}`.toLowerCase(),
        onDevice: onDevice.has(entity.id),
        problem: can.kind === 'not-syncable' ? can.reason : keyNotOnDevice(project, entity),
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
