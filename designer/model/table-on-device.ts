/** Whether a table is on the device already: two local entities of one table would be two copies of its rows. */
import { inOrder } from './operations/order'
import type { LocalEntity, Project, ServerEntity } from './project'

type Model = Pick<Project, 'localEntities'>

/** The first local entity that is made of the table; `other` than this one, if given. */
export function entityOfTable(project: Model, table: string, other?: string): LocalEntity | null {
  return inOrder(project.localEntities).find(([id, { root }]) => root === table && id !== other)?.[1] ?? null
}

/** Why no further local entity can be made of the table, or null; `other` than this one, if given. */
export function onDeviceAlready(project: Model, table: ServerEntity, other?: string): string | null {
  const entity = entityOfTable(project, table.id, other)
  return entity === null ? null : `“${table.name}” is on the device already as “${entity.name}”.`
}
