import { expect, test } from 'vitest'
import { CARD_MOST_ROWS } from './card-layout'
import { cardRows } from './card-rows'
import { createNamedIds } from './ids'
import { emptyProject } from './new-project'
import { addDenormalisedAttribute } from './operations/derived-attributes'
import { addLocalEntity } from './operations/local-entities'
import type { Project } from './project'
import { buildSchema, entityId } from './testing/build-schema'

const ids = createNamedIds()

function withAttributes(count: number) {
  const plain = Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'integer']))
  const draft: Project = {
    ...structuredClone(emptyProject({ id: 'pr_test', name: 'T' })),
    ...buildSchema({
      parents: { attributes: { id: 'integer!', title: 'text' }, key: ['id'] },
      wide: {
        attributes: { ...plain, id: 'integer!', parent_id: 'integer' },
        key: ['id'],
        references: [{ attributes: ['parent_id'], table: 'parents' }],
      },
    }),
  }
  const added = addLocalEntity(draft, { root: entityId('wide'), ids })
  const id = added.kind === 'done' ? added.value : ''
  return { draft, id, rows: () => cardRows(draft.localEntities[id] ?? never(), draft.serverEntities[entityId('wide')]) }
}

const never = (): never => {
  throw new Error('The entity is not there.')
}

test('a card shows all of its attributes as long as they fit', () => {
  const { shown, hidden } = withAttributes(CARD_MOST_ROWS - 2).rows()
  expect([shown.length, hidden.length]).toEqual([CARD_MOST_ROWS, 0])
})

test('of too many the key, references and what comes from elsewhere stay, each in its place', () => {
  const { draft, id, rows } = withAttributes(20)
  addDenormalisedAttribute(draft, { entity: id, path: ['fk_wide_1'], attribute: 'sa_parents_title', ids })
  const { shown, hidden } = rows()
  expect(shown.map(({ name }) => name)).toEqual([
    ...Array.from({ length: CARD_MOST_ROWS - 4 }, (_, index) => `c${index}`),
    'id',
    'parent_id',
    'parent_title',
  ])
  expect(shown.length + hidden.length).toBe(23)
})
