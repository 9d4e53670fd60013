import { inOrder } from '@/designer/model/operations/order'
import type { LocalAttribute, LocalEntity } from '@/designer/model/project'

/** One visible line of the outline: a local entity, or an attribute of one that is open. */
export type OutlineRow =
  | { readonly kind: 'entity'; readonly key: string; readonly entity: LocalEntity; readonly expanded: boolean }
  | {
      readonly kind: 'attribute'
      readonly key: string
      readonly entity: LocalEntity
      readonly attribute: LocalAttribute
    }

/** Entities by name; with a search those of that name, and those with an attribute of it, opened at it. */
export function outlineRows(
  localEntities: Readonly<Record<string, LocalEntity>>,
  search: string,
  expanded: ReadonlySet<string>,
): OutlineRow[] {
  const wanted = search.trim().toLowerCase()
  const has = (name: string) => name.toLowerCase().includes(wanted)
  return Object.values(localEntities)
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
    .flatMap((entity): OutlineRow[] => {
      const attributes = inOrder(entity.attributes).map(([, attribute]) => attribute)
      const byName = wanted === '' || has(entity.name)
      const found = byName ? attributes : attributes.filter(({ name }) => has(name))
      if (!byName && found.length === 0) return []
      const open = expanded.has(entity.id) || !byName
      const row: OutlineRow = { kind: 'entity', key: entity.id, entity, expanded: open }
      if (!open) return [row]
      return [
        row,
        ...found.map(
          (attribute): OutlineRow => ({ kind: 'attribute', key: `${entity.id}/${attribute.id}`, entity, attribute }),
        ),
      ]
    })
}
