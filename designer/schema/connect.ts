/** Sessions of a live server that end in bounded time, whoever listens at the address. */
import postgres from 'postgres'
import { CONNECT_TIMEOUT_SECONDS } from './connection-url'

export interface ConnectOptions {
  /** How the session shows in the server's list of them. */
  readonly applicationName: string
  readonly connections?: number
}

/** A client whose session is there. Rejects with the driver's error, for `explainConnectionError`. */
export async function connect(
  url: string,
  { applicationName, connections = 1 }: ConnectOptions,
): Promise<postgres.Sql> {
  const sql = postgres(url.trim(), {
    max: connections,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    connection: { application_name: applicationName },
    // The driver connects again whenever the other side hangs up, without a pause of its own.
    backoff: () => 1,
  })
  try {
    await connected(sql)
    return sql
  } catch (error) {
    await disconnect(sql)
    throw error
  }
}

export const disconnect = (sql: postgres.Sql): Promise<void> => sql.end({ timeout: 0 }).catch(() => undefined)

/** Rejects in bounded time also where somebody listens who is no PostgreSQL, and the driver tries for ever. */
async function connected(sql: postgres.Sql): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    const timeout = Object.assign(new Error('No connection.'), { code: 'CONNECT_TIMEOUT' })
    timer = setTimeout(() => reject(timeout), (CONNECT_TIMEOUT_SECONDS + 1) * 1000)
  })
  try {
    await Promise.race([sql`SELECT 1`, deadline])
  } finally {
    clearTimeout(timer)
  }
}
