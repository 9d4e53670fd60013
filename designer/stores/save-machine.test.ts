import { describe, expect, test } from 'vitest'
import { hasUnsavedWork, nextSaveState, SAVE_TRANSITIONS, type SaveEvent, type SaveState } from './save-machine'

const run = (start: SaveState, ...events: SaveEvent[]) => events.reduce(nextSaveState, start)

describe('the save state', () => {
  test('an edit that is saved ends as saved', () => {
    expect(run('saved', 'edited', 'save', 'succeeded')).toBe('saved')
  })

  test('an edit made during a save is still unsaved when that save succeeds', () => {
    expect(run('saved', 'edited', 'save', 'edited', 'succeeded')).toBe('unsaved')
  })

  test('a server that is away leaves the work to be saved at the next try', () => {
    expect(run('saved', 'edited', 'save', 'unreachable')).toBe('offline')
    expect(run('offline', 'edited', 'save', 'succeeded')).toBe('saved')
  })

  test('a stale save is never taken for saved before it was merged and saved again', () => {
    expect(run('saving', 'stale')).toBe('merging')
    expect(run('merging', 'merged')).toBe('unsaved')
    expect(run('merging', 'save')).toBe('merging')
  })

  test('an edit never leads to saved', () => {
    for (const state of Object.keys(SAVE_TRANSITIONS) as SaveState[]) {
      expect(hasUnsavedWork(nextSaveState(state, 'edited'))).toBe(true)
    }
  })
})
