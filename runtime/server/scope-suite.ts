/** Which rows a session gets, and which it is told to have lost, on whatever database the server runs. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database, Session } from '../contract'
import { BUNDLE_VERSION, type Bundle, type ScopeRule } from '../contract/bundle'
import { entity, Replica, SHOP, startServer, type Wire } from './testing-wire'

const SQL = `
create domain area as text not null check (value <> '');
create table membership (person text, team text, primary key (person, team));
create table task (id integer primary key, owner area, team text, title text, meta json, due timestamptz);
create table note (task integer references task on delete cascade, at integer, body text, primary key (task, at));
create table badge (id integer primary key, area text);
insert into membership values ('ann', 'red'), ('bob', 'blue');
insert into task values (1, 'north', 'red', 'one', '{"a":1}', null), (2, 'south', 'blue', 'two', null, '2026-01-02'), (3, 'north', 'blue', 'three', null, '2026-01-01');
insert into note select t, n, t || '/' || n from generate_series(1, 3) t, generate_series(1, 2) n;
`

function rule(where: string, rest: Partial<ScopeRule>): ScopeRule {
  return { where, columns: [], claims: [], tables: [], readsTime: false, ...rest }
}

const TASK_COLUMNS = ['id', 'owner', 'team', 'title']

const BY_AREA = rule(`b.owner = session.claims->>'area' and (b.meta->>'hidden') is null`, {
  columns: ['owner', 'meta'],
  claims: ['area'],
})
const BY_TEAM = rule(
  'exists (select from public.membership m where m.person = session.user_name and m.team = b.team)',
  {
    columns: ['team'],
    tables: [{ id: 'se_membership', schema: 'public', table: 'membership', key: ['person', 'team'] }],
  },
)
const BY_TIME = rule('b.due <= session.at', { columns: ['due'], readsTime: true })

const BUNDLE: Bundle = {
  ...SHOP,
  bundleVersion: BUNDLE_VERSION,
  entities: [
    {
      ...entity('le_area', 'task', ['id'], TASK_COLUMNS, { scope: { read: BY_AREA, write: null } }),
      server: taskTable(),
    },
    {
      ...entity('le_team', 'task', ['id'], TASK_COLUMNS, { scope: { read: BY_TEAM, write: null } }),
      server: taskTable(),
    },
    {
      ...entity('le_due', 'task', ['id'], TASK_COLUMNS, { scope: { read: BY_TIME, write: null } }),
      server: taskTable(),
    },
    { ...entity('le_task', 'task', ['id'], TASK_COLUMNS), server: taskTable() },
    entity('le_note', 'note', ['task', 'at'], ['task', 'at', 'body'], {
      pattern: { kind: 'on-demand', chosenBy: ['task'] },
    }),
  ],
}

function taskTable() {
  return { id: 'se_task', schema: 'public', table: 'task' }
}

const NORTH: Session = { user: 'ann', claims: { area: 'north' } }
const SOUTH: Session = { user: 'ann', claims: { area: 'south' } }

export function describeScopes(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  let nowMs: number
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(SQL)
    nowMs = Date.parse('2026-01-01T12:00:00Z')
    wire = await startServer(database, { bundle: BUNDLE, clock: { now: () => nowMs } })
  })
  const replica = (entities: readonly string[], session: Session = NORTH) =>
    new Replica(wire.as(session), entities, BUNDLE)
  const ids = (of: Replica, id: string) => of.list(id).map(([key]) => key)
  const delta = async (of: Replica, id: string) => (await of.wire.pull([id], of.cursors)).entities

  describe('by the row and the claims', () => {
    it('P4 L5 gives only rows in scope, and of others not even their keys', async () => {
      const north = replica(['le_area'])
      await north.pull()
      expect(ids(north, 'le_area')).toEqual(['1', '3'])
      await database.execute(
        "update task set title = 'secret' where id = 2; insert into task values (4, 'south', 'red')",
      )
      expect(await delta(north, 'le_area')).toEqual([])
      await database.execute('delete from task where id = 4')
      expect(await delta(north, 'le_area')).toEqual([])
    })

    it('L5 tells the key of a row that leaves the scope, comes back, or is deleted', async () => {
      const north = replica(['le_area'])
      await north.pull()
      await database.execute("update task set owner = 'south' where id = 1")
      expect(await delta(north, 'le_area')).toEqual([{ entity: 'le_area', full: false, rows: [], deleted: [['1']] }])
      await north.pull()
      await database.execute(
        "update task set owner = 'north', title = 'back' where id = 1; delete from note where task = 3; delete from task where id = 3",
      )
      expect(await delta(north, 'le_area')).toEqual([
        { entity: 'le_area', full: false, rows: [['1', 'north', 'red', 'back']], deleted: [['3']] },
      ])
      await north.pull()
      await database.execute('update task set meta = \'{"hidden":true}\' where id = 1')
      expect(await delta(north, 'le_area')).toMatchObject([{ rows: [], deleted: [['1']] }])
    })

    it('L5 tells of rows whose key changed, and of a TRUNCATE', async () => {
      const north = replica(['le_area'])
      await north.pull()
      await database.execute('delete from note; update task set id = id + 10')
      expect(await delta(north, 'le_area')).toMatchObject([
        {
          rows: [
            ['11', 'north', 'red', 'one'],
            ['13', 'north', 'blue', 'three'],
          ],
          deleted: [['1'], ['3']],
        },
      ])
      await north.pull()
      await database.execute('truncate task, note')
      expect(await delta(north, 'le_area')).toMatchObject([{ rows: [], deleted: [['11'], ['13']] }])
    })

    it('L6 pulls everything anew where a claim that the scope reads changed, and only then', async () => {
      const device = replica(['le_area', 'le_task'])
      await device.pull()
      const other = wire.as({ user: 'ann', claims: { area: 'north', colour: 'green' } })
      expect((await other.pull(['le_area', 'le_task'], device.cursors)).entities).toEqual([])
      device.wire = wire.as(SOUTH)
      expect((await device.wire.pull(['le_area', 'le_task'], device.cursors)).entities).toMatchObject([
        { entity: 'le_area', full: true, rows: [['2', 'south', 'blue', 'two']] },
      ])
      await device.pull()
      expect(ids(device, 'le_area')).toEqual(['2'])
    })

    it('P4 a claim is a value and never becomes SQL', async () => {
      for (const area of ["x' or true --", "north'; drop table task; --", '\\', '"', '$1']) {
        const device = replica(['le_area'], { user: "an'n", claims: { area } })
        await device.pull()
        expect(ids(device, 'le_area')).toEqual([])
      }
      const device = replica(['le_area'], { user: 'ann' })
      await device.pull()
      expect(ids(device, 'le_area')).toEqual([])
    })
  })

  describe('by a joined table', () => {
    it('L5 A27 follows the rows of the other table, whichever way they change', async () => {
      const ann = replica(['le_team'])
      await ann.pull()
      expect(ids(ann, 'le_team')).toEqual(['1'])
      for (const [change, expected] of [
        ["insert into membership values ('ann', 'blue')", ['1', '2', '3']],
        ["update membership set team = 'green' where person = 'ann' and team = 'red'", ['2', '3']],
        ["delete from membership where person = 'ann'", []],
      ] as const) {
        await database.execute(change)
        expect(await delta(ann, 'le_team')).toMatchObject([{ entity: 'le_team', full: true }])
        await ann.pull()
        expect(ids(ann, 'le_team')).toEqual(expected)
        expect(await delta(ann, 'le_team')).toEqual([])
      }
      await database.execute(
        "update membership set team = 'none' where false; update task set title = 'still' where id = 1",
      )
      expect(await delta(ann, 'le_team')).toEqual([])
    })

    it('L2 begins anew where the other table changes between two pages', async () => {
      await database.execute("insert into task select n, 'x', 'red' from generate_series(100, 160) n")
      wire = await startServer(database, { bundle: BUNDLE, clock: { now: () => nowMs }, pageRows: 3 })
      const ann = replica(['le_team'])
      const pages = await ann.pull(async (page) => {
        if (page === 1)
          await database.execute(
            "insert into membership values ('ann', 'blue'); delete from membership where team = 'red'",
          )
      })
      expect(pages).toBeGreaterThan(1)
      expect(ids(ann, 'le_team')).toEqual(['2', '3'])
    })

    it('L6 a rule reads the user: another one gets everything anew', async () => {
      const ann = replica(['le_team'])
      await ann.pull()
      const bob = await wire.as({ user: 'bob' }).pull(['le_team'], ann.cursors)
      expect(bob.entities).toMatchObject([
        { full: true, rows: [['2'], ['3']].map(([id]) => expect.arrayContaining([id])) },
      ])
    })
  })

  describe('by the time', () => {
    it('L5 brings rows that the time alone brings, and takes those that were changed out of it', async () => {
      const device = replica(['le_due'])
      await device.pull()
      expect(ids(device, 'le_due')).toEqual(['3'])
      nowMs = Date.parse('2026-01-02T12:00:00Z')
      expect(await delta(device, 'le_due')).toMatchObject([
        { full: false, rows: [['2', 'south', 'blue', 'two']], deleted: [] },
      ])
      await device.pull()
      expect(await delta(device, 'le_due')).toEqual([])
      await database.execute("update task set due = '2030-01-01' where id = 2")
      nowMs += 1000
      expect(await delta(device, 'le_due')).toMatchObject([{ rows: [], deleted: [['2']] }])
    })

    it('L5 takes rows away that the time alone takes', async () => {
      nowMs = Date.parse('2026-01-05T00:00:00Z')
      const device = replica(['le_due'])
      await device.pull()
      const ahead = device.cursors?.le_due ?? ''
      expect(ids(device, 'le_due')).toEqual(['2', '3'])
      // A server whose clock is behind can't tell what changed with time.
      nowMs = Date.parse('2026-01-01T12:00:00Z')
      expect((await device.wire.pull(['le_due'], { le_due: ahead })).entities).toMatchObject([
        { full: true, rows: [['3', 'north', 'blue', 'three']] },
      ])
    })

    it("P4 the time of a pull under way is the server's, whatever the device makes of its place", async () => {
      wire = await startServer(database, { bundle: BUNDLE, clock: { now: () => nowMs }, pageRows: 1 })
      await database.execute(
        "insert into task select n, 'x', 'y', 't', null, '2026-01-01' from generate_series(10, 15) n",
      )
      const { next } = await wire.pull(['le_due'])
      const [body = '', signature] = (next ?? '').split('.')
      const place = JSON.parse(atob(body)) as object
      const forged = btoa(JSON.stringify({ ...place, atMs: nowMs + 1e10 }))
      for (const resume of [`${forged}.${signature}`, forged, `${body}.`, `${body}.${'0'.repeat(64)}`]) {
        await expect(wire.pull(['le_due'], null, resume)).rejects.toThrow(/400.*pull from the beginning/)
      }
    })
  })

  it('L5 a rule that reads no column holds every row or none, and deltas tell what was deleted', async () => {
    await database.execute("create table plain (id text primary key); insert into plain values ('a'), ('b')")
    const read = rule(`session.claims->>'area' = 'north'`, { claims: ['area'] })
    const plain = entity('le_plain', 'plain', ['id'], ['id'], { scope: { read, write: null } })
    for (const pageRows of [5000, 1]) {
      const server = await startServer(database, { bundle: { ...BUNDLE, entities: [plain] }, pageRows })
      const at = (session: Session) => new Replica(server.as(session), ['le_plain'], { ...BUNDLE, entities: [plain] })
      const [north, south] = [at(NORTH), at(SOUTH)]
      await north.pull()
      await south.pull()
      await database.execute("delete from plain where id = 'a'; insert into plain values ('c'), ('d')")
      await north.pull()
      expect(ids(north, 'le_plain')).toEqual(['b', 'c', 'd'])
      expect(await delta(south, 'le_plain')).toEqual([])
      await database.execute("delete from plain where id <> 'b'; insert into plain values ('a')")
    }
  })

  describe('on demand', () => {
    it("gives the chosen parents' rows and nothing else, and everything anew where others are chosen", async () => {
      const device = replica(['le_note'])
      await device.pull()
      expect(ids(device, 'le_note')).toEqual([])
      device.chosen = { le_note: [['1'], ['3']] }
      await device.pull()
      expect(device.list('le_note').map((row) => row[2])).toEqual(['1/1', '1/2', '3/1', '3/2'])
      await database.execute("update note set body = body || '!' where at = 1; delete from note where at = 2")
      const page = await device.wire.pull(['le_note'], device.cursors, null, { chosen: device.chosen })
      expect(page.entities).toMatchObject([
        {
          full: false,
          rows: [
            ['1', '1', '1/1!'],
            ['3', '1', '3/1!'],
          ],
          deleted: [
            ['1', '2'],
            ['3', '2'],
          ],
        },
      ])
      await device.pull()
      device.chosen = { le_note: [['2']] }
      await device.pull()
      expect(device.list('le_note').map((row) => row[2])).toEqual(['2/1!'])
    })

    it('L5 a row that moves to another parent leaves', async () => {
      const device = replica(['le_note'])
      device.chosen = { le_note: [['1']] }
      await device.pull()
      await database.execute('update note set task = 2, at = 9 where task = 1 and at = 1')
      await device.pull()
      expect(device.list('le_note').map((row) => row[2])).toEqual(['1/2'])
    })

    it('P7 refuses chosen keys of another form', async () => {
      await expect(wire.pull(['le_note'], null, null, { chosen: { le_note: [['1', '2']] } })).rejects.toThrow(
        /400.*chosen by 1/,
      )
      await expect(wire.pull(['le_note'], null, null, { chosen: { le_note: [['x']] } })).rejects.toThrow(
        /400.*chosen key/,
      )
    })
  })

  it('F9 answers the digest of what it shows, of the whole and of a delta alike', async () => {
    const device = wire.as(NORTH)
    const first = await device.pull(['le_area', 'le_note'], null, null, { verify: true, chosen: { le_note: [['1']] } })
    expect(first.digests).toEqual({
      le_area: { rows: 2, sum: expect.stringMatching(/^\d+$/) },
      le_note: { rows: 2, sum: expect.stringMatching(/^\d+$/) },
    })
    const again = await device.pull(['le_area', 'le_note'], first.cursors, null, {
      verify: true,
      chosen: { le_note: [['1']] },
    })
    expect(again).toMatchObject({ entities: [], digests: first.digests })
  })

  it('L10 any changes give by deltas what they give as a whole, in every scope', async () => {
    wire = await startServer(database, { bundle: BUNDLE, clock: { now: () => nowMs }, pageRows: 4 })
    const all = ['le_area', 'le_team', 'le_due', 'le_task', 'le_note']
    const device = replica(all)
    device.chosen = { le_note: [['1'], ['2']] }
    let seed = 7
    const pick = <T>(of: readonly T[]): T => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return of[Math.floor((seed / 2147483648) * of.length)] as T
    }
    const id = () => pick([1, 2, 3, 4, 5, 6])
    for (let round = 0; round < 25; round += 1) {
      for (let n = 0; n < 4; n += 1) {
        await database.execute(
          pick([
            `insert into task values (${id()}, '${pick(['north', 'south'])}', '${pick(['red', 'blue'])}', 'new ${round}') on conflict do nothing`,
            `update task set owner = '${pick(['north', 'south'])}' where id <= ${id()}`,
            `update task set team = '${pick(['red', 'blue', 'none'])}', title = '${round}' where id = ${id()}`,
            `update task set due = '2026-01-0${id()}' where id = ${id()}`,
            `delete from task where id = ${id()}`,
            `update task set id = ${id()} + 10 where id = ${id()} and not exists (select from task where id > 10) and not exists (select from note where task = task.id)`,
            `delete from task where id > 10`,
            `insert into note select id, ${id()}, 'n' from task where id = ${id()} on conflict (task, at) do update set body = 'u${round}'`,
            `update note set task = ${id()} where at = ${id()} and false`,
            `delete from membership where team = '${pick(['red', 'blue'])}'`,
            `insert into membership values ('ann', '${pick(['red', 'blue'])}') on conflict do nothing`,
          ]),
        )
      }
      nowMs += pick([0, 1000, 36_000_000])
      await device.pull()
      const whole = replica(all)
      whole.chosen = device.chosen
      await whole.pull()
      for (const name of all) expect([round, name, device.list(name)]).toEqual([round, name, whole.list(name)])
    }
  })
}
