import { expect, it } from 'vitest'
import { detailAt } from './level-of-detail'

it('shows less of a card the farther it is away, and writes its name larger', () => {
  const seen = [1, 0.8, 0.79, 0.55, 0.54, 0.36, 0.35, 0.26, 0.25, 0.18, 0.1].map((zoom) => {
    const { lod, names } = detailAt(zoom)
    return `${lod} ${names}`
  })
  expect(seen).toEqual([
    'full plain',
    'full plain',
    'full large',
    'full large',
    'names plain',
    'names plain',
    'far plain',
    'far plain',
    'far large',
    'far large',
    'far tiny',
  ])
})

it('answers the same object within a step, so that a zoom draws nothing anew', () => {
  expect(detailAt(0.5)).toBe(detailAt(0.4))
  expect(detailAt(0.05)).toBe(detailAt(0.1))
})
