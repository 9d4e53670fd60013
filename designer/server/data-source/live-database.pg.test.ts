import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { askLive } from './live-database'

let server: RealPostgres
let url: string

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  const connection = postgres(url, { max: 1, onnotice: () => undefined })
  await connection.unsafe('create table t (id int primary key); insert into t select generate_series(1, 7)')
  await connection.end()
})
afterAll(() => server.stop())

const count = { sql: 'select count(*)::text as rows from t where id < $1::int', params: ['4'] }

describe('a live database', () => {
  it('answers each question by itself', async () => {
    const broken = { sql: 'select nothing from nowhere', params: [] }
    expect(await askLive(url, [count, broken, count])).toMatchObject({
      kind: 'answered',
      answers: [
        { kind: 'rows', rows: [{ rows: '3' }] },
        { kind: 'failed', code: '42P01' },
        { kind: 'rows', rows: [{ rows: '3' }] },
      ],
    })
  })

  it('is only read', async () => {
    const writes = { sql: 'insert into t values (99)', params: [] }
    expect(await askLive(url, [writes])).toMatchObject({ answers: [{ kind: 'failed', code: '25006' }] })
    const leaves = { sql: 'commit; insert into t values (99)', params: [] }
    expect(await askLive(url, [leaves])).toMatchObject({ answers: [{ kind: 'failed' }] })
    const all = { sql: 'select count(*)::text as rows from t', params: [] }
    expect(await askLive(url, [all])).toMatchObject({ answers: [{ rows: [{ rows: '7' }] }] })
  })

  it('is left at once by whoever calls off', async () => {
    const calling = new AbortController()
    const slow = askLive(url, [{ sql: 'select pg_sleep(60)', params: [] }], calling.signal)
    const watcher = postgres(url, { max: 1 })
    const sleeping = () =>
      watcher`select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`
    while ((await sleeping()).length === 0) await watcher`select pg_sleep(0.02)`
    calling.abort()
    expect(await slow).toEqual({ kind: 'cancelled' })
    await watcher.end()
  })

  it('that is not there is said so, without its password', async () => {
    const away = await askLive('postgres://ada:secret@127.0.0.1:1/shop', [count])
    expect(away.kind).toBe('unavailable')
    expect(JSON.stringify(away)).not.toContain('secret')
  })
})
