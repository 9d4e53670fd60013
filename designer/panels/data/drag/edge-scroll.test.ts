import { expect, test } from 'vitest'
import { edgeSpeed } from './edge-scroll'

const AREA = { left: 100, right: 900, top: 50, bottom: 650 }

test('the canvas moves only near its edges, away from the edge that is come near to', () => {
  expect(edgeSpeed({ x: 500, y: 300 }, AREA)).toEqual({ x: 0, y: 0 })
  expect(edgeSpeed({ x: 880, y: 300 }, AREA)).toEqual({ x: expect.closeTo(-525), y: 0 })
  expect(edgeSpeed({ x: 120, y: 60 }, AREA)).toEqual({ x: expect.closeTo(525), y: expect.closeTo(712.5) })
  expect(edgeSpeed({ x: 900, y: 300 }, AREA).x).toBeLessThan(edgeSpeed({ x: 880, y: 300 }, AREA).x)
})

test('it does not move for what is held outside of it', () => {
  expect(edgeSpeed({ x: 95, y: 300 }, AREA)).toEqual({ x: 0, y: 0 })
  expect(edgeSpeed({ x: 500, y: 660 }, AREA)).toEqual({ x: 0, y: 0 })
})
