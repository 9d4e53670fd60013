import { expect, test } from 'vitest'
import { applyOperation, createHistory, redo, undo } from '../history'
import { createNamedIds } from '../ids'
import { projectFromSchema } from '../new-project'
import type { Project } from '../project'
import { shopSchema } from '../testing/build-schema'
import { replaceDocument } from './document'
import { addLocalEntity, removeLocalEntity, renameLocalEntity, setPatternKind } from './local-entities'

const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const idOf = (project: Project, name: string) =>
  Object.values(project.localEntities).find((entity) => entity.name === name)?.id ?? ''
const edited = (project: Project, operation: (draft: Project) => unknown) =>
  applyOperation(createHistory(project), 'Edit', operation).history.project

test('the draft becomes the other version, and undo and redo go between them', () => {
  const before = shop()
  const next = edited(before, (draft) => {
    renameLocalEntity(draft, idOf(draft, 'orders'), 'bills')
    setPatternKind(draft, idOf(draft, 'customers'), 'conflict-detection')
    removeLocalEntity(draft, idOf(draft, 'visits'))
    draft.name = 'Other'
  })
  const { history } = applyOperation(createHistory(before), 'Edit the text', (draft) => replaceDocument(draft, next))
  expect(history.project).toEqual(next)
  expect(undo(history).project).toEqual(before)
  expect(redo(undo(history)).project).toEqual(next)
})

test('only what differs is written, so that a step is small and other records stay the same objects', () => {
  const before = shop()
  const orders = idOf(before, 'orders')
  const next = structuredClone(edited(before, (draft) => renameLocalEntity(draft, orders, 'bills')))
  const { history, patches } = applyOperation(createHistory(before), 'Edit', (draft) => replaceDocument(draft, next))
  expect(patches.map(({ path, value }) => ({ path, value }))).toEqual([
    { path: ['localEntities', orders, 'name'], value: 'bills' },
  ])
  expect(history.project.serverEntities).toBe(before.serverEntities)
  expect(history.project.localEntities[idOf(before, 'customers')]).toBe(before.localEntities[idOf(before, 'customers')])
})

test('the same text in other words is no step', () => {
  const history = createHistory(shop())
  const same = structuredClone(history.project)
  expect(applyOperation(history, 'Edit', (draft) => replaceDocument(draft, same)).history).toBe(history)
})

test('fields that another variant of a union has do not stay behind', () => {
  const before = shop()
  const customers = idOf(before, 'customers')
  const next = edited(before, (draft) => setPatternKind(draft, customers, 'read-only'))
  const after = edited(before, (draft) => replaceDocument(draft, structuredClone(next)))
  expect(after.localEntities[customers]?.pattern).toEqual({ kind: 'read-only' })
})

test('another project is refused', () => {
  const history = createHistory(shop())
  const { result } = applyOperation(history, 'Edit', (draft) => replaceDocument(draft, { ...shop(), id: 'pr_other' }))
  expect(result).toMatchObject({ kind: 'refused' })
})

test('a record that is added comes with the fields that it was given', () => {
  const before = shop()
  const visits = idOf(before, 'visits')
  const without = edited(before, (draft) => removeLocalEntity(draft, visits))
  const added = edited(without, (draft) =>
    addLocalEntity(draft, { root: before.localEntities[visits]?.root ?? '', ids: createNamedIds() }),
  )
  expect(edited(without, (draft) => replaceDocument(draft, structuredClone(added)))).toEqual(added)
})
