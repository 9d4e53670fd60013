import { createStore, type StoreApi } from 'zustand/vanilla'

export type BottomTab = 'problems' | 'checklist' | 'scope' | 'budget' | 'code' | 'document'

export interface PanelsState {
  readonly bottomOpen: boolean
  readonly bottomTab: BottomTab
  readonly palette: boolean
  readonly shortcuts: boolean
  /** What the canvas should bring into view; a new object each time, so that asking twice works twice. */
  readonly reveal: { readonly id: string; readonly among?: 'all' } | null
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
    reveal: null,
    lastQueryByMode: {},
  }))
  return {
    ...store,
    showBottom: (tab) => store.setState({ bottomOpen: true, bottomTab: tab }),
    toggleBottom: () => store.setState(({ bottomOpen }) => ({ bottomOpen: !bottomOpen })),
  }
}
