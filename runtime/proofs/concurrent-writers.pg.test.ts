/**
 * Programs write to the database as pgbench does, by themselves and against each other, while devices of every storage
 * edit the same rows and sync without a pause. When all are quiet, every device equals the server (F9), and nothing
 * that a device made is missing (P3).
 */
import type { Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device, Storage } from '../contract'
import { createSeededRandom, type SeededRandom } from '../testing'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { createProofWorld, expectEqualToServer, type ProofWorld, sync } from './proof-world'

let real: RealPostgres
let world: ProofWorld
beforeAll(async () => {
  real = await startPostgres()
})
afterAll(() => real?.stop())

const KINDS: readonly Storage['kind'][] = ['memory', 'sqlite', 'pglite', 'memory', 'sqlite']
const WRITERS = 4
const TRANSACTIONS = 80
const ROUNDS = 8
const ORDER = '00000000-0000-4000-8000-000000000001'

describe('devices beside concurrent writers', () => {
  it('F9 P3 all equal the server at the end, and counters add up', { timeout: 180_000 }, async () => {
    world = await createProofWorld(await real.createDatabase())
    try {
      await world.database.execute(
        `insert into companies (name) select 'Company ' || n from generate_series(1, 100) n;` +
          `insert into work_orders (id, company_id, title) values ('${ORDER}', 1, 'counted');` +
          `insert into parts_used select '${ORDER}', 1, 'part ' || n, 1000 from generate_series(1, 5) n`,
      )
      const devices = await Promise.all(KINDS.map((kind) => world.openDevice(kind)))
      await Promise.all(devices.map(sync))
      const writers = Array.from({ length: WRITERS }, async (_, number) => {
        const sql = await world.connect()
        return runWriter(sql, createSeededRandom(100 + number))
      })
      const edited = devices.map((device, number) => runDevice(device, number, createSeededRandom(number)))
      const added = await Promise.all(writers)
      const made = await Promise.all(edited)
      // One more round for what others wrote after a device's last.
      for (let round = 0; round < 2; round += 1) for (const device of devices) await sync(device)
      for (const device of devices) await expectEqualToServer(device, world)

      const [row] = await world.database.query(
        "select (select sum(quantity)::int from parts_used) as quantity, (select count(*)::int from companies where name like 'Made on %') as made",
      )
      const refused = await Promise.all(devices.map(async (device) => (await device.quarantine.list()).length))
      expect(refused).toEqual(devices.map(() => 0))
      const counted = [...added, ...made.map(({ counted }) => counted)].reduce((sum, n) => sum + n, 0)
      expect(row).toEqual({ quantity: 5000 + counted, made: made.reduce((sum, { created }) => sum + created, 0) })
    } finally {
      await world.close()
    }
  })
})

/** Answers by how much it raised the counters. */
async function runWriter(sql: Sql, random: SeededRandom): Promise<number> {
  let counted = 0
  for (let turn = 0; turn < TRANSACTIONS; turn += 1) {
    const id = 3 + random.below(100)
    const part = `part ${1 + random.below(5)}`
    const kind = random.below(6)
    const isolation = kind === 5 ? 'isolation level serializable' : 'isolation level read committed'
    // A program of its own repeats what failed because of others; that is how PostgreSQL is used.
    for (;;) {
      try {
        await sql.begin(isolation, async (tx) => {
          if (kind <= 2) await tx`update companies set city = ${`City ${turn}`} where id = ${id}`
          if (kind === 3) await tx`insert into companies (name) values (${`By a writer ${turn}`})`
          if (kind === 4) await tx`delete from companies where name like 'By a writer%' and id % 7 = ${id % 7}`
          if (kind >= 2) await tx`update parts_used set quantity = quantity + 1 where part = ${part}`
        })
        if (kind >= 2) counted += 1
        break
      } catch (error) {
        if (!['40001', '40P01'].includes((error as { code?: string }).code ?? '')) throw error
      }
    }
  }
  return counted
}

async function runDevice(
  device: Device,
  number: number,
  random: SeededRandom,
): Promise<{ readonly counted: number; readonly created: number }> {
  let counted = 0
  let created = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let edit = 0; edit < 5; edit += 1) {
      const id = 3 + random.below(100)
      await device.entities.Companies?.update(id, { stamp: `device ${number} round ${round}` })
      await device.transaction(async (tx) => {
        const key = { work_order_id: ORDER, company_id: 1, part: `part ${1 + random.below(5)}` }
        const part = await tx.entities.PartsUsed?.get(key)
        await tx.entities.PartsUsed?.update(key, { quantity: Number(part?.quantity) + 1 })
      })
      counted += 1
      if (edit === 0) {
        await device.entities.Companies?.create({ name: `Made on ${number} in ${round}`, parent_id: id })
        created += 1
      }
    }
    const outcome = await device.sync.trigger('Default')
    // A deadlock with a writer may cost the server a turn; the device tries again.
    if (outcome.kind !== 'completed') expect(outcome).toMatchObject({ error: { recovery: 'retry' } })
  }
  return { counted, created }
}
