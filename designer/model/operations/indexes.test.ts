import { expect, test } from 'vitest'
import { createNamedIds } from '../ids'
import { projectFromSchema } from '../new-project'
import type { Project } from '../project'
import { shopSchema } from '../testing/build-schema'
import { addIndex, removeIndex, setIndexAttributes, setIndexUnique } from './indexes'
import { removeLocalAttribute } from './local-attributes'

function orders() {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const draft: Project = structuredClone(made.project)
  const entity = Object.values(draft.localEntities).find(({ name }) => name === 'orders')
  if (entity === undefined) throw new Error('The sample has no orders.')
  const attribute = (name: string) =>
    Object.values(entity.attributes).find((candidate) => candidate.name === name)?.id ?? ''
  return { draft, entity, attribute }
}
const ids = createNamedIds()

test('an index is added once, changed, and removed', () => {
  const { draft, entity, attribute } = orders()
  const note = attribute('note')
  const added = addIndex(draft, { entity: entity.id, attributes: [note], ids })
  expect(addIndex(draft, { entity: entity.id, attributes: [note], ids })).toEqual(added)
  if (added.kind !== 'done') throw new Error(added.reason)
  setIndexAttributes(draft, entity.id, added.value, [attribute('ordered_at'), note])
  setIndexUnique(draft, entity.id, added.value, true)
  expect(entity.indexes).toEqual({
    [added.value]: { id: added.value, attributes: [attribute('ordered_at'), note], unique: true },
  })
  removeIndex(draft, entity.id, added.value)
  expect(entity.indexes).toEqual({})
})

test('an index of nothing, of what is gone, or of one attribute twice is refused and changes nothing', () => {
  const { draft, entity, attribute } = orders()
  const note = attribute('note')
  for (const attributes of [[], ['la_none'], [note, note]]) {
    expect(addIndex(draft, { entity: entity.id, attributes, ids }).kind).toBe('refused')
  }
  expect(entity.indexes).toEqual({})
})

test('an index goes with an attribute of it', () => {
  const { draft, entity, attribute } = orders()
  addIndex(draft, { entity: entity.id, attributes: [attribute('ordered_at'), attribute('note')], ids })
  removeLocalAttribute(draft, entity.id, attribute('note'))
  expect(entity.indexes).toEqual({})
})
