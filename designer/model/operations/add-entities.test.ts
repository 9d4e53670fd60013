import { expect, it } from 'vitest'
import { CARD_WIDTH } from '../card-layout'
import { applyOperation, createHistory, createNamedIds, emptyProject, type Project, undo } from '../index'
import { shopSchema } from '../testing/build-schema'
import { addLocalEntities } from './add-entities'
import { addLocalEntity } from './local-entities'

const ids = createNamedIds()
const shop = (): Project => ({ ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() })

it('adds all in one step, with the pattern, none over another and beside what is there', () => {
  const project = shop()
  addLocalEntity(project, { root: 'se_visits', ids })
  const history = createHistory(project)
  const roots = ['se_orders', 'se_customers', 'se_order_details']
  const { history: after, result } = applyOperation(history, 'Add', (draft) =>
    addLocalEntities(draft, { roots, pattern: 'read-only-delta', ids }),
  )
  if (result.kind === 'refused') throw new Error(result.reason)
  const added = result.value.map((id) => after.project.localEntities[id])
  expect(added.map((entity) => [entity?.root, entity?.pattern.kind, entity?.direction])).toEqual(
    roots.map((root) => [root, 'read-only-delta', 'down']),
  )
  const [orders, customers, details] = result.value.map((id) => after.project.layout.data[id])
  const visits = Object.values(history.project.layout.data)[0]
  expect(customers?.x).toBeGreaterThanOrEqual((visits?.x ?? 0) + CARD_WIDTH)
  expect(orders?.x).toBeGreaterThan(customers?.x ?? 0)
  expect(details?.x).toBeGreaterThan(orders?.x ?? 0)
  expect(after.past).toHaveLength(1)
  expect(undo(after).project).toEqual(project)
})

it('adds none where one can’t be added, and says why', () => {
  const history = createHistory(shop())
  const { history: after, result } = applyOperation(history, 'Add', (draft) =>
    addLocalEntities(draft, { roots: ['se_orders', 'se_log'], pattern: 'merge', ids }),
  )
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining('no primary key') })
  expect(after.project).toBe(history.project)
})
