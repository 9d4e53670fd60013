import type { Project } from '@/designer/model/project'
import type { ProjectStore } from './project-store'
import { hasUnsavedWork } from './save-machine'

/** What the server answered to a save. */
export type SaveAnswer =
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'stale'; readonly current: { readonly project: Project; readonly revision: number } }
  /** No answer came: the server or the network is away. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly message: string }

export interface Merged {
  readonly project: Project
  /** What both sides had changed, in words; ours was kept there. */
  readonly overlaps: readonly string[]
}

export interface AutosavePorts {
  readonly save: (revision: number, project: Project) => Promise<SaveAnswer>
  readonly load: () => Promise<{ readonly project: Project; readonly revision: number } | null>
  readonly merge: (base: Project, ours: Project, theirs: Project) => Merged
  /** Runs `fn` once after `delayMs`; answers a function that cancels it. */
  readonly after: (delayMs: number, fn: () => void) => () => void
  /** Told whenever edits from elsewhere came in. */
  readonly onMerged: (overlaps: readonly string[]) => void
  readonly onSaved: (revision: number) => void
}

export interface Autosave {
  /** Saves at once what is not saved yet, and resolves when nothing is left or the server is away. */
  readonly flush: () => Promise<void>
  /** Another tab saved this revision. */
  readonly savedElsewhere: (revision: number) => Promise<void>
  readonly stop: () => void
}

/** Long enough to join keystrokes, short enough that nobody waits for it. */
const DEBOUNCE_MS = 600
const RETRY_MS = 3000

/**
 * Saves whatever the store's project becomes. Never overwrites: a save that is stale takes the other
 * edits in first, and only then saves both together.
 */
export function createAutosave(store: ProjectStore, ports: AutosavePorts): Autosave {
  let base = store.getState().history.project
  let cancelTimer = () => {}
  let running: Promise<void> | null = null
  let stopped = false

  const schedule = (delayMs: number) => {
    cancelTimer()
    if (!stopped) cancelTimer = ports.after(delayMs, () => void saveNow())
  }

  const saveNow = (): Promise<void> => {
    cancelTimer()
    running ??= saveOnce().finally(() => {
      running = null
    })
    return running
  }

  const saveOnce = async (): Promise<void> => {
    if (store.saveEvent('save') !== 'saving') return
    const { history, revision } = store.getState()
    const answer = await ports.save(revision, history.project)
    if (stopped) return
    switch (answer.kind) {
      case 'saved':
        base = history.project
        store.setRevision(answer.revision)
        ports.onSaved(answer.revision)
        if (hasUnsavedWork(store.saveEvent('succeeded'))) schedule(DEBOUNCE_MS)
        return
      case 'stale':
        store.saveEvent('stale')
        takeIn(answer.current)
        schedule(0)
        return
      case 'unreachable':
        store.saveEvent('unreachable', 'The server does not answer. Your work is kept here and saved when it is back.')
        schedule(RETRY_MS)
        return
      case 'refused':
        store.saveEvent('refused', answer.message)
    }
  }

  const takeIn = (current: { project: Project; revision: number }) => {
    const { project, overlaps } = ports.merge(base, store.getState().history.project, current.project)
    base = current.project
    store.setRevision(current.revision)
    store.takeIn(project)
    store.saveEvent('merged')
    ports.onMerged(overlaps)
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.history.project === before.history.project || state.merges !== before.merges) return
    if (store.saveEvent('edited', state.save.message) === 'unsaved') schedule(DEBOUNCE_MS)
  })

  return {
    flush: async () => {
      while (!stopped) {
        await saveNow()
        const { state } = store.getState().save
        if (state !== 'unsaved') return
      }
    },
    savedElsewhere: async (revision) => {
      if (revision <= store.getState().revision || store.getState().save.state !== 'saved') return
      const current = await ports.load()
      const { save, history } = store.getState()
      // Work begun meanwhile is merged by its own save, which will find itself stale.
      if (stopped || !current || current.revision <= store.getState().revision) return
      if (save.state !== 'saved' || history.project !== base) return
      base = current.project
      store.setRevision(current.revision)
      store.takeIn(current.project)
      ports.onMerged([])
    },
    stop: () => {
      stopped = true
      cancelTimer()
      unsubscribe()
    },
  }
}
