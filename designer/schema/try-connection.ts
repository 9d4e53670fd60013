/** Whether an address leads to a PostgreSQL that a schema can be read from. */
import { connect, disconnect } from './connect'
import { explainConnectionError, parseConnectionUrl } from './connection-url'

export type TriedConnection =
  | { readonly kind: 'connected'; readonly version: string; readonly tables: number }
  | { readonly kind: 'failed'; readonly message: string }

/** Never rejects for what is wrong with the address or the server. */
export async function tryConnection(url: string, signal?: AbortSignal): Promise<TriedConnection> {
  const target = parseConnectionUrl(url)
  if ('kind' in target) return { kind: 'failed', message: target.message }
  try {
    const sql = await connect(url, { applicationName: 'syncline' })
    const end = () => void disconnect(sql)
    signal?.addEventListener('abort', end)
    try {
      const [row] = await sql`
        SELECT current_setting('server_version') AS version, count(*)::int AS tables
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
      return { kind: 'connected', version: String(row?.['version']), tables: Number(row?.['tables']) }
    } finally {
      signal?.removeEventListener('abort', end)
      await disconnect(sql)
    }
  } catch (error) {
    return { kind: 'failed', message: explainConnectionError(error, target).message }
  }
}
