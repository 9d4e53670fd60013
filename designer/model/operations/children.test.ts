import { expect, test } from 'vitest'
import {
  addLocalEntity,
  adoptChild,
  createNamedIds,
  emptyProject,
  type OperationResult,
  type Project,
  parentChange,
  setPattern,
} from '../index'
import { shopSchema } from '../testing/build-schema'

const ids = createNamedIds()
const must = <T>(result: OperationResult<T>): T => {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.value
}

function shop(...tables: readonly string[]) {
  const project: Project = { ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() }
  const [parent = '', ...others] = tables.map((table) => must(addLocalEntity(project, { root: `se_${table}`, ids })))
  return { project, parent, others }
}

test('a parent becomes one-to-many with its first child, and keeps how its conflicts end', () => {
  const { project, parent, others } = shop('orders', 'order_details')
  const [child = ''] = others
  must(
    setPattern(project, parent, {
      kind: 'conflict-detection',
      granularity: 'row',
      handler: null,
      resolution: 'keep-local',
      handledOn: 'device',
      blocksSync: true,
      attributes: {},
    }),
  )
  expect(parentChange(project, parent)).toEqual({ from: 'conflict-detection', others: [child] })
  must(adoptChild(project, parent, child))
  expect(project.localEntities[parent]?.pattern).toEqual({
    kind: 'one-to-many',
    children: [child],
    handler: null,
    resolution: 'keep-local',
    handledOn: 'device',
    blocksSync: true,
  })
})

test('a parent that holds children keeps its pattern and the others', () => {
  const { project, parent, others } = shop('orders', 'order_details', 'visits')
  const [details = '', visits = ''] = others
  must(adoptChild(project, parent, details))
  expect(parentChange(project, parent)).toBeNull()
  must(adoptChild(project, parent, visits))
  must(adoptChild(project, parent, visits))
  expect(project.localEntities[parent]?.pattern).toMatchObject({ children: [details, visits] })
})

test('nothing is part of itself', () => {
  const { project, parent } = shop('orders')
  expect(adoptChild(project, parent, parent)).toMatchObject({ kind: 'refused' })
  expect(project.localEntities[parent]?.pattern.kind).toBe('last-write-wins')
})
