/**
 * Where the project stands against the server, as a total table: every state answers every event.
 *
 *   saved ─edited─► unsaved ─save─► saving ─succeeded─► saved
 *                      ▲              │ edited ► behind (a save runs, and there is newer work)
 *                      │              ├ unreachable ► offline ─save─► saving
 *                      │              ├ refused ► refused ─save─► saving
 *                      └── merged ── merging ◄─ stale
 */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'behind' | 'offline' | 'merging' | 'refused'

export type SaveEvent =
  /** The project changed here. */
  | 'edited'
  /** It is time to save. */
  | 'save'
  | 'succeeded'
  /** No answer from the server: trying again helps. */
  | 'unreachable'
  /** The server said no for a reason that waiting does not cure. */
  | 'refused'
  /** Somebody saved in between. */
  | 'stale'
  /** Their edits and ours are one project again, not yet saved. */
  | 'merged'

// biome-ignore format: one state, one line or two: it reads as a table.
export const SAVE_TRANSITIONS: Readonly<Record<SaveState, Readonly<Record<SaveEvent, SaveState>>>> = {
  saved: {
    edited: 'unsaved', save: 'saved', succeeded: 'saved', unreachable: 'saved', refused: 'saved', stale: 'saved',
    merged: 'unsaved',
  },
  unsaved: {
    edited: 'unsaved', save: 'saving', succeeded: 'unsaved', unreachable: 'unsaved', refused: 'unsaved',
    stale: 'unsaved', merged: 'unsaved',
  },
  saving: {
    edited: 'behind', save: 'saving', succeeded: 'saved', unreachable: 'offline', refused: 'refused',
    stale: 'merging', merged: 'saving',
  },
  behind: {
    edited: 'behind', save: 'behind', succeeded: 'unsaved', unreachable: 'offline', refused: 'refused',
    stale: 'merging', merged: 'behind',
  },
  offline: {
    edited: 'offline', save: 'saving', succeeded: 'offline', unreachable: 'offline', refused: 'refused',
    stale: 'merging', merged: 'unsaved',
  },
  merging: {
    edited: 'merging', save: 'merging', succeeded: 'merging', unreachable: 'merging', refused: 'refused',
    stale: 'merging', merged: 'unsaved',
  },
  refused: {
    edited: 'refused', save: 'saving', succeeded: 'refused', unreachable: 'refused', refused: 'refused',
    stale: 'merging', merged: 'unsaved',
  },
}

export function nextSaveState(state: SaveState, event: SaveEvent): SaveState {
  return SAVE_TRANSITIONS[state][event]
}

/** True while leaving the page would lose work. */
export function hasUnsavedWork(state: SaveState): boolean {
  return state !== 'saved'
}
