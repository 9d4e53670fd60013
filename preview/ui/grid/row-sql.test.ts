import { PGlite } from '@electric-sql/pglite'
import { openPGlite } from '@syncline/runtime/storage'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compareEntity } from '../../compare'
import type { EntityShape, TableShape } from '../../device/messages'
import { readTableShapes } from '../../device/table-shapes'
import { countSql, deleteSql, type GridRow, insertSql, pageSql, type Statement, updateSql } from './row-sql'

let database: Awaited<ReturnType<typeof openPGlite>>
let table: TableShape

beforeAll(async () => {
  database = await openPGlite('memory://', { pglite: new PGlite() })
  await database.execute(`
    create type mood as enum ('calm', 'cross');
    create table "Odd ""name" (
      a integer, b varchar(5), made timestamptz default now(), mood mood, tags text[], twice integer generated always as (a * 2) stored,
      photo bytea, note jsonb, primary key (b, a));
    create table keyless (x integer);`)
  table = find(await readTableShapes(database), 'Odd "name')
})

beforeEach(() => database.execute('truncate "Odd ""name"'))
afterAll(() => database.close())

const find = (tables: readonly TableShape[], name: string): TableShape => {
  const found = tables.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no table ${name}`)
  return found
}
const run = ({ text, params }: Statement) => database.query(text, params)
const cells = (row: Record<string, unknown> | undefined): GridRow => ({
  cells: table.columns.map((_, index) => (row?.[`c${index}`] ?? null) as string | null),
  pending: row?.pending === true,
  parked: row?.parked === true,
})
const firstRow = async () => cells((await run(pageSql(table, 0, null)))[0])

test('the shape of a table tells key order, choices, defaults and what may be written', () => {
  expect(table.key).toEqual(['b', 'a'])
  const column = (name: string) => table.columns.find((candidate) => candidate.name === name)
  expect(column('mood')).toMatchObject({ values: ['calm', 'cross'], nullable: true })
  expect(column('made')).toMatchObject({ hasDefault: true, type: 'timestamp with time zone' })
  expect(column('twice')).toMatchObject({ writable: false })
  expect(column('a')).toMatchObject({ nullable: false })
})

test('a row is made, shown, changed and deleted, each value in the text form of its type', async () => {
  await run(
    insertSql(
      table,
      new Map([
        ['a', '1'],
        ['b', 'x'],
        ['mood', 'calm'],
        ['tags', '{one,NULL}'],
        ['note', '{"k":  1}'],
      ]),
    ),
  )
  expect((await firstRow()).cells).toEqual([
    '1',
    'x',
    expect.stringMatching(/^\d{4}-/),
    'calm',
    '{one,NULL}',
    '2',
    null,
    '{"k": 1}',
  ])

  await run(updateSql(table, 'mood', 'cross', await firstRow()))
  await run(updateSql(table, 'tags', null, await firstRow()))
  await run(updateSql(table, 'b', '', await firstRow()))
  expect((await firstRow()).cells.slice(0, 5)).toEqual(['1', '', expect.anything(), 'cross', null])

  await run(deleteSql(table, await firstRow()))
  expect(await run(countSql(table))).toEqual([{ rows: '0' }])
})

test('a value that is too long is refused, not cut', async () => {
  await run(
    insertSql(
      table,
      new Map([
        ['a', '1'],
        ['b', 'x'],
      ]),
    ),
  )
  await expect(run(updateSql(table, 'b', 'sixsix', await firstRow()))).rejects.toThrow('too long')
})

test('long bytes are shown by their beginning', async () => {
  await run(
    insertSql(
      table,
      new Map([
        ['a', '1'],
        ['b', 'x'],
        ['photo', `\\x${'ab'.repeat(100)}`],
      ]),
    ),
  )
  expect((await firstRow()).cells[6]).toBe(`\\x${'ab'.repeat(24)}…`)
})

test('pages go on where the last one ended, in the order of the key', async () => {
  await database.query(`insert into "Odd ""name" (a, b) select n, 'x' from generate_series(1, 250) n`)
  const third = await run(pageSql(table, 2, null))
  expect(third).toHaveLength(50)
  expect(third[0]?.c0).toBe('201')
})

const SESSION = { user: 'ada' }

test('two databases are equal exactly if they hold the same rows', async () => {
  const entity: EntityShape = {
    id: 'odd',
    name: 'Odd',
    table,
    serverTable: table,
    writable: true,
    pattern: 'last-write-wins',
    scope: null,
    pulled: true,
    chosenBy: null,
    columns: [
      { name: 'a', serverName: 'a', serverValue: 'b."a"', hidden: false, file: false },
      { name: 'mood', serverName: 'mood', serverValue: 'b."mood"', hidden: false, file: false },
    ],
  }
  await database.query(`insert into "Odd ""name" (a, b, mood) values (1, 'x', null), (2, 'x', 'calm')`)
  /** A database that stays as this one is now. */
  const digest = async () => {
    const asked: string[] = []
    const note = {
      query: async (text: string, params?: Statement['params']) =>
        database.query(asked[asked.push(text) - 1] ?? text, params),
    }
    await compareEntity(entity, note, note, SESSION)
    const rows = await database.query(asked[0] ?? '')
    return { query: async () => rows }
  }
  const before = await digest()
  await database.query(`update "Odd ""name" set made = now()`)
  expect(await compareEntity(entity, before, await digest(), SESSION)).toMatchObject({
    equal: true,
    deviceRows: 2,
    serverRows: 2,
  })
  await database.query(`update "Odd ""name" set mood = 'calm' where a = 1`)
  expect(await compareEntity(entity, before, await digest(), SESSION)).toMatchObject({ equal: false })
})

test('what is compared is what the session may see, and what was chosen', async () => {
  await database.query(
    `insert into "Odd ""name" (a, b, mood) values (1, 'ada', 'calm'), (2, 'bob', 'calm'), (3, 'ada', 'cross')`,
  )
  const scoped: EntityShape = {
    id: 'odd',
    name: 'Odd',
    table,
    serverTable: table,
    writable: true,
    pattern: 'on-demand',
    scope: 'b.b = session.user_name',
    pulled: true,
    chosenBy: null,
    columns: [{ name: 'a', serverName: 'a', serverValue: 'b."a"', hidden: false, file: false }],
  }
  const rows = async (entity: EntityShape, chosen: Parameters<typeof compareEntity>[4] = []) =>
    (await compareEntity(entity, database, database, SESSION, chosen)).serverRows
  expect(await rows(scoped)).toBe(2)
  expect(await rows({ ...scoped, chosenBy: ['a'] })).toBe(0)
  expect(await rows({ ...scoped, chosenBy: ['a'] }, [{ a: 3 }, { a: 2 }])).toBe(1)
})
