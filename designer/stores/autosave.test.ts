import { describe, expect, test } from 'vitest'
import { emptyProject, mergeProjects, type Project, renameProject } from '@/designer/model'
import { type AutosavePorts, createAutosave, type SaveAnswer } from './autosave'
import { createProjectStore, type ProjectStore } from './project-store'

const BASE = emptyProject({ id: 'pr_test', name: 'Base' })

/** A server that keeps one project, as the real one does: a save from an old revision is refused with what is there. */
function createServer(project: Project) {
  let stored = { project, revision: 1 }
  let away = false
  return {
    get stored() {
      return stored
    },
    setAway: (next: boolean) => {
      away = next
    },
    save: async (revision: number, next: Project): Promise<SaveAnswer> => {
      if (away) return { kind: 'unreachable' }
      if (revision !== stored.revision) return { kind: 'stale', current: stored }
      stored = { project: next, revision: revision + 1 }
      return { kind: 'saved', revision: stored.revision }
    },
    load: async () => stored,
  }
}

/** One open window on the server's project; its timers run when the test says so. */
function openWindow(server: ReturnType<typeof createServer>, ports: Partial<AutosavePorts> = {}) {
  const store = createProjectStore(server.stored)
  const timers = new Set<() => void>()
  const merges: (readonly string[])[] = []
  const autosave = createAutosave(store, {
    save: server.save,
    load: server.load,
    merge: (base, ours, theirs) => {
      const { project, overlaps } = mergeProjects(base, ours, theirs)
      return { project, overlaps: overlaps.map((path) => path.join('.')) }
    },
    after: (_delayMs, fn) => {
      timers.add(fn)
      return () => timers.delete(fn)
    },
    onMerged: (overlaps) => merges.push(overlaps),
    onSaved: () => {},
    ...ports,
  })
  return { store, autosave, merges, timers }
}

const rename = (store: ProjectStore, name: string) => store.apply('Rename', (draft) => renameProject(draft, name))
const saveState = (store: ProjectStore) => store.getState().save.state
const nameOf = (project: Project) => project.name
const nameIn = (store: ProjectStore) => nameOf(store.getState().history.project)

describe('autosave', () => {
  test('an edit waits for its timer and is then on the server', async () => {
    const server = createServer(BASE)
    const { store, autosave, timers } = openWindow(server)
    rename(store, 'First')
    expect(saveState(store)).toBe('unsaved')
    expect(timers.size).toBe(1)
    await autosave.flush()
    expect(saveState(store)).toBe('saved')
    expect(server.stored).toMatchObject({ revision: 2, project: { name: 'First' } })
  })

  test('an edit made while a save runs is saved by the next one', async () => {
    const server = createServer(BASE)
    const { store, autosave } = openWindow(server)
    rename(store, 'First')
    const flushed = autosave.flush()
    rename(store, 'Second')
    expect(saveState(store)).toBe('behind')
    await flushed
    expect(saveState(store)).toBe('saved')
    expect(nameOf(server.stored.project)).toBe('Second')
  })

  test('a server that is away loses nothing, and the retry saves it', async () => {
    const server = createServer(BASE)
    const { store, autosave, timers } = openWindow(server)
    server.setAway(true)
    rename(store, 'First')
    await autosave.flush()
    expect(saveState(store)).toBe('offline')
    expect(store.getState().save.message).toContain('does not answer')
    expect(timers.size).toBe(1)
    server.setAway(false)
    await autosave.flush()
    expect(saveState(store)).toBe('saved')
    expect(nameOf(server.stored.project)).toBe('First')
  })

  test('two windows that edit different things both keep their edits', async () => {
    const server = createServer(BASE)
    const one = openWindow(server)
    const two = openWindow(server)
    rename(one.store, 'Renamed')
    two.store.apply('Set the users', (draft) => {
      draft.requirements.users = 12
    })
    await one.autosave.flush()
    await two.autosave.flush()
    expect(server.stored.project).toMatchObject({ name: 'Renamed', requirements: { users: 12 } })
    expect(nameIn(two.store)).toBe('Renamed')
    expect(two.merges).toEqual([[]])
  })

  test('two windows that edit the same thing keep one version and say so', async () => {
    const server = createServer(BASE)
    const one = openWindow(server)
    const two = openWindow(server)
    rename(one.store, 'One')
    rename(two.store, 'Two')
    await one.autosave.flush()
    await two.autosave.flush()
    expect(nameOf(server.stored.project)).toBe('Two')
    expect(two.merges).toEqual([['name']])
  })

  test('a window without work of its own takes in what another one saved', async () => {
    const server = createServer(BASE)
    const one = openWindow(server)
    const two = openWindow(server)
    rename(one.store, 'One')
    await one.autosave.flush()
    await two.autosave.savedElsewhere(2)
    expect(nameIn(two.store)).toBe('One')
    expect(saveState(two.store)).toBe('saved')
    rename(two.store, 'Two')
    await two.autosave.flush()
    expect(server.stored).toMatchObject({ revision: 3, project: { name: 'Two' } })
  })

  test('a refusal stops the saving and keeps the reason', async () => {
    const server = createServer(BASE)
    const { store, autosave, timers } = openWindow(server, {
      save: async () => ({ kind: 'refused', message: 'There is no such project.' }),
    })
    rename(store, 'First')
    await autosave.flush()
    expect(store.getState().save).toEqual({ state: 'refused', message: 'There is no such project.' })
    expect(timers.size).toBe(0)
  })
})

describe('undo', () => {
  test('takes an edit back and is itself saved', async () => {
    const server = createServer(BASE)
    const { store, autosave } = openWindow(server)
    rename(store, 'First')
    await autosave.flush()
    expect(store.undo()).toEqual({ kind: 'done', label: 'Rename' })
    await autosave.flush()
    expect(nameOf(server.stored.project)).toBe('Base')
    expect(store.redo()).toEqual({ kind: 'done', label: 'Rename' })
    expect(nameIn(store)).toBe('First')
  })

  test('after a merge takes back our own edit and leaves the others', async () => {
    const server = createServer(BASE)
    const one = openWindow(server)
    const two = openWindow(server)
    rename(one.store, 'One')
    two.store.apply('Set the users', (draft) => {
      draft.requirements.users = 12
    })
    await one.autosave.flush()
    await two.autosave.flush()
    two.store.undo()
    expect(two.store.getState().history.project).toMatchObject({ name: 'One', requirements: { users: null } })
  })

  test('of nothing is nothing', () => {
    expect(openWindow(createServer(BASE)).store.undo()).toEqual({ kind: 'nothing' })
  })
})
