import { createStore, type StoreApi } from 'zustand/vanilla'

/** What the user has selected. It lives apart from the project: selecting is no edit. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'local-entities'; readonly ids: readonly string[] }
  | { readonly kind: 'local-attribute'; readonly entity: string; readonly id: string }
  | { readonly kind: 'server-entity'; readonly id: string }
  | { readonly kind: 'sync-unit'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'note'; readonly id: string }
  | { readonly kind: 'flow-node'; readonly unit: string; readonly node: string }

export const NOTHING: Selection = { kind: 'none' }

export interface SelectionStore extends StoreApi<{ readonly selection: Selection }> {
  readonly select: (selection: Selection) => void
}

export function createSelectionStore(initial: Selection = NOTHING): SelectionStore {
  const store = createStore<{ readonly selection: Selection }>(() => ({ selection: initial }))
  return {
    ...store,
    select: (selection) => {
      if (selectionToQuery(selection) !== selectionToQuery(store.getState().selection)) store.setState({ selection })
    },
  }
}

/** The value of `?select=`, by which reload and back bring a selection back; null for none. */
export function selectionToQuery(selection: Selection): string | null {
  switch (selection.kind) {
    case 'none':
      return null
    case 'local-entities':
      return selection.ids.length > 0 ? `entity:${selection.ids.join(',')}` : null
    case 'local-attribute':
      return `attribute:${selection.entity},${selection.id}`
    case 'server-entity':
      return `table:${selection.id}`
    case 'sync-unit':
      return `unit:${selection.id}`
    case 'group':
    case 'note':
      return `${selection.kind}:${selection.id}`
    case 'flow-node':
      return `node:${selection.unit},${selection.node}`
  }
}

export function selectionFromQuery(query: string | null): Selection {
  const [, kind, rest] = /^(entity|attribute|table|unit|group|note|node):(.+)$/.exec(query ?? '') ?? []
  if (!kind || !rest) return NOTHING
  const [first = '', second] = rest.split(',')
  switch (kind) {
    case 'entity':
      return { kind: 'local-entities', ids: rest.split(',') }
    case 'attribute':
      return second ? { kind: 'local-attribute', entity: first, id: second } : NOTHING
    case 'table':
      return { kind: 'server-entity', id: first }
    case 'unit':
      return { kind: 'sync-unit', id: first }
    case 'group':
    case 'note':
      return { kind, id: first }
    default:
      return second ? { kind: 'flow-node', unit: first, node: second } : NOTHING
  }
}
