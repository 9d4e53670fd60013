/** What a device sends, without a device: the server's answer by itself. */
import { PROTOCOL_VERSION, type SyncResponse } from '../protocol/messages'
import { BENCH_BUNDLE } from './bench-bundle'

export interface BenchWire {
  /** Pulls what changed since the last time, by one request where that is little; milliseconds until it is parsed. */
  readonly pull: () => Promise<{ readonly duration: number; readonly rows: number }>
  /** The same, and the next one pulls it again. */
  readonly peek: () => Promise<{ readonly duration: number; readonly rows: number }>
}

export function openWire(url: string): BenchWire {
  const [entity] = BENCH_BUNDLE.entities
  let cursor: string | null = null
  const ask = async (resume: string | null) => {
    const attributes = entity?.attributes.map(({ id }) => id)
    const pull = [{ entity: entity?.id, cursor, attributes, chosen: null, verify: false }]
    const message = { protocol: PROTOCOL_VERSION, schemaHash: BENCH_BUNDLE.schemaHash, device: DEVICE, sentAt: 0 }
    const { page } = (await post(`${url}/sync`, { ...message, push: [], pull, resume })) as SyncResponse
    if (!page) throw new Error('The answer has no page.')
    return page
  }
  const first = async () => {
    const start = performance.now()
    const page = await ask(null)
    return { page, rows: page.entities[0]?.rowCount ?? 0, duration: performance.now() - start }
  }
  return {
    pull: async () => {
      const { rows, duration, ...answer } = await first()
      let { page } = answer
      while (page.next !== null) page = await ask(page.next)
      cursor = page.cursors?.[entity?.id ?? ''] ?? null
      return { duration, rows }
    },
    peek: first,
  }
}

/** The same adapter, and a server that does nothing. */
export function bareRoundTrip(url: string): Promise<unknown> {
  const pull = [{ entity: 'le_company' }]
  return post(`${url}/bare`, { protocol: PROTOCOL_VERSION, device: 'bench', push: [], pull, resume: null })
}

const DEVICE = '00000000-0000-4000-8000-00000000be7c'

async function post(url: string, body: object): Promise<unknown> {
  // As the transport of a device on the same machine asks.
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity' }
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })).json()
}
