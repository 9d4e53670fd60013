import { followPath } from '@/designer/model/paths'
import type { Project, ServerAttribute, ServerEntity } from '@/designer/model/project'

/** What can be dragged out of the tree of server entities. `entity` is the table that it was found under. */
export type DragItem =
  | { readonly kind: 'table'; readonly entity: string }
  | { readonly kind: 'attribute'; readonly entity: string; readonly attribute: string }
  /** An attribute at the end of foreign keys. */
  | {
      readonly kind: 'path-attribute'
      readonly entity: string
      readonly path: readonly string[]
      readonly attribute: string
    }
  /** The table at the end of foreign keys, as a whole. */
  | { readonly kind: 'parent'; readonly entity: string; readonly path: readonly string[] }

export type DropTarget = { readonly kind: 'canvas' } | { readonly kind: 'card'; readonly entity: string }

type Schema = Pick<Project, 'serverEntities'>

/** The table that the item is, or is an attribute of. */
export function tableOf(project: Schema, item: DragItem): ServerEntity | null {
  if (item.kind === 'table' || item.kind === 'attribute') return project.serverEntities[item.entity] ?? null
  return followPath(project, item.entity, item.path)?.end ?? null
}

export function attributeOf(project: Schema, item: DragItem): ServerAttribute | null {
  if (item.kind === 'table' || item.kind === 'parent') return null
  return tableOf(project, item)?.attributes[item.attribute] ?? null
}

/** `customers.city`, as it is drawn beside the pointer. */
export function itemName(project: Schema, item: DragItem): string {
  const table = tableOf(project, item)?.name ?? '?'
  const attribute = attributeOf(project, item)
  return attribute ? `${table}.${attribute.name}` : table
}
