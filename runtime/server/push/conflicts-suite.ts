/** Entities that detect conflicts: what meets the handler, what does not, and what becomes of it. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../contract'
import type { Bundle, ConflictCase, Decision, EntityContract, ScopeRule } from '../../contract/bundle'
import type { Outcome } from '../../protocol/messages'
import { endConflicts } from './record-conflicts'
import {
  create,
  ELSEWHERE,
  HERE,
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

export function describeConflicts(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Pusher
  let decision: Decision | (() => Decision)
  let met: ConflictCase[]
  const decide = (conflict: ConflictCase): Decision => {
    met.push(conflict)
    return typeof decision === 'function' ? decision() : decision
  }
  beforeEach(async () => {
    decision = { kind: 'park' }
    met = []
    database = await openDatabase()
    await database.execute(WORKSHOP_SQL)
    await database.execute(`insert into customer (name) values ('One'), ('Two');
      insert into ticket values ('${uuid(1)}', 'old', 'text', 'first', 1);
      insert into task values ('${uuid(1)}', 'old', 'text', 'first', 1)`)
    wire = await startPushing(database, workshopBundle(decide))
  })
  const was = { id: uuid(1), title: 'old', body: 'text', slug: 'first', customer: '1' }
  const row = async (table: string, id = uuid(1)) =>
    (await database.query(`select id::text, title, body, slug, customer::text from ${table} where id = '${id}'`))[0] ??
    null
  const conflicts = (outcome: Outcome) => {
    if (outcome.kind === 'refused') throw new Error(`${outcome.reason}: ${outcome.message}`)
    return outcome.conflicts
  }
  const records = () =>
    database.query(
      'select kind, decision, result, handler, handler_version, user_name, local, server from syncline.conflict order by at',
    )

  describe('by row', () => {
    it('F1 two writes that did not know of each other meet, although they wrote different attributes', async () => {
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      const [conflict] = conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]))
      expect(conflict).toMatchObject({
        entity: 'ticket',
        key: [uuid(1)],
        kind: 'update-update',
        base: was,
        local: { ...was, title: 'mine' },
        server: { ...was, body: 'theirs' },
        decision: 'parked',
        localAt: NOW,
        serverUser: null,
      })
      expect(await row('ticket')).toMatchObject({ title: 'old', body: 'theirs' })
    })

    it('F8 a device never conflicts with itself, on however old a base', async () => {
      const base = await wire.seen()
      for (const title of ['a', 'b', 'c']) {
        expect(conflicts(await wire.edit([update('ticket', [uuid(1)], { title }, { base, was })]))).toEqual([])
      }
      expect(await row('ticket')).toMatchObject({ title: 'c' })
    })

    it('F8 a second edit on an old screen still meets what the first one met', async () => {
      decision = { kind: 'keep-local' }
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      const kinds = []
      for (const title of ['a', 'b']) {
        const outcome = await wire.edit([update('ticket', [uuid(1)], { title }, { base, was })])
        kinds.push(...conflicts(outcome).map(({ kind }) => kind))
      }
      expect(kinds).toEqual(['update-update', 'update-update'])
    })

    it('F8 what the author has seen is no conflict', async () => {
      await database.query("update ticket set body = 'theirs'")
      const base = await wire.seen()
      expect(conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]))).toEqual([])
      expect(await row('ticket')).toMatchObject({ title: 'mine', body: 'theirs' })
    })

    it('F8 a row that nobody wrote since tracking began is free, whatever the base', async () => {
      for (const base of [null, 'nonsense', 'other.server.x::0:1:1:']) {
        expect(conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'x' }, { base, was })]))).toEqual([])
      }
    })

    it('F1 an unknown base has seen nothing', async () => {
      await database.query("update ticket set body = 'theirs'")
      const outcome = await wire.edit([update('ticket', [uuid(1)], { title: 'x' }, { base: 'other:x:0:1:9:', was })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'update-update' }])
    })

    it('A11 L6 a base from before the horizon conflicts rather than overwrites', async () => {
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      await database.query('update syncline.meta set horizon = pg_current_xact_id()')
      await database.query('delete from syncline.track_se_ticket')
      const outcome = await wire.edit([update('ticket', [uuid(1)], { title: 'x' }, { base, was })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'update-update' }])
    })

    it('F1 tells who wrote, where it was another device', async () => {
      const base = await wire.seen()
      await wire.edit([update('ticket', [uuid(1)], { title: 'bob' }, { base, was })], {
        device: ELSEWHERE,
        session: { user: 'bob' },
      })
      const [conflict] = conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'ann' }, { base, was })]))
      expect(conflict).toMatchObject({ serverUser: 'bob', serverAt: expect.any(Number) })
    })
  })

  describe('by attribute', () => {
    it('F1 different attributes do not meet, the same do', async () => {
      const base = await wire.seen()
      await database.query("update task set body = 'theirs'")
      expect(conflicts(await wire.edit([update('task', [uuid(1)], { title: 'mine' }, { base, was })]))).toEqual([])
      const outcome = await wire.edit([update('task', [uuid(1)], { body: 'mine' }, { base, was })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'update-update', server: { title: 'mine', body: 'theirs' } }])
      expect(await row('task')).toMatchObject({ title: 'mine', body: 'theirs' })
    })

    it('F8 both wrote the same value: nothing to decide', async () => {
      const base = await wire.seen()
      await database.query("update task set body = 'same'")
      expect(conflicts(await wire.edit([update('task', [uuid(1)], { body: 'same' }, { base, was })]))).toEqual([])
    })

    it('keep-local leaves what only the other touched', async () => {
      decision = { kind: 'keep-local' }
      const base = await wire.seen()
      await database.query("update task set body = 'theirs', title = 'theirs'")
      await wire.edit([update('task', [uuid(1)], { title: 'mine' }, { base, was })])
      expect(await row('task')).toMatchObject({ title: 'mine', body: 'theirs' })
    })
  })

  describe('F2', () => {
    it('A08 an update of a row that was deleted', async () => {
      const base = await wire.seen()
      await database.query('delete from ticket')
      const outcome = await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])
      expect(conflicts(outcome)).toMatchObject([
        { kind: 'update-delete', base: was, local: { ...was, title: 'mine' }, server: null },
      ])
    })

    it('A08 keep-local brings the deleted row back whole', async () => {
      decision = { kind: 'keep-local' }
      const base = await wire.seen()
      await database.query('delete from ticket')
      const outcome = await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])
      expect(conflicts(outcome)).toMatchObject([{ decision: 'kept-local' }])
      expect(await row('ticket')).toEqual({ ...was, title: 'mine' })
    })

    it('a deletion of a row that was changed', async () => {
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      const outcome = await wire.edit([remove('ticket', [uuid(1)], { base, was })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'delete-update', local: null, server: { body: 'theirs' } }])
      expect(await row('ticket')).toMatchObject({ body: 'theirs' })
      decision = { kind: 'keep-local' }
      await wire.edit([remove('ticket', [uuid(1)], { base, was })])
      expect(await row('ticket')).toBeNull()
    })

    it('two deletions agree', async () => {
      const base = await wire.seen()
      await database.query('delete from ticket')
      expect(conflicts(await wire.edit([remove('ticket', [uuid(1)], { base, was })]))).toEqual([])
    })

    it('A13 the same key created twice', async () => {
      const outcome = await wire.edit([create('ticket', [uuid(1)], { title: 'mine' })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'key-taken', base: null, server: was }])
      expect(await row('ticket')).toEqual(was)
    })

    it('A13 the same unique value created twice, and nothing of the other row is told', async () => {
      const outcome = await wire.edit([create('ticket', [uuid(2)], { title: 'mine', slug: 'first' })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'unique-taken', key: [uuid(2)], server: null }])
      decision = () => ({ kind: 'resolve', values: { slug: 'second' } })
      await wire.edit([create('ticket', [uuid(2)], { title: 'mine', slug: 'first' })])
      expect(await row('ticket', uuid(2))).toMatchObject({ title: 'mine', slug: 'second' })
    })

    it('the same unique value by an update', async () => {
      await database.query(`insert into ticket values ('${uuid(5)}', 'five', null, 'fifth')`)
      const base = await wire.seen()
      const outcome = await wire.edit([update('ticket', [uuid(1)], { slug: 'fifth' }, { base, was })])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'unique-taken', server: was }])
    })

    it('A17 a child whose parent was deleted', async () => {
      await database.query('delete from customer where id = 2')
      const set = { title: 'child', customer: '2' }
      const outcome = await wire.edit([create('ticket', [uuid(3)], set)])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'parent-missing', local: set, server: null }])
      decision = { kind: 'resolve', values: { customer: '1' } }
      await wire.edit([create('ticket', [uuid(3)], set)])
      expect(await row('ticket', uuid(3))).toMatchObject({ customer: '1' })
    })

    it('P3 what depends on a row that never came is refused, not parked', async () => {
      expect(await wire.edit([create('ticket', [uuid(3)], { title: 'x', customer: '77' })])).toMatchObject({
        kind: 'refused',
        reason: 'constraint',
      })
      expect(await wire.edit([update('ticket', [uuid(9)], { title: 'x' }, { base: await wire.seen() })])).toMatchObject(
        {
          kind: 'refused',
          reason: 'row-deleted',
        },
      )
    })
  })

  describe('a decision', () => {
    const meet = async (mine: Decision | (() => Decision)) => {
      decision = mine
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs', title = 'theirs'")
      return wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })])
    }

    it('keep-local writes the row as its author left it', async () => {
      expect(conflicts(await meet({ kind: 'keep-local' }))).toMatchObject([{ decision: 'kept-local' }])
      expect(await row('ticket')).toEqual({ ...was, title: 'mine' })
    })

    it('keep-server writes nothing', async () => {
      expect(conflicts(await meet({ kind: 'keep-server' }))).toMatchObject([{ decision: 'kept-server' }])
      expect(await row('ticket')).toMatchObject({ title: 'theirs', body: 'theirs' })
    })

    it('resolve puts its values over the row of the server', async () => {
      expect(conflicts(await meet({ kind: 'resolve', values: { title: 'both' } }))).toMatchObject([
        { decision: 'resolved' },
      ])
      expect(await row('ticket')).toMatchObject({ title: 'both', body: 'theirs' })
    })

    it.each<[string, Decision | (() => Decision)]>([
      [
        'that throws',
        () => {
          throw new Error('Confidential')
        },
      ],
      ['of no known kind', () => ({ kind: 'explode' }) as unknown as Decision],
      ['that names no attribute', { kind: 'resolve', values: { nothing: 'x' } }],
      ['that takes a taken value', { kind: 'resolve', values: { slug: 'taken' } }],
      ['that names no parent', { kind: 'resolve', values: { customer: '77' } }],
    ])('D6 %s parks, and the push goes on', async (_, mine) => {
      await database.query(`insert into ticket values ('${uuid(5)}', 'five', null, 'taken')`)
      expect(conflicts(await meet(mine))).toMatchObject([{ decision: 'parked' }])
      expect(await row('ticket')).toMatchObject({ title: 'theirs' })
    })

    it('by a handler on the device is left to it', async () => {
      wire = pusher(database, workshopBundle(decide, 'device'))
      expect(conflicts(await meet({ kind: 'keep-local' }))).toMatchObject([{ decision: 'device' }])
      expect(met).toEqual([])
      expect(await row('ticket')).toMatchObject({ title: 'theirs' })
    })

    it('F4 leaves a record with the three versions, who, when and the version of the handler', async () => {
      await meet({ kind: 'resolve', values: { title: 'both' } })
      expect(await records()).toMatchObject([
        { kind: 'update-update', decision: 'resolved', handler: 'h', handler_version: 'v7', user_name: 'ann' },
      ])
      const [record] = await records()
      expect(JSON.parse(String(record?.local))).toEqual({ ...was, title: 'mine' })
      expect(JSON.parse(String(record?.server))).toMatchObject({ title: 'theirs' })
    })

    it('F3 sees names, and times by the clock of the server', async () => {
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      // The device's clock is a year ahead, and the edit an hour old.
      const year = 365 * 86_400_000
      await wire.edit([update('ticket', [uuid(1)], { title: 'x' }, { base, was, at: NOW + year - 3_600_000 })], {
        sentAt: NOW + year,
      })
      expect(met).toMatchObject([{ entity: 'ticket', localUser: 'ann', localAt: NOW - 3_600_000 }])
    })
  })

  it('P1 a retry is told the same conflict and leaves one record', async () => {
    const base = await wire.seen()
    await database.query("update ticket set body = 'theirs'")
    const group = [1, [update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]] as const
    const first = await wire.push([group])
    expect(await wire.push([group])).toEqual(first)
    expect(await records()).toHaveLength(1)
  })

  it('P4 L8 a retry shows a row that its session may no longer see like one that is gone', async () => {
    wire = await startPushing(database, withScopedTickets(workshopBundle(decide)))
    const session = (customer: string) => ({ session: { user: 'ann', claims: { customer } } })
    const base = await wire.seen()
    await database.query("update ticket set body = 'theirs'")
    const groups = [[1, [update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]]] as const
    const told = { kind: 'update-update', server: { body: 'theirs' }, serverAt: expect.any(Number) }
    const [first] = await wire.push(groups, session('1'))
    expect(first).toMatchObject({ conflicts: [told] })
    expect(await wire.push(groups, session('1'))).toEqual([first])
    expect(await wire.push(groups, session('2'))).toMatchObject([
      {
        kind: 'applied',
        conflicts: [
          { kind: 'update-delete', local: { title: 'mine' }, server: null, serverUser: null, serverAt: null },
        ],
      },
    ])
    await database.query("update ticket set body = 'later', customer = 2")
    expect(await wire.push(groups, session('1'))).toMatchObject([{ conflicts: [{ server: null }] }])
    expect(await wire.push(groups, session('2'))).toMatchObject([
      { conflicts: [{ kind: 'update-update', server: { body: 'later' } }] },
    ])
  })

  it('F5 C2 a conflict holds back its row and nothing else of its group', async () => {
    const base = await wire.seen()
    await database.query("update ticket set body = 'theirs'")
    const outcome = await wire.edit([
      update('item', ['bolt'], { label: 'with it' }),
      update('ticket', [uuid(1)], { title: 'mine' }, { base, was }),
      create('ticket', [uuid(6)], { title: 'new' }),
      update('ticket', [uuid(1)], { slug: 'mine' }, { base, was: { ...was, title: 'mine' } }),
    ])
    expect(conflicts(outcome)).toMatchObject([{ key: [uuid(1)], local: { title: 'mine', slug: 'mine' }, base: was }])
    expect(await row('ticket', uuid(6))).toMatchObject({ title: 'new' })
    expect(await database.query("select label from item where code = 'bolt'")).toEqual([{ label: 'with it' }])
  })

  describe('F6 a resolution', () => {
    const park = async () => {
      const base = await wire.seen()
      await database.query("update ticket set body = 'theirs'")
      const [conflict] = conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, { base, was })]))
      if (!conflict) throw new Error('There is no conflict.')
      return conflict
    }

    it('is a normal write on the version that was shown', async () => {
      const { id, version, server } = await park()
      const resolving = { base: version, was: server ?? {}, resolves: id }
      expect(conflicts(await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, resolving)]))).toEqual([])
      expect(await row('ticket')).toMatchObject({ title: 'mine', body: 'theirs' })
      expect(await records()).toMatchObject([{ decision: 'resolved by user', result: '{"title":"mine"}' }])
    })

    it('meets a new conflict where the server has moved on', async () => {
      const { id, version, server } = await park()
      await database.query("update ticket set body = 'later'")
      const resolving = { base: version, was: server ?? {}, resolves: id }
      const outcome = await wire.edit([update('ticket', [uuid(1)], { title: 'mine' }, resolving)])
      expect(conflicts(outcome)).toMatchObject([{ kind: 'update-update', server: { body: 'later' } }])
      expect((await records()).map(({ decision }) => decision)).toEqual(['parked', 'parked'])
    })

    it('F4 without an edit ends the record all the same, once, and only that of the own conflict', async () => {
      const parked = await park()
      const settled = await park()
      const resolving = { base: settled.version, was: settled.server ?? {}, resolves: settled.id }
      await wire.edit([update('ticket', [uuid(1)], { body: 'later' }, resolving)])
      const decisions = async () =>
        (await database.query('select id, decision, resolved_by, resolved_at::text from syncline.conflict')).filter(
          ({ id }) => id === parked.id,
        )
      const ended = [parked, settled, { id: uuid(99) }].map(({ id }) => ({ id, decision: 'kept-server' as const }))
      await endConflicts(database, { device: ELSEWHERE, user: 'ann' }, ended)
      await endConflicts(database, { device: HERE, user: 'bob' }, ended)
      expect(await decisions()).toMatchObject([{ decision: 'parked', resolved_by: null, resolved_at: null }])
      await endConflicts(database, { device: HERE, user: 'ann' }, ended)
      const after = await decisions()
      expect(after).toMatchObject([{ decision: 'kept-server', resolved_by: 'ann', resolved_at: expect.any(String) }])
      await endConflicts(database, { device: HERE, user: 'ann' }, [{ id: parked.id, decision: 'deleted' }])
      expect(await decisions()).toEqual(after)
      expect((await records()).map(({ decision }) => decision).toSorted()).toEqual(['kept-server', 'resolved by user'])
    })
  })

  it('F8 a unique value that the device itself made free is free', async () => {
    const base = await wire.seen()
    const outcomes = await wire.push([
      [1, [create('ticket', [uuid(2)], { title: 'two', slug: 'second' })]],
      [2, [update('ticket', [uuid(1)], { slug: null }, { base, was })]],
      [3, [update('ticket', [uuid(2)], { slug: 'first' }, { base, was: { slug: 'second' } })]],
      [4, [create('ticket', [uuid(3)], { title: 'three', slug: 'second' })]],
    ])
    expect(outcomes.flatMap(conflicts)).toEqual([])
    expect(await database.query('select slug from ticket order by id')).toEqual([
      { slug: null },
      { slug: 'first' },
      { slug: 'second' },
    ])
  })

  it('F2 what refers to a row that met a conflict waits with it', async () => {
    wire = await startPushing(database, withServerKeys(workshopBundle(decide)))
    const outcome = await wire.edit([
      create('customer', ['-1'], { name: 'One' }),
      create('ticket', [uuid(2)], { title: 'child', customer: '-1' }),
    ])
    expect(conflicts(outcome)).toMatchObject([
      { entity: 'customer', key: ['-1'], kind: 'unique-taken', local: { id: '-1', name: 'One' } },
      { entity: 'ticket', kind: 'parent-missing', local: { customer: '-1' } },
    ])
  })

  it('F2 what refers to a row that met a conflict in an earlier group waits with it', async () => {
    wire = await startPushing(database, withServerKeys(workshopBundle(decide)))
    await wire.edit([create('customer', ['-1'], { name: 'One' })])
    const child = [create('ticket', [uuid(2)], { title: 'child', customer: '-1' })]
    expect(conflicts(await wire.edit(child))).toMatchObject([{ entity: 'ticket', kind: 'parent-missing' }])
    const move = [update('ticket', [uuid(1)], { customer: '-1' }, { base: await wire.seen(), was })]
    expect(conflicts(await wire.edit(move))).toMatchObject([{ entity: 'ticket', kind: 'parent-missing' }])
  })

  it('F2 what refers to a row whose conflict has ended is refused, not parked', async () => {
    wire = await startPushing(database, withServerKeys(workshopBundle(decide)))
    await wire.edit([create('customer', ['-1'], { name: 'One' })])
    await database.query("update syncline.conflict set decision = 'kept-server', resolved_at = now()")
    const child = [create('ticket', [uuid(2)], { title: 'child', customer: '-1' })]
    expect(await wire.edit(child)).toMatchObject({ kind: 'refused', reason: 'constraint' })
  })

  it('K1 a row that gets its key from the server gets it by a resolution too', async () => {
    wire = await startPushing(database, withServerKeys(workshopBundle(decide)))
    decision = { kind: 'resolve', values: { name: 'One, again' } }
    const outcome = await wire.edit([
      create('customer', ['-1'], { name: 'One' }),
      create('ticket', [uuid(2)], { title: 'child', customer: '-1' }),
    ])
    expect(outcome).toMatchObject({
      keys: [{ entity: 'customer', temporary: ['-1'], key: [expect.stringMatching(/^\d+$/)] }],
      conflicts: [{ decision: 'resolved' }],
    })
    expect(
      await database.query(
        `select c.name from ticket t join customer c on c.id = t.customer where t.id = '${uuid(2)}'`,
      ),
    ).toEqual([{ name: 'One, again' }])
  })
}

/** The same with customers that detect conflicts. */
function withServerKeys(bundle: Bundle): Bundle {
  const entities = bundle.entities.map(
    (entity): EntityContract =>
      entity.id === 'customer'
        ? {
            ...entity,
            uniques: [['name']],
            pattern: {
              kind: 'conflict-detection',
              granularity: 'row',
              handler: 'h',
              handledOn: 'server',
              blocksSync: false,
            },
          }
        : entity,
  )
  return { ...bundle, entities }
}

/** The same with tickets that only who looks after their customer may see. */
function withScopedTickets(bundle: Bundle): Bundle {
  const rule: ScopeRule = {
    where: `b."customer"::text = session.claims->>'customer'`,
    columns: ['customer'],
    claims: ['customer'],
    tables: [],
    readsTime: false,
  }
  const entities = bundle.entities.map(
    (entity): EntityContract => (entity.id === 'ticket' ? { ...entity, scope: { read: rule, write: null } } : entity),
  )
  return { ...bundle, entities }
}
