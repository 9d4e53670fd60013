/**
 * The server of the bench, in a process of its own as a real one is. Its parent gives the database's URL and is told the
 * port; it ends with its parent. Next to the runtime's paths it answers `POST /bare` with a small text: the round trip
 * that an empty sync is compared with, through the same adapter.
 */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from '../server'
import { nodeListener } from '../server/node-listener'
import { openPostgres } from '../storage/postgres'
import { BENCH_BUNDLE } from './bench-bundle'

const url = process.env.SYNCLINE_BENCH_DATABASE
if (url === undefined) throw new Error('SYNCLINE_BENCH_DATABASE is not set. Run `npm run bench`; it starts this.')

const database = await openPostgres(url)
const server = await createServer(BENCH_BUNDLE, { database, authenticate: () => ({ user: 'bench', claims: {} }) })
await server.install()

const listener = createHttpServer(
  nodeListener(async (request) => {
    if (!request.url.endsWith('/bare')) return server.fetch(request)
    await request.text()
    const answer = '{"ok":true}'
    // With its length, as the runtime's answers have it: the adapter streams others.
    return new Response(answer, {
      headers: { 'content-type': 'application/json', 'content-length': String(answer.length) },
    })
  }),
)
listener.listen(0, '127.0.0.1', () => process.send?.({ port: (listener.address() as AddressInfo).port }))
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage().rss })
})
process.on('disconnect', () => process.exit(0))
