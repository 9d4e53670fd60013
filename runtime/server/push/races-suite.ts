/** What a push owes its device while others write at the same time: it takes several connections to see. */
import { beforeEach, expect, it } from 'vitest'
import type { Database } from '../../contract'
import type { ConflictCase, Decision } from '../../contract/bundle'
import {
  create,
  NOW,
  type Pusher,
  pusher,
  remove,
  startPushing,
  update,
  uuid,
  WORKSHOP_SQL,
  workshopBundle,
} from './testing-push'

export interface RaceGround {
  readonly createDatabase: () => Promise<string>
  readonly connect: (url: string) => Promise<Database>
}

const WAITING = "wait_event_type = 'Lock' and datname = current_database()"

export function describePushRaces(ground: RaceGround): void {
  let url: string
  let database: Database
  let other: Database
  let wire: Pusher
  let decide: (conflict: ConflictCase) => Decision
  beforeEach(async () => {
    decide = () => ({ kind: 'park' })
    url = await ground.createDatabase()
    database = await ground.connect(url)
    other = await ground.connect(url)
    await database.execute(WORKSHOP_SQL)
    await database.execute(`insert into ticket values ('${uuid(1)}', 'old', 'text', 'first')`)
    wire = await startPushing(
      database,
      workshopBundle((conflict) => decide(conflict)),
    )
  })
  const waiting = (count = 1) =>
    waitFor(other, `select count(*) = ${count} as done from pg_stat_activity where ${WAITING}`)
  const was = { id: uuid(1), title: 'old', body: 'text', slug: 'first', customer: null }

  it('P1 that arrives many times at once is applied once, and answered alike', async () => {
    const group = [1, [create('customer', ['-1'], { name: 'Once' })]] as const
    const answers = await Promise.all(Array.from({ length: 8 }, () => wire.push([group])))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject([{ keys: [{ temporary: ['-1'], key: ['1'] }] }])
    expect(await database.query('select name from customer')).toEqual([{ name: 'Once' }])
  })

  it('P1 P2 pushes that overlap are applied once and in order', async () => {
    const group = (n: number) =>
      [n, [update('item', ['bolt'], { label: `${n}` }), create('item', [`i${n}`], {})]] as const
    const groups = Array.from({ length: 30 }, (_, n) => group(n))
    const answers = await Promise.all([wire.push(groups), wire.push(groups.slice(0, 15)), wire.push(groups)])
    for (const answer of answers) expect(answer.every(({ kind }) => kind === 'applied')).toBe(true)
    expect(await database.query("select label from item where code = 'bolt'")).toEqual([{ label: '29' }])
    expect(await database.query("select count(*)::int as n from item where code like 'i%'")).toEqual([{ n: 30 }])
  })

  it('P1 that is refused many times at once is answered alike', async () => {
    const group = [1, [update('item', ['gone'], { label: 'x' })]] as const
    const answers = await Promise.all(Array.from({ length: 8 }, () => wire.push([group])))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject([{ kind: 'refused', reason: 'row-deleted' }])
  })

  it('P5 loses no attribute to another push at the same time', async () => {
    const pushes = Array.from({ length: 20 }, (_, n) =>
      wire.push([[n, [update('item', ['bolt'], n % 2 ? { label: `${n}` } : { price: `${n}` })]]], {
        device: uuid(100 + n),
      }),
    )
    expect((await Promise.all(pushes)).flat().every(({ kind }) => kind === 'applied')).toBe(true)
    const [row] = await database.query("select label, price from item where code = 'bolt'")
    expect(Number(row?.label) % 2).toBe(1)
    expect(Number(row?.price) % 2).toBe(0)
  })

  it('P5 F1 of many pushes at once on one version one is applied, and all others meet a conflict', async () => {
    const base = await wire.seen()
    const pushes = Array.from({ length: 12 }, (_, n) =>
      wire.push([[n, [update('ticket', [uuid(1)], { title: `t${n}` }, { base, was })]]], { device: uuid(100 + n) }),
    )
    const outcomes = (await Promise.all(pushes)).flat()
    const met = outcomes.flatMap((outcome) => (outcome.kind === 'applied' ? outcome.conflicts : []))
    expect(outcomes.every(({ kind }) => kind === 'applied')).toBe(true)
    expect(met).toHaveLength(11)
    const [row] = await database.query('select title from ticket')
    for (const conflict of met) expect(conflict.server).toMatchObject({ title: row?.title })
  })

  it('P5 counters of many pushes at once add up', async () => {
    const pushes = Array.from({ length: 20 }, (_, n) =>
      wire.push([[n, [update('stock', ['s'], { amount: '11' }, { was: { amount: '10' } })]]], {
        device: uuid(100 + n),
      }),
    )
    await Promise.all(pushes)
    expect(await database.query('select amount from stock')).toEqual([{ amount: 30 }])
  })

  it('P5 F1 sees what a writer commits for whom it had to wait', async () => {
    const base = await wire.seen()
    let pushed: ReturnType<Pusher['edit']> | undefined
    await other.transaction(async (open) => {
      await open.query("update ticket set body = 'theirs'")
      pushed = wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])
      await waiting()
    })
    const outcome = await pushed
    expect(outcome).toMatchObject({ conflicts: [{ kind: 'update-update', server: { body: 'theirs' } }] })
    // The version that was told is seen by a resolution.
    const [conflict] = outcome?.kind === 'applied' ? outcome.conflicts : []
    const resolving = { base: conflict?.version ?? null, was, resolves: conflict?.id ?? null }
    expect(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, resolving)])).toMatchObject({
      conflicts: [],
    })
  })

  it('P5 F1 what a writer took back is no conflict', async () => {
    const base = await wire.seen()
    let pushed: ReturnType<Pusher['edit']> | undefined
    await other
      .transaction(async (open) => {
        await open.query("update ticket set body = 'theirs'")
        pushed = wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])
        await waiting()
        throw new Error('taken back')
      })
      .catch(() => undefined)
    expect(await pushed).toMatchObject({ kind: 'applied', conflicts: [] })
  })

  it('A01 F1 a writer that was open when the base was taken is foreign to it', async () => {
    let base = ''
    await other.transaction(async (open) => {
      await open.query("update ticket set body = 'late'")
      await database.query("update item set label = 'early'")
      base = await wire.seen()
    })
    expect(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])).toMatchObject({
      conflicts: [{ server: { body: 'late' } }],
    })
  })

  it('F2 A13 of two that take one unique value at once, one meets a conflict', async () => {
    const pushes = Array.from({ length: 6 }, (_, n) =>
      wire.push([[n, [create('ticket', [uuid(50 + n)], { title: 'x', slug: 'same' })]]], { device: uuid(100 + n) }),
    )
    const outcomes = (await Promise.all(pushes)).flat()
    const kinds = outcomes.map((outcome) =>
      outcome.kind === 'applied' ? (outcome.conflicts[0]?.kind ?? 'applied') : outcome.reason,
    )
    expect(kinds.toSorted()).toEqual(['applied', ...Array.from({ length: 5 }, () => 'unique-taken')])
  })

  it('F2 A13 of two that create one key at once, one meets a conflict', async () => {
    const pushes = Array.from({ length: 6 }, (_, n) =>
      wire.push([[n, [create('ticket', [uuid(60)], { title: `${n}` })]]], { device: uuid(100 + n) }),
    )
    const outcomes = (await Promise.all(pushes)).flat()
    expect(outcomes.flatMap((outcome) => (outcome.kind === 'applied' ? outcome.conflicts : []))).toHaveLength(5)
  })

  it('F2 A17 a parent that is deleted at the same moment is there, or the child meets a conflict', async () => {
    for (let round = 0; round < 10; round += 1) {
      await database.query("insert into customer (name) values ('c')")
      const [{ id } = { id: 0 }] = await database.query("select id from customer where name = 'c'")
      const [outcome, deleted] = await Promise.all([
        wire.edit([create('ticket', [uuid(200 + round)], { title: 'x', customer: String(id) })]),
        other.query('delete from customer where id = $1 returning 1 as done', [id]).catch(() => []),
      ])
      const conflicts = outcome.kind === 'applied' ? outcome.conflicts.map(({ kind }) => kind) : ['refused']
      expect(conflicts).toEqual(deleted.length > 0 ? ['parent-missing'] : [])
      await database.execute(`delete from ticket where id = '${uuid(200 + round)}'; delete from customer`)
    }
  })

  it('P5 that deadlocks with another is repeated, and both are applied', async () => {
    for (let round = 0; round < 5; round += 1) {
      const edits = (codes: readonly string[], label: string) =>
        codes.flatMap((code, n) => [update('item', [code], n === 0 ? { label } : { label, price: '1' })])
      const there = wire.push([[round * 2 + 1, edits(['bolt', 'nut'], 'a')]], { device: uuid(11) })
      const back = wire.push([[round * 2 + 2, edits(['nut', 'bolt'], 'b')]], { device: uuid(12) })
      expect((await Promise.all([there, back])).flat().map(({ kind }) => kind)).toEqual(['applied', 'applied'])
      expect(await database.query('select distinct label from item')).toHaveLength(1)
    }
  })

  it('D3 a lock that is held for long is answered with "busy", and nothing is refused', async () => {
    await database.execute(
      "do $$ begin execute format('alter database %I set lock_timeout = 200', current_database()); end $$",
    )
    const hurried = pusher(await ground.connect(url), workshopBundle())
    const group = [
      1,
      [update('item', ['nut'], { label: 'first' }), update('item', ['bolt'], { label: 'second' })],
    ] as const
    await other.transaction(async (open) => {
      await open.query("select * from item where code = 'bolt' for update")
      await expect(hurried.push([group])).rejects.toMatchObject({
        status: 503,
        kind: 'busy',
        retryAfterMs: expect.any(Number),
      })
    })
    expect(await database.query("select label from item where code = 'nut'")).toEqual([{ label: 'Nut' }])
    expect(await hurried.push([group])).toMatchObject([{ kind: 'applied' }])
  })

  it('D3 a prepared transaction that holds the row is waited for, then answered with "busy"', async () => {
    await database.execute(
      "do $$ begin execute format('alter database %I set lock_timeout = 200', current_database()); end $$",
    )
    const hurried = pusher(await ground.connect(url), workshopBundle())
    const base = await wire.seen()
    await other.transaction(async (tx) => {
      await tx.query("update ticket set body = 'prepared'")
      await tx.query("prepare transaction 'late'")
    })
    const group = [1, [update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]] as const
    await expect(hurried.push([group])).rejects.toMatchObject({ kind: 'busy' })
    await other.query("commit prepared 'late'")
    expect(await hurried.push([group])).toMatchObject([{ conflicts: [{ server: { body: 'prepared' } }] }])
  })

  it('P1 whose connection is lost before its commit is applied when it comes again', async () => {
    const group = [1, [update('item', ['nut'], { label: 'first' }), update('item', ['bolt'], { price: '2' })]] as const
    await other.transaction(async (lock) => {
      await lock.query("select * from item where code = 'bolt' for update")
      const lost = wire.push([group]).catch((error: unknown) => String(error))
      await waiting()
      await other.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${WAITING}`)
      expect(await lost).toMatch(/connection/i)
    })
    expect(await database.query("select label from item where code = 'nut'")).toEqual([{ label: 'Nut' }])
    expect(await wire.push([group])).toMatchObject([{ kind: 'applied' }])
  })

  it('P1 P3 a constraint that is checked at the commit refuses the group alone', async () => {
    await database.execute(
      'alter table line add constraint late foreign key (note) references country (code) deferrable initially deferred',
    )
    await database.execute("insert into customer (name) values ('One')")
    const outcomes = await wire.push([
      [1, [create('line', ['1', 'bolt'], { note: 'CH' })]],
      [2, [create('line', ['1', 'nut'], { note: 'XX' })]],
      [3, [update('line', ['1', 'bolt'], { quantity: '5' })]],
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'refused', 'applied'])
    expect(await database.query('select item, quantity from line')).toEqual([{ item: 'bolt', quantity: 5 }])
  })

  it('F2 P5 a child that comes while its aggregate is deleted is never lost', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [head, child] = [uuid(300 + round), uuid(400 + round)]
      await database.query('insert into bill values ($1, $2)', [head, 'Bill'])
      const base = await wire.seen()
      const [deletion, creation] = await Promise.all([
        wire.push([[500 + round, [remove('bill', [head], { base, was: { id: head, title: 'Bill' } })]]]),
        wire.push([[600 + round, [create('bill_line', [child], { bill: head, text: 'new' }, { base })]]], {
          device: uuid(2),
          nowMs: NOW,
        }),
      ])
      const kinds = [...deletion, ...creation].map((outcome) =>
        outcome.kind === 'applied' ? (outcome.conflicts[0]?.kind ?? 'applied') : outcome.reason,
      )
      expect([
        ['children-left', 'applied'],
        ['applied', 'parent-missing'],
      ]).toContainEqual(kinds)
    }
  })
}

/** Asks the database until it says so; there is no event to wait for. */
async function waitFor(database: Database, question: string): Promise<void> {
  for (;;) {
    const [row] = await database.query(question)
    if (row?.done === true) return
  }
}
