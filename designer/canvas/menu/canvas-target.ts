import type { Point } from '@/designer/panels/data/data-mode-context'
import type { Selection } from '@/designer/stores/selection'
import type { Session } from '@/designer/stores/session'

/** What a menu was asked for. */
export type CanvasTarget =
  | { readonly kind: 'canvas'; readonly at: Point }
  | { readonly kind: 'cards'; readonly ids: readonly string[] }
  | { readonly kind: 'attribute'; readonly entity: string; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'note'; readonly id: string }

/** What lies under the pointer. A card of several that are selected stands for all of them. */
export function targetOf(element: Element, at: Point, { selection }: Session): CanvasTarget {
  const data = (attribute: string, name: string) =>
    element.closest<HTMLElement>(`[${attribute}]`)?.dataset[name] ?? undefined
  const entity = data('data-entity-id', 'entityId')
  if (entity !== undefined) {
    const { selection: selected } = selection.getState()
    const among = selected.kind === 'local-entities' && selected.ids.length > 1 && selected.ids.includes(entity)
    if (among) return { kind: 'cards', ids: selected.ids }
    const attribute = data('data-attribute-id', 'attributeId')
    return attribute === undefined ? { kind: 'cards', ids: [entity] } : { kind: 'attribute', entity, id: attribute }
  }
  const group = data('data-group-id', 'groupId')
  if (group !== undefined) return { kind: 'group', id: group }
  const note = data('data-note-id', 'noteId')
  if (note !== undefined) return { kind: 'note', id: note }
  // The box that React Flow draws around several lies over them.
  if (element.closest('.react-flow__nodesselection')) {
    const { selection: selected } = selection.getState()
    if (selected.kind === 'local-entities') return { kind: 'cards', ids: selected.ids }
  }
  return { kind: 'canvas', at }
}

/** A menu is about what is selected, so what it was asked for is selected first. */
export function selectTarget(target: CanvasTarget, { selection }: Session): void {
  const next = selectionOf(target)
  if (next) selection.select(next)
}

function selectionOf(target: CanvasTarget): Selection | null {
  switch (target.kind) {
    case 'canvas':
      return null
    case 'cards':
      return { kind: 'local-entities', ids: target.ids }
    case 'attribute':
      return { kind: 'local-attribute', entity: target.entity, id: target.id }
    case 'group':
    case 'note':
      return target
  }
}
