/** What holds while others write at the same time: it takes several connections to see. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import type { Edit } from '../protocol/messages'
import { Replica, SHOP_SQL, startServer, uuid, type Wire } from './testing-wire'

export interface RaceGround {
  readonly createDatabase: () => Promise<string>
  readonly connect: (url: string) => Promise<Database>
  /** Restarts the database server; open connections are lost. */
  readonly restart: () => Promise<void>
}

export function describeRaces(ground: RaceGround): void {
  let url: string
  let database: Database
  let other: Database
  let wire: Wire
  beforeEach(async () => {
    url = await ground.createDatabase()
    database = await ground.connect(url)
    other = await ground.connect(url)
    await database.execute(SHOP_SQL)
    wire = await startServer(database)
  })
  const update = (code: string, set: Record<string, string>): Edit => ({
    op: 'update',
    entity: 'le_item',
    key: [code],
    set,
    was: {},
    base: null,
  })
  const labels = (replica: Replica) => Object.fromEntries(replica.list('le_item').map(([code, label]) => [code, label]))

  describe('a pull', () => {
    it('A01 L1 brings what a writer commits that was open while others committed and were pulled', async () => {
      const replica = new Replica(wire, ['le_item'])
      await replica.pull()
      await other.transaction(async (open) => {
        await open.query("update item set label = 'late' where code = 'bolt'")
        await database.query("update item set label = 'early' where code = 'nut'")
        await replica.pull()
        expect(labels(replica)).toEqual({ bolt: 'Bolt', nut: 'early' })
        await replica.pull()
      })
      await replica.pull()
      expect(labels(replica)).toEqual({ bolt: 'late', nut: 'early' })
    })

    it('A01 L1 brings what was open when the first full pull was made', async () => {
      const replica = new Replica(wire, ['le_item'])
      await other.transaction(async (open) => {
        await open.query("insert into item values ('gear', 'Gear', 1)")
        await replica.pull()
        expect(labels(replica)).toEqual({ bolt: 'Bolt', nut: 'Nut' })
      })
      await replica.pull()
      expect(labels(replica)).toEqual({ bolt: 'Bolt', nut: 'Nut', gear: 'Gear' })
    })

    it('L1 brings what savepoints kept and not what they took back', async () => {
      const replica = new Replica(wire, ['le_item'])
      await replica.pull()
      await other.transaction(async (open) => {
        await open.execute("savepoint kept; update item set label = 'kept' where code = 'bolt'; release savepoint kept")
        await replica.pull()
        await open.execute(
          "savepoint lost; update item set label = 'lost' where code = 'nut'; delete from item where code = 'bolt'; rollback to savepoint lost",
        )
        await open.execute("savepoint last; insert into item values ('gear', 'Gear', 1)")
        await replica.pull()
      })
      await replica.pull()
      expect(labels(replica)).toEqual({ bolt: 'kept', nut: 'Nut', gear: 'Gear' })
    })

    it('L1 brings nothing of a transaction that was rolled back', async () => {
      const replica = new Replica(wire, ['le_item'])
      await replica.pull()
      await other
        .transaction(async (open) => {
          await open.query("update item set label = 'never'")
          await replica.pull()
          throw new Error('rolled back')
        })
        .catch(() => undefined)
      expect((await wire.pull(['le_item'], replica.cursor)).entities).toEqual([])
    })

    it('L1 brings a prepared transaction when it is committed, across a restart of the database', async () => {
      const replica = new Replica(wire, ['le_item'])
      await replica.pull()
      await prepare(other, "update item set label = 'prepared' where code = 'bolt'")
      await replica.pull()
      expect(labels(replica)).toMatchObject({ bolt: 'Bolt' })
      await ground.restart()
      const { pull } = await restarted()
      await pull(replica)
      expect(labels(replica)).toMatchObject({ bolt: 'Bolt' })
      await (await ground.connect(url)).query("commit prepared 'late'")
      await pull(replica)
      expect(labels(replica)).toMatchObject({ bolt: 'prepared' })
    })

    it('L2 never shows half of a transaction, though pages are read while others write', async () => {
      wire = await startServer(database, { pageRows: 3 })
      await database.execute("insert into item select 'acc' || n, 'x', 100 from generate_series(1, 12) n")
      let writing = true
      let moves = 0
      const writer = (async () => {
        for (; writing; moves += 1) {
          const [from, to] = [1 + (moves % 12), 1 + ((moves * 7 + 3) % 12)]
          await other.transaction(async (tx) => {
            await tx.query('update item set price = price - 1 where code = $1', [`acc${from}`])
            await tx.query('update item set price = price + 1 where code = $1', [`acc${to}`])
          })
        }
      })()
      const replica = new Replica(wire, ['le_item'])
      try {
        for (let round = 0; round < 10; round += 1) {
          await replica.pull()
          const sum = replica
            .list('le_item')
            .filter(([code]) => code?.startsWith('acc'))
            .reduce((total, row) => total + Number(row[2]), 0)
          expect(sum).toBe(1200)
        }
      } finally {
        writing = false
        await writer
      }
      expect(moves).toBeGreaterThan(0)
      await replica.pull()
      const rows = await database.query('select code, price::text from item')
      expect(Object.fromEntries(replica.list('le_item').map((row) => [row[0], row[2]]))).toEqual(
        Object.fromEntries(rows.map((row) => [row.code, row.price])),
      )
    })

    it('L6 goes on with its cursor after the database was restarted', async () => {
      const replica = new Replica(wire, ['le_item'])
      await replica.pull()
      await database.query("update item set label = 'before' where code = 'bolt'")
      await ground.restart()
      const { pull } = await restarted()
      await pull(replica)
      expect(labels(replica)).toEqual({ bolt: 'before', nut: 'Nut' })
    })
  })

  describe('a push', () => {
    it('P1 that arrives many times at once is applied once, and answered alike', async () => {
      const edit: Edit = { op: 'create', entity: 'le_customer', key: ['-1'], set: { name: 'Once' } }
      const group = [1, [edit]] as const
      const answers = await Promise.all(Array.from({ length: 8 }, () => wire.push([group])))
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
        new Set([
          JSON.stringify([
            { kind: 'applied', id: uuid(1), keys: [{ entity: 'le_customer', temporary: ['-1'], key: ['1'] }] },
          ]),
        ]),
      )
      expect(await database.query('select name from customer')).toEqual([{ name: 'Once' }])
    })

    it('P1 that is refused many times at once is answered alike', async () => {
      const group = [1, [update('gone', { label: 'x' })]] as const
      const answers = await Promise.all(Array.from({ length: 8 }, () => wire.push([group])))
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      expect(answers[0]).toMatchObject([{ kind: 'refused', reason: 'row-deleted' }])
    })

    it('P5 loses no attribute to another push at the same time', async () => {
      const pushes = Array.from({ length: 20 }, (_, n) =>
        wire.push([[n, [update('bolt', n % 2 ? { label: `${n}` } : { price: `${n}` })]]], uuid(100 + n)),
      )
      expect((await Promise.all(pushes)).flat().map(({ kind }) => kind)).toEqual(
        Array.from({ length: 20 }, () => 'applied'),
      )
      const [row] = await database.query("select label, price from item where code = 'bolt'")
      expect(Number(row?.label) % 2).toBe(1)
      expect(Number(row?.price) % 2).toBe(0)
    })

    it('P5 that deadlocks with another is repeated, and both are applied', async () => {
      for (let round = 0; round < 5; round += 1) {
        const there = wire.push(
          [[round * 2 + 1, [update('bolt', { label: 'a' }), update('nut', { label: 'a' })]]],
          uuid(11),
        )
        const back = wire.push(
          [[round * 2 + 2, [update('nut', { label: 'b' }), update('bolt', { label: 'b' })]]],
          uuid(12),
        )
        expect((await Promise.all([there, back])).flat().map(({ kind }) => kind)).toEqual(['applied', 'applied'])
        const rows = await database.query('select distinct label from item')
        expect(rows).toHaveLength(1)
      }
    })

    it('P1 whose connection is lost before its commit is applied when it comes again', async () => {
      await other.transaction(async (lock) => {
        await lock.query("select * from item where code = 'bolt' for update")
        const lost = wire
          .push([[1, [update('nut', { label: 'first' }), update('bolt', { label: 'second' })]]])
          .catch(String)
        await waitFor(
          other,
          "select count(*) = 1 as done from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
        await other.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
        expect(await lost).toMatch(/500.*server-failed/)
      })
      expect(await database.query("select label from item where code = 'nut'")).toEqual([{ label: 'Nut' }])
      expect(
        await wire.push([[1, [update('nut', { label: 'first' }), update('bolt', { label: 'second' })]]]),
      ).toMatchObject([{ kind: 'applied' }])
    })
  })

  /** The same server process would reconnect; a new one shows that nothing was kept in memory. */
  async function restarted(): Promise<{ readonly pull: (replica: Replica) => Promise<void> }> {
    const again = await startServer(await ground.connect(url))
    wire = again
    return {
      pull: async (replica) => {
        const moved = Object.assign(new Replica(again, ['le_item']), { cursor: replica.cursor, rows: replica.rows })
        await moved.pull()
        replica.cursor = moved.cursor
      },
    }
  }
}

/** Leaves a transaction prepared under the name `late`; what the connection commits afterwards is empty. */
async function prepare(database: Database, statement: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(statement)
    await tx.query("prepare transaction 'late'")
  })
}

/** Asks the database until it says so; there is no event to wait for. */
async function waitFor(database: Database, question: string): Promise<void> {
  for (;;) {
    const [row] = await database.query(question)
    if (row?.done === true) return
  }
}
