import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyOperation, createHistory, type History } from '../history'
import { projectFromSchema } from '../new-project'
import { shopSchema } from '../testing/build-schema'
import { moveLocalAttribute } from './local-attributes'
import { inOrder } from './order'

const start = (): { history: History; entity: string } => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const entity = Object.values(made.project.localEntities).find(({ name }) => name === 'orders')?.id ?? ''
  return { history: createHistory(made.project), entity }
}
const idsOf = (history: History, entity: string) =>
  inOrder(history.project.localEntities[entity]?.attributes ?? {}).map(([id]) => id)

test('an attribute goes to its place, and no other record changes', () => {
  const { history, entity } = start()
  const [first = '', second = '', third = '', fourth = ''] = idsOf(history, entity)
  const { history: after, patches } = applyOperation(history, 'Move', (draft) =>
    moveLocalAttribute(draft, entity, fourth, 1),
  )
  expect(idsOf(after, entity)).toEqual([first, fourth, second, third])
  expect(patches).toHaveLength(1)
})

test('a place beyond the ends is the end, and the place where it is is no step', () => {
  const { history, entity } = start()
  const [first = ''] = idsOf(history, entity)
  const move = (from: History, position: number) =>
    applyOperation(from, 'Move', (draft) => moveLocalAttribute(draft, entity, first, position)).history
  expect(move(history, -4)).toBe(history)
  expect(idsOf(move(history, 99), entity).at(-1)).toBe(first)
})

test('any moves give the order that a list would have', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), { maxLength: 120 }), (moves) => {
      const { history: first, entity } = start()
      let history = first
      let expected = idsOf(history, entity)
      for (const [from, to] of moves) {
        const id = expected[from] ?? ''
        history = applyOperation(history, 'Move', (draft) => moveLocalAttribute(draft, entity, id, to)).history
        expected = expected.toSpliced(from, 1).toSpliced(to, 0, id)
      }
      expect(idsOf(history, entity)).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})
