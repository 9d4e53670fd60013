import { describe, expect, it } from 'vitest'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { mergeValue } from './merge-value'
import { mergeOf, type PendingEdit, rebase } from './rebase'

type Texts = Record<string, string>
const create = (set: Texts): PendingEdit => ({ op: 'create', set, was: {} })
const update = (set: Texts, was: Texts = {}): PendingEdit => ({ op: 'update', set, was })
const remove: PendingEdit = { op: 'delete', set: {}, was: {} }

describe('L4 rebase', () => {
  it('shows the server row where there are no edits', () => {
    expect(rebase({ a: '1' }, [], { a: 'old' })).toEqual({ a: '1' })
    expect(rebase(null, [], { a: 'old' })).toBeNull()
  })

  it('makes pending changes again on a newer server row and leaves its other attributes', () => {
    const server = { name: 'theirs', city: 'Bern' }
    expect(rebase(server, [update({ name: 'mine' })], null)).toEqual({ name: 'mine', city: 'Bern' })
  })

  it('keeps the order of edits', () => {
    const edits = [update({ a: '1' }), update({ a: '2' })]
    expect(rebase({ a: '0' }, edits, null)).toEqual({ a: '2' })
  })

  it('keeps what the author saw while an update waits on a row that the server deleted', () => {
    expect(rebase(null, [update({ name: 'mine' })], { name: 'mine', city: 'Bern' })).toEqual({
      name: 'mine',
      city: 'Bern',
    })
  })

  it('shows no row that was deleted here, though the server changed it', () => {
    expect(rebase({ a: '5' }, [remove], null)).toBeNull()
  })

  it('shows a row that was deleted and created anew', () => {
    expect(rebase({ a: '5', b: '6' }, [remove, create({ a: '1' })], null)).toEqual({ a: '1' })
  })

  it('adds what a counter was changed by to what the server has now, and takes the other attributes as they were set', () => {
    const [, company] = FIELD_BUNDLE.entities
    if (!company) throw new Error('no entity')
    const merge = mergeOf({ ...company, pattern: { kind: 'merge', policies: { parent_id: 'counter' } } }, mergeValue)
    const edits = [
      update({ parent_id: '6', name: 'mine' }, { parent_id: '5', name: 'x' }),
      update({ parent_id: '8' }, { parent_id: '7' }),
    ]
    expect(rebase({ parent_id: '10', name: 'theirs' }, edits, null, merge)).toEqual({ parent_id: '12', name: 'mine' })
  })
})
