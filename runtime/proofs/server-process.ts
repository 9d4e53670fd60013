/**
 * A server in a process of its own, to be killed: its parent gives the database's URL, is told the port, and may send
 * SIGKILL at any moment. It ends with its parent.
 */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from '../server'
import { nodeListener } from '../server/node-listener'
import { openPostgres } from '../storage/postgres'
import { PROOF_BUNDLE } from './proof-bundle'

const url = process.env.SYNCLINE_PROOF_DATABASE
if (url === undefined) throw new Error('SYNCLINE_PROOF_DATABASE is not set; killed-server.pg.test.ts starts this.')

const database = await openPostgres(url)
const server = await createServer(PROOF_BUNDLE, { database, authenticate: () => ({ user: 'ann' }) })
const listener = createHttpServer(
  nodeListener((request) => {
    process.send?.({ kind: 'asked' })
    return server.fetch(request)
  }),
)
listener.listen(0, '127.0.0.1', () =>
  process.send?.({ kind: 'listening', port: (listener.address() as AddressInfo).port }),
)
process.on('disconnect', () => process.exit(0))
