import { describe, expect, it } from 'vitest'
import type { Edit } from '../protocol/messages'
import { childrenFirst, coalesce as coalesceWith } from './coalesce'
import { mergeValue } from './merge-value'
import type { Merge } from './rebase'

type Texts = Record<string, string>

const made = { entity: 'e', at: 1, resolves: null }
const create = (key: string, set: Texts): Edit => ({ op: 'create', ...made, key: [key], base: 'b1', set })
const update = (key: string, was: Texts, set: Texts, base = 'b1'): Edit => ({
  op: 'update',
  ...made,
  key: [key],
  base,
  set,
  was,
})
const remove = (key: string, base = 'b1', was: Texts = {}): Edit => ({ op: 'delete', ...made, key: [key], base, was })

const takeSet: Merge = (_attribute, _was, set) => set
const coalesce = (edits: readonly Edit[]) => coalesceWith(edits, () => takeSet)

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
    expect(coalesce([create('1', { a: 'x', b: '0' }), update('1', { a: 'x' }, { a: 'y' })])).toEqual([
      create('1', { a: 'y', b: '0' }),
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

  it('K1 leaves a change apart that makes a new row refer to itself: the server makes its key first', () => {
    const edits = [create('-1', { of: '' }), update('-1', { of: '' }, { of: '-1' })]
    expect(coalesce([...edits, update('-1', { a: '0' }, { a: '1' })])).toEqual([
      edits[0],
      update('-1', { of: '', a: '0' }, { of: '-1', a: '1' }),
    ])
    expect(coalesce([...edits, remove('-1')])).toEqual([])
  })

  it('F1 keeps the whole row that the first author saw, of a deletion too', () => {
    expect(
      coalesce([update('1', { a: '0', b: '0' }, { a: '1' }, 'old'), remove('1', 'new', { a: '1', b: '0' })]),
    ).toEqual([remove('1', 'old', { a: '0', b: '0' })])
  })

  it('F7 says when the last of the edits was made, and which conflict they resolve', () => {
    const first = { ...update('1', { a: '0' }, { a: '1' }), at: 5, resolves: 'c1' }
    expect(coalesce([first, { ...update('1', { a: '1' }, { a: '2' }), at: 9 }])).toEqual([
      { ...update('1', { a: '0' }, { a: '2' }), at: 9, resolves: 'c1' },
    ])
  })

  it('adds up what edits of a counter changed, though a pull came between them', () => {
    const counter: Merge = (_attribute, was, set, current) => mergeValue('counter', 'integer', was, set, current)
    const edits = [update('1', { a: '5' }, { a: '6' }), update('1', { a: '11' }, { a: '12' })]
    expect(coalesceWith(edits, () => counter)).toEqual([update('1', { a: '5' }, { a: '7' })])
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
    const of = (entity: string, key: string): Edit => ({ ...remove(key), entity })
    const born = create('1', {})
    expect(
      childrenFirst([of('parent', '1'), of('child', '2'), of('child', '1'), born, of('parent', '2')], rank),
    ).toEqual([of('child', '2'), of('child', '1'), of('parent', '1'), born, of('parent', '2')])
  })
})
