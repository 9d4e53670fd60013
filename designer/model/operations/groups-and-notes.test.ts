import { expect, test } from 'vitest'
import { createNamedIds } from '../ids'
import { emptyProject } from '../new-project'
import type { Project } from '../project'
import { entityId, shopSchema } from '../testing/build-schema'
import { addGroup, moveToGroup, renameGroup, setGroupHue } from './groups'
import { addLocalEntity, removeLocalEntity } from './local-entities'
import { addNote, NOTE_SIZE, placeNote, removeNote, SMALLEST_NOTE } from './notes'

function shop() {
  const ids = createNamedIds()
  const draft: Project = { ...structuredClone(emptyProject({ id: 'pr_test', name: 'Shop' })), ...shopSchema() }
  const made = ['customers', 'orders', 'visits'].map((table) => {
    const result = addLocalEntity(draft, { root: entityId(table), ids })
    return result.kind === 'done' ? result.value : ''
  })
  const [customers = '', orders = '', visits = ''] = made
  return { draft, ids, customers, orders, visits }
}

test('a card is in one group at most, and a group that all have left is gone', () => {
  const { draft, ids, customers, orders } = shop()
  const first = addGroup(draft, { entities: [customers, orders], ids })
  const second = addGroup(draft, { entities: [orders], ids })
  if (first.kind !== 'done' || second.kind !== 'done') throw new Error('A group was refused.')
  expect(Object.keys(draft.groups[first.value]?.entities ?? {})).toEqual([customers])
  expect(draft.groups[second.value]?.name).toBe('Group 2')
  expect(draft.groups[second.value]?.hue).not.toBe(draft.groups[first.value]?.hue)

  moveToGroup(draft, [customers], second.value)
  expect(Object.keys(draft.groups)).toEqual([second.value])
  moveToGroup(draft, [customers, orders], null)
  expect(draft.groups).toEqual({})
})

test('a group needs cards and a name, and one of the hues', () => {
  const { draft, ids, customers } = shop()
  expect(addGroup(draft, { entities: ['le_nobody'], ids }).kind).toBe('refused')
  const group = addGroup(draft, { entities: [customers], ids })
  const id = group.kind === 'done' ? group.value : ''
  expect(renameGroup(draft, id, '  ').kind).toBe('refused')
  expect(setGroupHue(draft, id, 8).kind).toBe('refused')
  expect(setGroupHue(draft, id, 7).kind).toBe('done')
})

test('an entity that is removed leaves its group', () => {
  const { draft, ids, customers, orders } = shop()
  addGroup(draft, { entities: [customers, orders], ids })
  removeLocalEntity(draft, orders)
  expect(Object.values(draft.groups).map(({ entities }) => Object.keys(entities))).toEqual([[customers]])
})

test('a note has a place and a size of its own, never too small to be read', () => {
  const { draft, ids } = shop()
  const note = addNote(draft, { position: { x: 5, y: 6 }, ids })
  const id = note.kind === 'done' ? note.value : ''
  expect(draft.layout.notes[id]).toEqual({ x: 5, y: 6, ...NOTE_SIZE })
  placeNote(draft, id, { x: 1.4, y: 2.6, width: 3, height: 300 })
  expect(draft.layout.notes[id]).toEqual({ x: 1, y: 3, width: SMALLEST_NOTE.width, height: 300 })
  removeNote(draft, id)
  expect([draft.notes, draft.layout.notes]).toEqual([{}, {}])
})
