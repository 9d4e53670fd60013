import { describe, expect, it } from 'vitest'
import type { Edit } from '../protocol/messages'
import { childrenFirst, coalesce } from './coalesce'

const create = (key: string, set: Record<string, string>): Edit => ({ op: 'create', entity: 'e', key: [key], set })
const update = (key: string, was: Record<string, string>, set: Record<string, string>, base = 'b1'): Edit => ({
  op: 'update',
  entity: 'e',
  key: [key],
  set,
  was,
  base,
})
const remove = (key: string, base = 'b1'): Edit => ({ op: 'delete', entity: 'e', key: [key], base })

describe('C3 coalesce', () => {
  it('says nothing of a row that was created and deleted', () => {
    expect(coalesce([create('1', { a: 'x' }), update('1', { a: 'x' }, { a: 'y' }), remove('1')])).toEqual([])
  })

  it('draws the changes of one row together and keeps the oldest base and the oldest values', () => {
    expect(
      coalesce([
        update('1', { a: '0' }, { a: '1' }, 'old'),
        update('1', { a: '1', b: '0' }, { a: '2', b: '1' }, 'new'),
      ]),
    ).toEqual([update('1', { a: '0', b: '0' }, { a: '2', b: '1' }, 'old')])
  })

  it('makes changes to a new row part of its creation', () => {
    expect(coalesce([create('1', { a: '0', b: '0' }), update('1', { a: '0' }, { a: '1' })])).toEqual([
      create('1', { a: '1', b: '0' }),
    ])
  })

  it('deletes a row that was changed first, from the base of the change', () => {
    expect(coalesce([update('1', { a: '0' }, { a: '1' }, 'old'), remove('1', 'new')])).toEqual([remove('1', 'old')])
  })

  it('keeps a deletion and the new row of the same key apart', () => {
    expect(coalesce([remove('1'), create('1', { a: '1' }), update('1', { a: '1' }, { a: '2' })])).toEqual([
      remove('1'),
      create('1', { a: '2' }),
    ])
  })

  it('C2 leaves an update where it was when other rows were written before it', () => {
    const edits = [
      create('dept', { manager: '' }),
      create('boss', { dept: 'dept' }),
      update('dept', { manager: '' }, { manager: 'boss' }),
    ]
    expect(coalesce(edits)).toEqual(edits)
  })

  it('says nothing of rows that came and went one inside the other', () => {
    expect(coalesce([create('order', {}), create('line', { of: 'order' }), remove('line'), remove('order')])).toEqual(
      [],
    )
  })

  it('says nothing of a row that came and went while others were written', () => {
    const other = update('other', { a: '0' }, { a: '1' })
    expect(coalesce([create('x', {}), other, update('x', {}, { b: '1' }), remove('x')])).toEqual([other])
  })

  it('mentions a row that came and went where another referred to it meanwhile', () => {
    const edits = [
      create('x', {}),
      update('other', { of: '' }, { of: 'x' }),
      create('y', {}),
      update('other', { of: 'x' }, { of: '' }),
      remove('x'),
    ]
    expect(coalesce(edits)).toEqual(edits)
  })
})

describe('C2 childrenFirst', () => {
  it('sorts deletions that follow each other, and nothing else', () => {
    const rank = (entity: string) => ['parent', 'child'].indexOf(entity)
    const of = (entity: string, key: string): Edit => ({ op: 'delete', entity, key: [key], base: null })
    const made = create('1', {})
    expect(
      childrenFirst([of('parent', '1'), of('child', '2'), of('child', '1'), made, of('parent', '2')], rank),
    ).toEqual([of('child', '2'), of('child', '1'), of('parent', '1'), made, of('parent', '2')])
  })
})
