import { describe, expect, it } from 'vitest'
import { rebase } from './rebase'

describe('L4 rebase', () => {
  it('shows the server row where there are no edits', () => {
    expect(rebase({ a: '1' }, [], { a: 'old' })).toEqual({ a: '1' })
    expect(rebase(null, [], { a: 'old' })).toBeNull()
  })

  it('makes pending changes again on a newer server row and leaves its other attributes', () => {
    const server = { name: 'theirs', city: 'Bern' }
    expect(rebase(server, [{ op: 'update', set: { name: 'mine' } }], null)).toEqual({ name: 'mine', city: 'Bern' })
  })

  it('keeps the order of edits', () => {
    const edits = [
      { op: 'update', set: { a: '1' } },
      { op: 'update', set: { a: '2' } },
    ] as const
    expect(rebase({ a: '0' }, edits, null)).toEqual({ a: '2' })
  })

  it('keeps what the author saw while an update waits on a row that the server deleted', () => {
    expect(rebase(null, [{ op: 'update', set: { name: 'mine' } }], { name: 'mine', city: 'Bern' })).toEqual({
      name: 'mine',
      city: 'Bern',
    })
  })

  it('shows no row that was deleted here, though the server changed it', () => {
    expect(rebase({ a: '5' }, [{ op: 'delete' }], null)).toBeNull()
  })

  it('shows a row that was deleted and created anew', () => {
    expect(rebase({ a: '5', b: '6' }, [{ op: 'delete' }, { op: 'create', set: { a: '1' } }], null)).toEqual({ a: '1' })
  })
})
