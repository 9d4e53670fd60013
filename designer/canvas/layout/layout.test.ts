import ELK from 'elkjs'
import { expect, test } from 'vitest'
import { CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addGroup } from '@/designer/model/operations/groups'
import type { Moves } from '@/designer/model/operations/layout'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { entityId, shopSchema } from '@/designer/model/testing/build-schema'
import { dagreLayout } from './dagre-layout'
import { placesOf, toElkGraph } from './elk-graph'

function shop() {
  const ids = createNamedIds()
  const project: Project = { ...structuredClone(emptyProject({ id: 'pr_test', name: 'Shop' })), ...shopSchema() }
  const idOf: Record<string, string> = {}
  for (const table of ['customers', 'orders', 'order_details', 'visits']) {
    const added = addLocalEntity(project, { root: entityId(table), ids })
    if (added.kind === 'done') idOf[table] = added.value
  }
  addGroup(project, { entities: [idOf.customers ?? '', idOf.visits ?? ''], ids })
  return { project, at: (places: Moves, table: string) => places[idOf[table] ?? ''] ?? { x: Number.NaN, y: 0 } }
}

const byElk = async (project: Project): Promise<Moves> => placesOf(await new ELK().layout(toElkGraph(project)))

const overlapping = (project: Project, places: Moves): string[] => {
  const boxes = Object.values(project.localEntities).map(({ id, name, attributes }) => ({
    name,
    ...(places[id] ?? { x: 0, y: 0 }),
    height: cardHeight(Object.keys(attributes).length),
  }))
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < CARD_WIDTH && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => `${a.name} and ${b.name}`),
  )
}

test.each([
  ['ELK', byElk],
  ['dagre', async (project: Project) => dagreLayout(project)],
])('%s lets no card lie over another, and children stand right of their parents', async (_name, arrange) => {
  const { project, at } = shop()
  const places = await arrange(project)
  expect(overlapping(project, places)).toEqual([])
  expect(at(places, 'orders').x).toBeGreaterThan(at(places, 'customers').x)
  expect(at(places, 'order_details').x).toBeGreaterThan(at(places, 'orders').x)
})

test('ELK keeps the cards of a group inside of a frame that holds no other card', async () => {
  const { project, at } = shop()
  const places = await byElk(project)
  const [customers, visits] = [at(places, 'customers'), at(places, 'visits')]
  const left = Math.min(customers.x, visits.x)
  const right = Math.max(customers.x, visits.x) + CARD_WIDTH
  for (const table of ['orders', 'order_details']) {
    const { x } = at(places, table)
    expect(x >= right || x + CARD_WIDTH <= left).toBe(true)
  }
})

test('the same project is arranged the same way', async () => {
  const { project } = shop()
  expect(await byElk(project)).toEqual(await byElk(project))
})
