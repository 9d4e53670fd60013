import { expect, test } from 'vitest'
import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addGroup } from '@/designer/model/operations/groups'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import { addNote } from '@/designer/model/operations/notes'
import type { Project } from '@/designer/model/project'
import { entityId, shopSchema } from '@/designer/model/testing/build-schema'
import { manyCards } from '../e2e/canvas-speed/many-cards'
import {
  afterMoves,
  boundsOf,
  dataNodes,
  dataParts,
  foreignKeyEdges,
  frameNodeId,
  NOTHING_SELECTED,
  routedEdges,
} from './data-mapping'

function shop() {
  const ids = createNamedIds()
  const project: Project = { ...structuredClone(emptyProject({ id: 'pr_test', name: 'Shop' })), ...shopSchema() }
  const [customers = '', orders = '', visits = ''] = ['customers', 'orders', 'visits'].map((table, index) => {
    const position = { x: index * 400, y: 0 }
    const added = addLocalEntity(project, { root: entityId(table), ids, position })
    return added.kind === 'done' ? added.value : ''
  })
  const group = addGroup(project, { entities: [customers, orders], ids })
  addNote(project, { text: 'hello', position: { x: 0, y: 900 }, ids })
  const frame = frameNodeId(group.kind === 'done' ? group.value : '')
  return { project, customers, orders, visits, frame, nodes: dataNodes(dataParts(project), NOTHING_SELECTED, []) }
}

test('a frame lies behind and around the cards of its group, and notes are there too', () => {
  const { nodes, frame } = shop()
  expect(nodes.map(({ type }) => type)).toEqual(['frame', 'entity', 'entity', 'entity', 'note'])
  const box = nodes.find(({ id }) => id === frame)
  expect(box?.position).toEqual({ x: -20, y: -44 })
  expect(box?.width).toBe(400 + 260 + 40)
})

test('a frame that is moved takes its cards along and no other', () => {
  const { project, nodes, frame, customers, orders, visits } = shop()
  const moved = afterMoves(nodes, new Map([[frame, { x: 80, y: -24 }]]), project.groups, true)
  const at = (id: string) => moved.find((node) => node.id === id)?.position
  expect([at(customers), at(orders), at(visits)]).toEqual([
    { x: 100, y: 20 },
    { x: 500, y: 20 },
    { x: 800, y: 0 },
  ])
  expect(at(frame)).toEqual({ x: 80, y: -24 })
})

test('a card that is moved stretches the frame of its group', () => {
  const { project, nodes, frame, orders } = shop()
  const moved = afterMoves(nodes, new Map([[orders, { x: 1000, y: 300 }]]), project.groups, true)
  expect(moved.find(({ id }) => id === frame)?.width).toBe(1000 + 260 + 40)
})

test('nodes that did not change are the very same objects, and a moved one is given back to the project', () => {
  const { project, nodes, orders } = shop()
  const again = dataNodes(dataParts(project), NOTHING_SELECTED, nodes)
  expect(again.every((node, index) => node === nodes[index])).toBe(true)
  const moved = afterMoves(nodes, new Map([[orders, { x: 1000, y: 300 }]]), project.groups, true)
  const back = dataNodes(dataParts(project), NOTHING_SELECTED, moved)
  expect(back.find(({ id }) => id === orders)).toMatchObject({ position: { x: 400, y: 0 } })
  expect(back.find(({ id }) => id === orders)?.dragging).toBeFalsy()
})

test('nothing has no bounds', () => {
  expect(boundsOf([])).toBeNull()
})

test('among many references, those of a moved card find a way anew and the others are the very same objects', () => {
  const project = manyCards(80, 4)
  const references = foreignKeyEdges(project)
  const before = routedEdges(references, dataNodes(dataParts(project), NOTHING_SELECTED, []), new Map())
  const [moved = ''] = Object.keys(project.layout.data).slice(30)
  project.layout.data[moved] = { x: -600, y: -600 }
  const after = routedEdges(
    references,
    dataNodes(dataParts(project), NOTHING_SELECTED, []),
    new Map(before.map((edge) => [edge.id, edge])),
  )
  for (const [index, edge] of after.entries()) {
    const own = edge.source === moved || edge.target === moved
    expect(edge === before[index]).toBe(!own)
  }
  expect(after.some((edge, index) => edge !== before[index])).toBe(true)
})
