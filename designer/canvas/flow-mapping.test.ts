import { expect, test } from 'vitest'
import {
  addLocalEntity,
  applyOperation,
  createHistory,
  createNamedIds,
  emptyProject,
  moveCards,
  type Project,
  removeLocalAttribute,
  renameLocalEntity,
  type ServerEntity,
} from '@/designer/model'
import { expandUnitFlow } from '@/designer/patterns'
import { type DataNode, dataNodes, dataParts, foreignKeyEdges, NOTHING_SELECTED } from './data-mapping'
import { unitFlowEdges, unitFlowNodes } from './flow-mapping'

const ids = createNamedIds()

const table = (name: string, columns: readonly string[], refersTo: string | null): ServerEntity => ({
  id: name,
  schema: 'public',
  name,
  kind: 'table',
  primaryKey: ['id'],
  uniques: [],
  rowEstimate: null,
  comment: null,
  attributes: Object.fromEntries(
    columns.map((column, order) => [
      column,
      {
        id: column,
        name: column,
        order,
        type: 'integer',
        typeId: null,
        nullable: false,
        default: null,
        identity: null,
        generated: null,
        comment: null,
        averageBytes: null,
      },
    ]),
  ),
  foreignKeys:
    refersTo === null
      ? {}
      : {
          fk_ref: {
            id: 'fk_ref',
            name: 'fk_ref',
            attributes: ['parent_id'],
            entity: refersTo,
            referencedAttributes: ['id'],
            onDelete: 'no-action',
            onUpdate: 'no-action',
            deferrable: false,
          },
        },
})

function twoEntities(): { project: Project; parent: string; child: string } {
  const history = createHistory({
    ...emptyProject({ id: 'pr_test', name: 'Test' }),
    serverEntities: {
      parents: table('parents', ['id'], null),
      children: table('children', ['id', 'parent_id'], 'parents'),
    },
  })
  const made: string[] = []
  const { history: after } = applyOperation(history, 'Add', (draft) => {
    for (const root of ['parents', 'children']) {
      const result = addLocalEntity(draft, { root, ids })
      if (result.kind === 'done') made.push(result.value)
    }
  })
  const [parent = '', child = ''] = made
  return { project: after.project, parent, child }
}

const nodesOf = (project: Project, before: readonly DataNode[] = []) =>
  dataNodes(dataParts(project), NOTHING_SELECTED, before)

test('a card that did not change is the same object, so it is not drawn again', () => {
  const { project, parent, child } = twoEntities()
  const before = nodesOf(project)
  const { history } = applyOperation(createHistory(project), 'Move', (draft) =>
    moveCards(draft, { [child]: { x: 900, y: 10 } }),
  )
  const after = nodesOf(history.project, before)
  expect(after.find(({ id }) => id === parent)).toBe(before.find(({ id }) => id === parent))
  expect(after.find(({ id }) => id === child)?.position).toEqual({ x: 900, y: 10 })
})

test('a rename moves nothing on the canvas', () => {
  const { project, child } = twoEntities()
  const before = nodesOf(project)
  const { history } = applyOperation(createHistory(project), 'Rename', (draft) =>
    renameLocalEntity(draft, child, 'other'),
  )
  expect(nodesOf(history.project, before)).toEqual(before)
})

test('a reference joins the lines of its attributes, and says when one of them is not on the device', () => {
  const { project, parent, child } = twoEntities()
  expect(foreignKeyEdges(project)).toMatchObject([
    { source: child, target: parent, data: { fromRow: 1, toRow: 0, whole: true } },
  ])
  const attribute = Object.values(project.localEntities[child]?.attributes ?? {}).find(
    ({ name }) => name === 'parent_id',
  )
  const { history } = applyOperation(createHistory(project), 'Remove', (draft) =>
    removeLocalAttribute(draft, child, attribute?.id ?? ''),
  )
  expect(foreignKeyEdges(history.project)).toMatchObject([{ data: { fromRow: -1, whole: false } }])
})

test('a flow has its two lanes below its steps, and a request and an answer between them', () => {
  const { project } = twoEntities()
  const [unit = ''] = Object.keys(project.syncUnits)
  const graph = expandUnitFlow(project, unit)
  const nodes = unitFlowNodes(unit, graph, {}, null)
  expect(nodes.slice(0, 2).map(({ id }) => id)).toEqual(['lane-device', 'lane-server'])
  expect(unitFlowEdges(graph).flatMap(({ label, data }) => (data?.crossing ? [label] : []))).toEqual(
    expect.arrayContaining(['request', 'answer']),
  )
})

test('a step stands where it was put', () => {
  const { project } = twoEntities()
  const [unit = ''] = Object.keys(project.syncUnits)
  const nodes = unitFlowNodes(unit, expandUnitFlow(project, unit), { push: { x: 5, y: 6 } }, 'push')
  expect(nodes.find(({ id }) => id === 'push')).toMatchObject({ position: { x: 5, y: 6 }, selected: true })
})
