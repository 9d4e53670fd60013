import { expect, test } from 'vitest'
import { createNamedIds, projectFromSchema } from '@/designer/model'
import { importSample } from '@/designer/schema/import-sample'
import { dataNodes, dataParts, foreignKeyEdges, NOTHING_SELECTED, routedEdges } from './data-mapping'
import { type CardBox, type Point, routeReferences } from './route-references'

const box = (id: string, x: number, y: number, height = 200): CardBox => ({ id, x, y, width: 260, height })
const reference = (source: string, target: string) => ({
  id: `${source}>${target}`,
  source,
  target,
  sourceOffset: 100,
  targetOffset: 60,
})

/** The cards that some piece of the way runs through. */
function crossed(points: readonly Point[], boxes: readonly CardBox[]): string[] {
  return boxes.flatMap(({ id, x, y, width, height }) =>
    points.slice(1).some((b, index) => {
      const a = points[index] ?? b
      return (
        Math.max(a.x, b.x) > x + 1 &&
        Math.min(a.x, b.x) < x + width - 1 &&
        Math.max(a.y, b.y) > y + 1 &&
        Math.min(a.y, b.y) < y + height - 1
      )
    })
      ? [id]
      : [],
  )
}

test('neighbours are joined in the gap between them, by the sides that face each other', () => {
  const route = routeReferences([reference('child', 'parent')], [box('parent', 0, 0), box('child', 360, 0)])
  const points = route.get('child>parent') ?? []
  expect(points[0]).toEqual({ x: 360, y: 100 })
  expect(points.at(-1)).toEqual({ x: 260, y: 60 })
  expect(points.slice(1, -1).every(({ x }) => x > 260 && x < 360)).toBe(true)
})

test('a reference goes around a card in between', () => {
  const boxes = [box('parent', 0, 0), box('between', 360, 0), box('child', 720, 0)]
  expect(crossed(routeReferences([reference('child', 'parent')], boxes).get('child>parent') ?? [], boxes)).toEqual([])
})

test('references to different cards do not run on top of each other', () => {
  const boxes = [box('a', 0, 0), box('b', 0, 260), box('child', 360, 100, 300)]
  const routes = routeReferences(
    [
      { ...reference('child', 'a'), sourceOffset: 200 },
      { ...reference('child', 'b'), sourceOffset: 100 },
    ],
    boxes,
  )
  const [toA, toB] = ['child>a', 'child>b'].map((id) => routes.get(id)?.[1]?.x)
  expect(toA).not.toBe(toB)
})

test('a card that refers to itself is joined beside itself', () => {
  const boxes = [box('a', 0, 0)]
  const points = routeReferences([reference('a', 'a')], boxes).get('a>a') ?? []
  expect(crossed(points, boxes)).toEqual([])
  expect(points).toHaveLength(4)
})

test('in the sample no reference runs through a card, and it is seen whole at 60 percent on 870 by 780 pixels', async () => {
  const imported = await importSample()
  if (imported.kind === 'failed') throw new Error(imported.message)
  const made = projectFromSchema({ schema: imported.schema, name: 'Sample', ids: createNamedIds() })
  if (made.kind === 'refused') throw new Error(made.reason)
  const nodes = dataNodes(dataParts(made.project), NOTHING_SELECTED, [])
  const boxes = nodes.map(({ id, position, height }) => ({ id, ...position, width: 260, height: height ?? 0 }))
  const edges = routedEdges(foreignKeyEdges(made.project), nodes, new Map())
  expect(edges).toHaveLength(10)
  expect(edges.flatMap(({ data }) => crossed(data?.way?.corners ?? [], boxes))).toEqual([])
  const width = Math.max(...boxes.map(({ x }) => x + 260))
  const height = Math.max(...boxes.map((card) => card.y + card.height))
  expect(Math.min(870 / width, 780 / height) * 0.88).toBeGreaterThan(0.6)
}, 60_000)
