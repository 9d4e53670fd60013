import { expect, test } from 'vitest'
import type { DataNode } from './data-mapping'
import { neighbour } from './neighbour'

const card = (id: string, x: number, y: number): DataNode => ({
  id,
  type: 'entity',
  data: { entity: id },
  position: { x, y },
  width: 260,
  height: 200,
})

const NODES: readonly DataNode[] = [
  card('a', 0, 0),
  card('b', 360, 20),
  card('c', 720, 0),
  card('below', 10, 300),
  { id: 'note/n', type: 'note', data: { note: 'n' }, position: { x: 300, y: 0 }, width: 100, height: 60 },
]

test('arrows go to the nearest card that lies ahead', () => {
  expect(neighbour(NODES, 'a', 'right')).toBe('b')
  expect(neighbour(NODES, 'c', 'left')).toBe('b')
  expect(neighbour(NODES, 'a', 'down')).toBe('below')
  expect(neighbour(NODES, 'below', 'up')).toBe('a')
})

test('at the edge there is nowhere to go', () => {
  expect(neighbour(NODES, 'a', 'left')).toBeNull()
  expect(neighbour(NODES, 'nobody', 'left')).toBeNull()
})
