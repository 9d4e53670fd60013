import { createStore, type StoreApi } from 'zustand/vanilla'
import { applyOperation, createHistory, type History, redo, type Step, undo } from '@/designer/model/history'
import { Project } from '@/designer/model/project'
import { nextSaveState, type SaveEvent, type SaveState } from './save-machine'

export interface SaveStatus {
  readonly state: SaveState
  /** Why it is not saved, where there is something to say. */
  readonly message: string | null
}

export interface ProjectState {
  readonly history: History
  /** The revision that the server knew when we last agreed with it. */
  readonly revision: number
  readonly save: SaveStatus
  /** Counts how often edits from elsewhere were taken in. */
  readonly merges: number
}

export type StepOutcome =
  | { readonly kind: 'done'; readonly label: string }
  | { readonly kind: 'nothing' }
  /** What the step would change was changed elsewhere in a way that leaves it no sense. */
  | { readonly kind: 'overtaken'; readonly label: string }

export interface ProjectStore extends StoreApi<ProjectState> {
  /** Runs a named operation as one step that can be undone; answers what the operation answered. */
  readonly apply: <Result>(
    label: string,
    operation: (draft: Project) => Result,
    options?: { readonly coalesce?: string },
  ) => Result
  readonly undo: () => StepOutcome
  readonly redo: () => StepOutcome
  /** Puts a project in place that holds edits from elsewhere; our own steps stay. */
  readonly takeIn: (project: Project) => void
  /** Tells the save state what happened; answers the state that follows. */
  readonly saveEvent: (event: SaveEvent, message?: string | null) => SaveState
  readonly setRevision: (revision: number) => void
}

/** The one place where the open project lives in the browser. */
export function createProjectStore(initial: { readonly project: Project; readonly revision: number }): ProjectStore {
  const store = createStore<ProjectState>(() => ({
    history: createHistory(initial.project),
    revision: initial.revision,
    save: { state: 'saved', message: null },
    merges: 0,
  }))

  const travel = (step: Step | undefined, go: (history: History) => History, drop: (history: History) => History) => {
    if (!step) return { kind: 'nothing' } as const
    const { history, merges } = store.getState()
    const next = merges === 0 ? go(history) : goCarefully(history, go)
    store.setState({ history: next ?? drop(history) })
    return { kind: next ? 'done' : 'overtaken', label: step.label } as const
  }

  return {
    ...store,
    apply: (label, operation, options) => {
      const { history, result } = applyOperation(store.getState().history, label, operation, options)
      store.setState({ history })
      return result
    },
    undo: () =>
      travel(store.getState().history.past.at(-1), undo, (history) => ({
        ...history,
        past: history.past.slice(0, -1),
      })),
    redo: () =>
      travel(store.getState().history.future[0], redo, (history) => ({ ...history, future: history.future.slice(1) })),
    takeIn: (project) =>
      store.setState(({ history, merges }) => ({ history: { ...history, project }, merges: merges + 1 })),
    saveEvent: (event, message = null) => {
      const state = nextSaveState(store.getState().save.state, event)
      const before = store.getState().save
      if (before.state !== state || before.message !== message) store.setState({ save: { state, message } })
      return state
    },
    setRevision: (revision) => store.setState({ revision }),
  }
}

/** After a merge a step's patches may no longer fit: then the answer is null and the project stays as it is. */
function goCarefully(history: History, go: (history: History) => History): History | null {
  try {
    const next = go(history)
    return Project.safeParse(next.project).success ? next : null
  } catch {
    return null
  }
}
