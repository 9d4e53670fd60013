import { expect, test } from 'vitest'
import { createSelectionStore, NOTHING, type Selection, selectionFromQuery, selectionToQuery } from './selection'

const SELECTIONS: readonly Selection[] = [
  NOTHING,
  { kind: 'local-entities', ids: ['le_a', 'le_b'] },
  { kind: 'server-entity', id: 'se_a' },
  { kind: 'local-attribute', entity: 'le_a', id: 'la_a' },
  { kind: 'sync-unit', id: 'su_a' },
  { kind: 'group', id: 'gr_a' },
  { kind: 'note', id: 'no_a' },
  { kind: 'flow-node', unit: 'su_a', node: 'su_a_pull' },
]

test.each(SELECTIONS)('a selection comes back from the address as it was: $kind', (selection) => {
  expect(selectionFromQuery(selectionToQuery(selection))).toEqual(selection)
})

test('an address that nobody wrote selects nothing', () => {
  for (const query of ['', 'entity:', 'node:one', 'robots:all', ':']) expect(selectionFromQuery(query)).toEqual(NOTHING)
})

test('selecting the same again tells nobody', () => {
  const store = createSelectionStore()
  let changes = 0
  store.subscribe(() => {
    changes += 1
  })
  store.select({ kind: 'local-entities', ids: ['le_a'] })
  store.select({ kind: 'local-entities', ids: ['le_a'] })
  expect(changes).toBe(1)
})
