import { describe, expect, it } from 'vitest'
import type { ConflictCase, Decision, EntityContract, HandlerContract } from '../contract/bundle'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { type ConflictImages, decisionResult, runHandler, toConflictCase } from './conflict-case'

const field = FIELD_BUNDLE.entities.find(({ id }) => id === 'le_company') as EntityContract
const entity = (granularity: 'row' | 'attribute'): EntityContract => ({
  ...field,
  attributes: field.attributes.map((each) => ({ ...each, name: `${each.id}_here`, readOnly: each.id === 'stamp' })),
  pattern: { kind: 'conflict-detection', granularity, handler: 'h', handledOn: 'server', blocksSync: false },
})
const conflict: ConflictImages = {
  kind: 'update-update',
  base: { id: '1', name: 'old', city: 'Bern', stamp: 's' },
  local: { id: '1', name: 'mine', city: 'Bern', stamp: 's' },
  server: { id: '1', name: 'theirs', city: 'Basel', stamp: 't' },
  localAt: 5,
  serverUser: null,
  serverAt: null,
}
const handler = (decide: (conflict: ConflictCase) => unknown): HandlerContract => ({
  id: 'h',
  name: 'H',
  version: '1',
  decide: decide as (conflict: ConflictCase) => Decision,
})

describe('a conflict for its handler', () => {
  it('has names where the wire has ids', () => {
    expect(toConflictCase(entity('row'), conflict, 'ann')).toMatchObject({
      entity: 'Companies',
      kind: 'update-update',
      base: { id_here: '1', name_here: 'old' },
      local: { name_here: 'mine' },
      server: { city_here: 'Basel' },
      localUser: 'ann',
      localAt: 5,
    })
  })

  it('D6 parks where the handler throws, answers nonsense, or is not there', () => {
    const asked = toConflictCase(entity('row'), conflict, 'ann')
    const park = { kind: 'park' }
    expect(runHandler(undefined, asked)).toEqual(park)
    expect(
      runHandler(
        handler(() => {
          throw new Error('broken')
        }),
        asked,
      ),
    ).toEqual(park)
    expect(
      runHandler(
        handler(() => Promise.resolve({ kind: 'keep-local' })),
        asked,
      ),
    ).toEqual(park)
    expect(
      runHandler(
        handler(() => ({ kind: 'resolve', values: { name_here: 7 } })),
        asked,
      ),
    ).toEqual(park)
    expect(
      runHandler(
        handler(() => null),
        asked,
      ),
    ).toEqual(park)
  })

  it('F3 can be changed by the handler without harm', () => {
    const asked = toConflictCase(entity('row'), conflict, 'ann')
    runHandler(
      handler((seen) => Object.assign(seen.server ?? {}, { name_here: 'spoiled' })),
      asked,
    )
    expect(asked.server?.name_here).toBe('theirs')
  })
})

describe('a decision', () => {
  it('keeps the local row whole by row, and what was touched by attribute', () => {
    const keep = { kind: 'keep-local' } as const
    expect(decisionResult(entity('row'), conflict, keep)).toEqual({
      kind: 'write',
      row: { id: '1', name: 'mine', city: 'Bern', stamp: 's' },
    })
    expect(decisionResult(entity('attribute'), conflict, keep)).toEqual({
      kind: 'write',
      row: { id: '1', name: 'mine', city: 'Basel', stamp: 't' },
    })
  })

  it('keeps a deletion, and brings a deleted row back', () => {
    const keep = { kind: 'keep-local' } as const
    expect(decisionResult(entity('row'), { ...conflict, local: null }, keep)).toEqual({ kind: 'write', row: null })
    expect(decisionResult(entity('row'), { ...conflict, server: null }, keep)).toEqual({
      kind: 'write',
      row: conflict.local,
    })
  })

  it('puts values over the row of the server, never over what may not be written', () => {
    const values = { name_here: 'both', id_here: '9', stamp_here: 'forged' }
    expect(decisionResult(entity('row'), conflict, { kind: 'resolve', values })).toEqual({
      kind: 'write',
      row: { id: '1', name: 'both', city: 'Basel', stamp: 't' },
    })
    expect(decisionResult(entity('row'), { ...conflict, server: null }, { kind: 'resolve', values })).toMatchObject({
      row: { city: 'Bern', name: 'both' },
    })
  })

  it('parks where a name is unknown, and where the local row can never be written', () => {
    const resolve = { kind: 'resolve', values: { other: 'x' } } as const
    expect(decisionResult(entity('row'), conflict, resolve)).toEqual({ kind: 'park' })
    expect(decisionResult(entity('row'), { ...conflict, kind: 'unique-taken' }, { kind: 'keep-local' })).toEqual({
      kind: 'park',
    })
  })
})
