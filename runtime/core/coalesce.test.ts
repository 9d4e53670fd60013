import { describe, expect, it } from 'vitest'
import type { Edit } from '../protocol/messages'
import { coalesce } from './coalesce'

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

  it('keeps the order in which rows were first touched', () => {
    const edits = [create('parent', {}), create('child', {}), update('parent', {}, { a: '1' })]
    expect(coalesce(edits).map((edit) => edit.key[0])).toEqual(['parent', 'child'])
  })
})
