/**
 * LISTEN on a connection of its own, made anew for as long as somebody listens: a database that restarts must not end
 * what an app hears for good.
 *
 *   connect ─► listen ─► notified … ─► connection lost ─► wait ─► connect ─► listen ─► "anything may have been said"
 */
import type { Options, Sql } from 'postgres'

/** Long enough not to press a database that starts, short enough that nobody waits. */
const RETRY_MS = 500

/** What the package passes on but does not mention in its types. */
type ListenOptions = Options<Record<string, never>> & {
  readonly onnotify: (channel: string, payload: string) => void
}

/**
 * Calls `fn` for each notification, and with an empty payload after a lost connection was replaced. Rejects where the
 * first connection fails; answers a function that ends it.
 */
export async function listenAlone(
  open: (options: ListenOptions) => Sql,
  channel: string,
  fn: (payload: string) => void,
): Promise<() => Promise<void>> {
  let over = false
  let retry: ReturnType<typeof setTimeout> | null = null
  let connection: Sql | null = null
  const connect = async () => {
    const sql = open({
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onnotify: (name, payload) => {
        if (name === channel && !over) fn(payload)
      },
      onclose: () => reconnect(sql),
    })
    connection = sql
    await sql.unsafe(`listen "${channel.replaceAll('"', '""')}"`).simple()
  }
  const reconnect = (lost: Sql) => {
    if (over || connection !== lost) return
    connection = null
    void lost.end({ timeout: 0 }).catch(() => undefined)
    retry = setTimeout(() => {
      connect().then(
        () => {
          if (!over) fn('')
        },
        () => connection && reconnect(connection),
      )
    }, RETRY_MS)
  }
  const stop = async () => {
    over = true
    if (retry !== null) clearTimeout(retry)
    await connection?.end({ timeout: 1 })
  }
  try {
    await connect()
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
