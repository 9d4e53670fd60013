/** A push as it comes over the wire: its bounds, and that its words arrive. What edits do is tested beside `push/`. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { DEVICE, SHOP_SQL, startServer, type TestEdit, uuid, type Wire } from './testing-wire'

const update = (key: string, set: Record<string, string | null>): TestEdit => ({
  op: 'update',
  entity: 'le_item',
  key: [key],
  set,
  was: {},
})

export function describePush(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(SHOP_SQL)
    wire = await startServer(database, { maxGroups: 3, maxGroupEdits: 5, maxBodyBytes: 4000 })
  })

  describe('P7 a request', () => {
    const group = (id: number, edits: number) =>
      [id, Array.from({ length: edits }, () => update('bolt', { label: 'x' }))] as const

    it('with too many bytes is refused, whether or not it says how many', async () => {
      const response = await wire.post({ padding: 'x'.repeat(5000) })
      expect([response.status, await response.json()]).toMatchObject([
        413,
        { error: { message: expect.stringContaining('larger than') } },
      ])
    })

    it('with too many groups is refused', async () => {
      await expect(wire.push([1, 2, 3, 4].map((id) => group(id, 1)))).rejects.toThrow(/413.*at most 3/)
    })

    it('with a group of too many edits gets that group refused', async () => {
      expect(await wire.push([group(1, 6), group(2, 1)])).toMatchObject([
        { kind: 'refused', reason: 'too-large' },
        { kind: 'applied' },
      ])
    })
  })

  it('is answered group by group, a refusal with its reason and the rows', async () => {
    const outcomes = await wire.push([
      [1, [update('bolt', { label: 'x' })]],
      [2, [update('gone', { label: 'x' })]],
    ])
    expect(outcomes).toMatchObject([
      { kind: 'applied', id: uuid(1), keys: [], overruled: [], conflicts: [] },
      { kind: 'refused', id: uuid(2), reason: 'row-deleted', rows: [{ key: ['gone'], row: null }] },
    ])
  })

  it('names itself as the origin of its changes, and only of its own', async () => {
    await wire.push([[1, [update('bolt', { label: 'x' })]]])
    await database.query("update item set label = 'y' where code = 'nut'")
    expect(await database.query('select k1, origin from syncline.track_se_item order by k1')).toEqual([
      { k1: 'bolt', origin: DEVICE },
      { k1: 'nut', origin: null },
    ])
  })
}
