/** A database with the bench's table and a server process over it. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import postgres, { type Sql } from 'postgres'
import type { RealPostgres } from '../testing/real-postgres'
import { BENCH_COLUMNS, BENCH_TABLE, fillSql } from './bench-bundle'

export interface BenchServer {
  readonly url: string
  readonly databaseUrl: string
  /** One connection of the yardstick's own. */
  readonly sql: Sql
  /** Bytes resident in the server's process. */
  readonly memory: () => Promise<number>
  readonly stop: () => Promise<void>
}

export async function startBenchServer(real: RealPostgres, rows: number): Promise<BenchServer> {
  const databaseUrl = await real.createDatabase()
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  // The rows are there before the tracking is, as in a database that Syncline comes to.
  await sql.unsafe(`create table ${BENCH_TABLE} (${BENCH_COLUMNS}); ${fillSql(rows)}`)
  await sql.unsafe(`vacuum analyze ${BENCH_TABLE}`)
  const child = fork(fileURLToPath(new URL('./server-process.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, SYNCLINE_BENCH_DATABASE: databaseUrl },
  })
  const { port } = await answer<{ port: number }>(child)
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    sql,
    memory: async () => {
      const told = answer<{ rss: number }>(child)
      child.send('memory')
      return (await told).rss
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await ended
      await sql.end()
    },
  }
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`The bench's server ended with code ${code}.`))
    child.once('exit', fail)
    child.once('message', (message) => {
      child.off('exit', fail)
      resolve(message as T)
    })
  })
}
