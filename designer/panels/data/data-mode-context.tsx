import { createContext, type ReactNode, useContext, useState } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { DragItem, DropTarget } from './drag/drag-item'
import { type DropMeaning, type LabelledChoice, possibleChoices } from './drag/drop-choice'

export interface Point {
  readonly x: number
  readonly y: number
}

/** Something that is being dragged out of the tree. */
export interface Drag extends Point {
  readonly item: DragItem
  readonly name: string
  /** Null where nothing can be let go. */
  readonly target: DropTarget | null
  readonly meaning: DropMeaning | null
}

export type DataDialog =
  | {
      readonly kind: 'add-entity'
      readonly root: string
      /** Chosen to begin with; null for all. */
      readonly attributes: readonly string[] | null
      /** Of the canvas; nowhere in particular where it was added by keyboard. */
      readonly position?: Point
      /** The local entity whose rows those of the new one are part of. */
      readonly childOf?: string
    }
  | { readonly kind: 'denormalise'; readonly entity: string; readonly path: readonly string[] | null }
  | { readonly kind: 'map-by-name'; readonly entity: string; readonly table: string }
  | { readonly kind: 'choose'; readonly at: Point; readonly choices: readonly LabelledChoice[] }

interface DataModeState {
  readonly drag: Drag | null
  readonly dialog: DataDialog | null
  /** The group whose name, or the note whose text is being written on the canvas. */
  readonly editing: string | null
}

export type DataModeStore = StoreApi<DataModeState>

const DataModeContext = createContext<DataModeStore | null>(null)

/** What Data mode shows for a moment: it belongs to no project and is in no address. */
export function DataModeProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(() => createStore<DataModeState>(() => ({ drag: null, dialog: null, editing: null })))
  return <DataModeContext value={store}>{children}</DataModeContext>
}

export function useDataModeStore(): DataModeStore {
  const store = useContext(DataModeContext)
  if (!store) throw new Error('useDataModeStore is used outside of Data mode')
  return store
}

export function useDataMode<Part>(select: (state: DataModeState) => Part): Part {
  return useStore(useDataModeStore(), select)
}

/** Whether a card would take what is dragged over it; null where nothing is. */
export function useDropOver(entity: string): 'takes' | 'refuses' | null {
  return useDataMode(({ drag }) =>
    drag?.target?.kind === 'card' && drag.target.entity === entity
      ? drag.meaning && possibleChoices(drag.meaning).length === 0
        ? 'refuses'
        : 'takes'
      : null,
  )
}
