import { expect, it } from 'vitest'
import { freerSide } from './toast-side'

const box = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
})
const places = { bottom: box(300, 700, 440, 50), top: box(300, 60, 440, 50) }

it('is the foot, where nothing in use lies there', () => {
  expect(freerSide(places, [])).toBe('bottom')
  expect(freerSide(places, [box(0, 60, 260, 600)])).toBe('bottom')
  // Side by side is not over each other.
  expect(freerSide(places, [box(740, 700, 100, 50)])).toBe('bottom')
})

it('is the head, where a card that was just made lies at the foot', () => {
  expect(freerSide(places, [box(400, 600, 260, 200)])).toBe('top')
})

it('is where less is covered, if something is on both sides', () => {
  expect(freerSide(places, [box(300, 40, 400, 100), box(720, 690, 100, 100)])).toBe('bottom')
  expect(freerSide(places, [box(300, 0, 440, 900)])).toBe('bottom')
})
