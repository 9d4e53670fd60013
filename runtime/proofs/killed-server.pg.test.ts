/** P1 where it is hardest: the server's process dies by SIGKILL somewhere in a push, and the device tries again. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../contract'
import { createSeededRandom } from '../testing'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { httpTransport } from '../transport'
import { createProofWorld, expectEqualToServer, sync } from './proof-world'

let real: RealPostgres
beforeAll(async () => {
  real = await startPostgres()
})
afterAll(() => real?.stop())

const ROUNDS = 6
const CREATED = 40
const COUNTED = 60

describe('P1 with a server that is killed', () => {
  it('every edit is applied exactly once, wherever in a push its process dies', { timeout: 180_000 }, async () => {
    const world = await createProofWorld(await real.createDatabase())
    let process = await startServer(world.url)
    try {
      await world.database.execute(
        `insert into work_orders (id, company_id, title) values ('${ORDER}', 1, 'counted');` +
          `insert into parts_used values ('${ORDER}', 1, 'bolt', 1000)`,
      )
      const transport = httpTransport('http://127.0.0.1', {
        fetch: async (request) =>
          fetch(new Request(`${process.url}${new URL(request.url).pathname}`, request as RequestInit)),
      })
      const device = await world.openDevice('sqlite', { transport })
      await sync(device)
      const random = createSeededRandom(5)
      let died = 0
      for (let round = 1; round <= ROUNDS; round += 1) {
        await edit(device, round)
        const asked = process.asked()
        const outcome = device.sync.trigger('Default')
        await asked
        // Somewhere between the first statement and the answer; what matters is that it differs.
        await new Promise((resolve) => setTimeout(resolve, random.below(13) ** 2))
        process.kill()
        if ((await outcome).kind !== 'completed') died += 1
        process = await startServer(world.url)
      }
      await sync(device)
      expect(died).toBeGreaterThan(0)
      expect(device.sync.status).toMatchObject({ pending: 0, quarantined: 0, conflicts: 0 })
      const [row] = await world.database.query(
        "select (select quantity from parts_used) as quantity, (select count(*)::int from companies where name like 'Round %') as companies",
      )
      expect(row).toEqual({ quantity: 1000 + ROUNDS * COUNTED, companies: ROUNDS * CREATED })
      await expectEqualToServer(device, world)
    } finally {
      process.kill()
      await world.close()
    }
  })
})

const ORDER = '00000000-0000-4000-8000-000000000001'

/** Rows whose keys the server makes, and counters: each shows an edit that was applied twice, or not at all. */
async function edit(device: Device, round: number): Promise<void> {
  for (let n = 0; n < Math.max(CREATED, COUNTED); n += 1) {
    if (n < CREATED) await device.entities.Companies?.create({ name: `Round ${round} row ${n}` })
    if (n < COUNTED) await device.query("update parts_used set quantity = quantity + 1 where part = 'bolt'")
  }
}

interface ServerProcess {
  readonly url: string
  /** Resolves when the next request comes. */
  readonly asked: () => Promise<void>
  readonly kill: () => void
}

async function startServer(databaseUrl: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL('./server-process.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...globalThis.process.env, SYNCLINE_PROOF_DATABASE: databaseUrl },
  })
  const { port } = await told<{ port: number }>(child, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => told(child, 'asked').then(() => undefined),
    kill: () => void child.kill('SIGKILL'),
  }
}

function told<T>(child: ChildProcess, kind: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}.`)))
    child.on('message', (message) => {
      if ((message as { kind: string }).kind === kind) resolve(message as T)
    })
  })
}
