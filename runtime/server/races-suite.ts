/** What holds while others write at the same time: it takes several connections to see. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { DERIVED_BUNDLE, DERIVED_SQL } from './derived-suite'
import { Replica, SHOP_SQL, startServer, type TestEdit, type Wire } from './testing-wire'

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

    it('L1 brings what a writer commits late of a row that others have values from, whichever moved meanwhile', async () => {
      const apart = await ground.connect(await ground.createDatabase())
      await apart.execute(DERIVED_SQL)
      const jobs = await startServer(apart, { bundle: DERIVED_BUNDLE })
      const replica = new Replica(jobs, ['le_job'], DERIVED_BUNDLE)
      const regions = () => replica.list('le_job').map((row) => row[4])
      await replica.pull()
      await apart.transaction(async (open) => {
        await open.query("update region set name = 'late' where id = 1")
        await open.query("update customer set region = 1 where code = 'n'")
        await apart.query("update job set customer = 'a' where id = 2")
        await replica.pull()
        expect(regions()).toEqual(['north', 'north', null, null])
        await apart.query("update job set customer = 'a' where id = 4")
        await replica.pull()
      })
      await replica.pull()
      expect(regions()).toEqual(['late', 'late', 'late', 'late'])
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
      expect((await wire.pull(['le_item'], replica.cursors)).entities).toEqual([])
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
    it('P1 D1 that the database dies under is applied once when it comes again', async () => {
      const groups = Array.from({ length: 2000 }, (_, n) => {
        const edit: TestEdit = {
          op: 'create',
          entity: 'le_item',
          key: [`i${n}`],
          set: { code: `i${n}`, label: `${n}` },
        }
        return [n, [edit]] as const
      })
      for (const patience of [1, 900, 1500]) {
        const lost = wire.push(groups).catch(String)
        await waitFor(
          other,
          `select count(*) >= 0 and (select count(*) from syncline.push_group) >= ${patience > 1 ? 1000 : 0} as done`,
        )
        await ground.restart()
        await lost
        other = await ground.connect(url)
        wire = await startServer(await ground.connect(url))
      }
      expect((await wire.push(groups)).map(({ kind }) => kind)).toEqual(groups.map(() => 'applied'))
      expect(await other.query("select count(*)::int as n from item where code like 'i%'")).toEqual([{ n: 2000 }])
      expect(
        await other.query('select count(*)::int as n, count(outcome)::int as answered from syncline.push_group'),
      ).toEqual([{ n: 2000, answered: 2000 }])
    })
  })

  /** The same server process would reconnect; a new one shows that nothing was kept in memory. */
  async function restarted(): Promise<{ readonly pull: (replica: Replica) => Promise<void> }> {
    const again = await startServer(await ground.connect(url))
    wire = again
    return {
      pull: async (replica) => {
        const moved = Object.assign(new Replica(again, ['le_item']), { cursors: replica.cursors, rows: replica.rows })
        await moved.pull()
        replica.cursors = moved.cursors
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
