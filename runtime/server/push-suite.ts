/** A push as it comes over the wire: its bounds, and that its words arrive. What edits do is tested beside `push/`. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { PROTOCOL_VERSION } from '../protocol/messages'
import { DEVICE, SHOP, SHOP_SQL, startServer, type TestEdit, uuid, type Wire } from './testing-wire'

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

  it('F4 tells how conflicts ended on the device, and is answered where the server knows nothing of them', async () => {
    const conflict = (id: number, decision: string) =>
      database.query(
        `insert into syncline.conflict (id, device, user_name, entity, key, kind, local_at, decision)
         values ($1, $2, 'ann', 'le_item', '["bolt"]', 'update-update', now(), $3)`,
        [uuid(id), DEVICE, decision],
      )
    await conflict(1, 'parked')
    await conflict(2, 'device')
    await conflict(3, 'kept-local')
    const ended = [1, 2, 3, 4].map((id) => ({ id: uuid(id), decision: 'kept-server' }))
    const question = { protocol: PROTOCOL_VERSION, schemaHash: SHOP.schemaHash, device: DEVICE, sentAt: 0 }
    const response = await wire.post({ ...question, push: [], pull: [], resume: null, ended })
    expect(await response.json()).toEqual({ protocol: PROTOCOL_VERSION, outcomes: [], page: null })
    expect(await database.query('select decision, resolved_by from syncline.conflict order by id')).toEqual([
      { decision: 'kept-server', resolved_by: 'ann' },
      { decision: 'kept-server', resolved_by: 'ann' },
      { decision: 'kept-local', resolved_by: null },
    ])
    const odd = await wire.post({
      ...question,
      push: [],
      pull: [],
      resume: null,
      ended: [{ id: 'x', decision: 'parked' }],
    })
    expect(odd.status).toBe(400)
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
