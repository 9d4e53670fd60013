import { createStore, type StoreApi } from 'zustand/vanilla'

export type BottomTab = 'problems' | 'checklist' | 'scope' | 'budget' | 'code' | 'document'

/** What is asked of the canvas of Data mode from elsewhere. */
export type CanvasCommand = 'arrange' | 'export-picture' | 'note' | 'group' | 'select-all' | 'rename'

export interface PanelsState {
  readonly bottomOpen: boolean
  readonly bottomTab: BottomTab
  readonly palette: boolean
  readonly shortcuts: boolean
  /** "Add entities from database…" */
  readonly picker: boolean
  readonly reimport: boolean
  /** What the canvas should bring into view; a new object each time, so that asking twice works twice. */
  readonly reveal: { readonly id: string; readonly among?: 'all' } | null
  /** Sections of the inspector that are folded away. */
  readonly folded: ReadonlySet<string>
  /** What the left panel of Data mode lists: the server's tables, or what is on the canvas. */
  readonly leftTab: 'schema' | 'outline'
  /** Waits until the canvas has taken it. */
  readonly canvasCommand: CanvasCommand | null
  /** Which scope was asked for, where somebody came for one of them. */
  readonly scope: 'read' | 'write' | null
  /** The address of each mode as it was last left. */
  readonly lastQueryByMode: Readonly<Record<string, string>>
}

export interface PanelsStore extends StoreApi<PanelsState> {
  readonly showBottom: (tab: BottomTab) => void
  readonly toggleBottom: () => void
}

export function createPanelsStore(): PanelsStore {
  const store = createStore<PanelsState>(() => ({
    bottomOpen: false,
    bottomTab: 'problems',
    palette: false,
    shortcuts: false,
    picker: false,
    reimport: false,
    reveal: null,
    scope: null,
    folded: new Set(['relations', 'indexes']),
    leftTab: 'schema',
    canvasCommand: null,
    lastQueryByMode: {},
  }))
  return {
    ...store,
    showBottom: (tab) => store.setState({ bottomOpen: true, bottomTab: tab }),
    toggleBottom: () => store.setState(({ bottomOpen }) => ({ bottomOpen: !bottomOpen })),
  }
}
