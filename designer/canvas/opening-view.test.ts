import { expect, test } from 'vitest'
import type { DataNode } from './data-mapping'
import { openingView } from './opening-view'

const card = (x: number, y: number): DataNode => ({
  id: `${x} ${y}`,
  type: 'entity',
  data: { entity: '' },
  position: { x, y },
  width: 260,
  height: 300,
})
const area = { width: 868, height: 818 }

test('an empty canvas is left as it is', () => {
  expect(openingView([], area)).toBeNull()
})

test('what can be read as a whole is shown as a whole', () => {
  const view = openingView([card(0, 0), card(720, 600)], area)
  expect(view?.zoom).toBeGreaterThan(0.6)
  expect((view?.x ?? 0) + 980 * (view?.zoom ?? 0)).toBeLessThan(868)
})

test('of what is too large to read the upper left is shown, at a size that can be read', () => {
  const view = openingView([card(-100, -50), card(5000, 4000)], area)
  expect(view?.zoom).toBe(0.6)
  expect([(view?.x ?? 0) - 60, (view?.y ?? 0) - 30]).toEqual([24, 24])
})
