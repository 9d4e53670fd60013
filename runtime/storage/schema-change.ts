/** What makes a device's tables of one bundle differ from those of another. */
import type { Bundle, EntityContract, TypeContract } from '../contract'
import { columnTypeOf } from './column-type/column-type'
import { IncompatibleStoreError } from './device-store'

/** What tables and triggers are made from. */
export type TableSchema = Pick<Bundle, 'projectId' | 'entities' | 'types'>

export function tableSchema({ projectId, types, entities }: TableSchema): TableSchema {
  return { projectId, types, entities }
}

/** True where the tables, and what is captured of them, are the same; parts that only the server reads change nothing. */
export function sameSchema(a: TableSchema, b: TableSchema): boolean {
  const local = ({ types, entities }: TableSchema) =>
    JSON.stringify([types, entities.map((entity) => ({ ...entity, server: null, scope: null, uniques: null }))])
  return local(a) === local(b)
}

/** Rejects where what is there belongs to another project, so that nothing of it is touched. */
export function assertSameProject(before: TableSchema, bundle: Pick<Bundle, 'projectId' | 'projectName'>): void {
  if (before.projectId === bundle.projectId) return
  throw new IncompatibleStoreError(
    `This device's database was made by another project, and ${bundle.projectName}'s bundle can't carry it over. ` +
      'Nothing was changed in it. Open it with the bundle that made it and sync, then start with a new database.',
  )
}

/** Rejects where edits wait that know their rows by a key that the new bundle doesn't have. */
export function assertKeysStay(
  before: TableSchema,
  bundle: Pick<Bundle, 'entities' | 'projectName'>,
  hasEdits: (entity: string) => boolean,
): void {
  const changed = bundle.entities.filter(({ id, key }) => {
    const old = before.entities.find((entity) => entity.id === id)
    return old !== undefined && JSON.stringify(old.key) !== JSON.stringify(key) && hasEdits(id)
  })
  if (changed.length === 0) return
  throw new IncompatibleStoreError(
    `The key of ${changed.map(({ name }) => name).join(', ')} is another in this version of ${bundle.projectName}'s bundle, and edits of it wait to be sent. ` +
      'Nothing was changed. Open the database with the bundle that made it and sync, then open it with this one.',
  )
}

/** Where a pull that is under way is kept in the meta values; its pages are of no use to other tables. */
export const PULL_META = 'pull'

/** True where the device lacks values that the entity now has, so that it must be pulled anew. */
export function hasGrown(
  before: EntityContract,
  after: EntityContract,
  oldTypes: readonly TypeContract[],
  newTypes: readonly TypeContract[],
): boolean {
  return after.attributes.some((attribute) => {
    const old = before.attributes.find(({ id }) => id === attribute.id)
    return (
      old === undefined ||
      old.column !== attribute.column ||
      old.sensitive !== attribute.sensitive ||
      columnTypeOf(old, oldTypes).base !== columnTypeOf(attribute, newTypes).base
    )
  })
}
