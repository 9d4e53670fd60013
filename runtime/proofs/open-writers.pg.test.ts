/**
 * L1 on real PostgreSQL: writers that begin early and commit late, set savepoints and go back to them, prepare their
 * transactions and decide later; devices pull in between, and at the end have every committed change and no other.
 */
import type { ReservedSql } from 'postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Device } from '../contract'
import { createSeededRandom } from '../testing'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { createProofWorld, expectEqualToServer, type ProofWorld, sync } from './proof-world'

let real: RealPostgres
beforeAll(async () => {
  real = await startPostgres()
})
afterAll(() => real?.stop())

const WRITERS = 4
const STEPS = 120
const SEEDS = [1, 2, 3, 4, 5]

/** One connection and the transaction that is open on it, if one is. */
interface Writer {
  readonly sql: ReservedSql
  readonly number: number
  depth: number
  isOpen: boolean
}

type Pick = (below: number) => number

describe('L1 on real PostgreSQL, with writers that stay open', () => {
  it.each(SEEDS)('a device has every committed change and no other: seed %i', async (seed) => {
    const world = await createProofWorld(await real.createDatabase())
    const pool = postgres(world.url, { max: WRITERS + 1, onnotice: () => undefined })
    const random = createSeededRandom(seed)
    const pick: Pick = (below) => random.below(below)
    try {
      await pool.unsafe(`insert into companies (name) select 'Company ' || n from generate_series(1, 40) n`)
      const writers: Writer[] = []
      for (let number = 0; number < WRITERS; number += 1) {
        writers.push({ sql: await pool.reserve(), number, depth: 0, isOpen: false })
      }
      const prepared: string[] = []
      const devices = [await world.openDevice('memory'), await world.openDevice('sqlite')]
      for (let step = 0; step < STEPS; step += 1) {
        const writer = writers[pick(WRITERS)] as Writer
        if (pick(4) === 0) await sync(devices[pick(devices.length)] as Device)
        else await writeOrGiveUp(writer, prepared, step, pick)
      }
      for (const { sql, isOpen } of writers) {
        if (isOpen) await sql.unsafe(pick(2) === 0 ? 'commit' : 'rollback')
        sql.release()
      }
      for (const name of prepared) await pool.unsafe(`${pick(2) === 0 ? 'commit' : 'rollback'} prepared '${name}'`)
      await expectAllEqual(devices, world)
    } finally {
      await pool.end({ timeout: 1 })
      await world.close()
    }
  })
})

async function expectAllEqual(devices: readonly Device[], world: ProofWorld): Promise<void> {
  for (const device of devices) {
    await sync(device)
    await expectEqualToServer(device, world)
  }
  // L10: what came in pieces is what comes whole.
  const fresh = await world.openDevice('memory')
  await sync(fresh)
  await expectEqualToServer(fresh, world)
}

/** PostgreSQL may end a serializable transaction for the sake of another: it is rolled back like one that was given up. */
async function writeOrGiveUp(writer: Writer, prepared: string[], step: number, pick: Pick): Promise<void> {
  try {
    await write(writer, prepared, step, pick)
  } catch (error) {
    if ((error as { code?: string }).code !== '40001') throw error
    await writer.sql.unsafe('rollback')
    writer.isOpen = false
  }
}

/** One step of a writer. Each has rows of its own, so that none waits for another that waits for it. */
async function write(writer: Writer, prepared: string[], step: number, pick: Pick): Promise<void> {
  const { sql } = writer
  if (!writer.isOpen) {
    const waiting = prepared.length > 0 && pick(5) === 0 ? prepared.shift() : undefined
    if (waiting !== undefined) {
      await sql.unsafe(`${pick(3) === 0 ? 'rollback' : 'commit'} prepared '${waiting}'`)
      return
    }
    await sql.unsafe(`begin isolation level ${['read committed', 'repeatable read', 'serializable'][pick(3)]}`)
    writer.isOpen = true
    writer.depth = 0
    return
  }
  switch (pick(8)) {
    case 0:
      writer.depth += 1
      await sql.unsafe(`savepoint s${writer.depth}`)
      return
    case 1:
      if (writer.depth > 0) await sql.unsafe(`rollback to s${writer.depth}`)
      return
    case 2:
      if (writer.depth > 0) await sql.unsafe(`release s${writer.depth}`)
      writer.depth = Math.max(0, writer.depth - 1)
      return
    case 3:
      await sql.unsafe(pick(3) === 0 ? 'rollback' : 'commit')
      writer.isOpen = false
      return
    case 4: {
      const name = `p${writer.number}_${step}`
      // A prepared transaction keeps its rows locked; its writer may not come back to them before it is decided.
      const mayPrepare = !prepared.some((other) => other.startsWith(`p${writer.number}_`))
      await sql.unsafe(mayPrepare ? `prepare transaction '${name}'` : 'commit')
      if (mayPrepare) prepared.push(name)
      writer.isOpen = false
      return
    }
    default:
      await change(writer, prepared, step, pick)
  }
}

async function change({ sql, number }: Writer, prepared: readonly string[], step: number, pick: Pick): Promise<void> {
  const isHeld = prepared.some((name) => name.startsWith(`p${number}_`))
  const own = 3 + number * 10 + pick(10)
  switch (isHeld ? 0 : pick(3)) {
    case 0:
      await sql.unsafe(`insert into companies (name) values ('Made by ${number} at ${step}')`)
      return
    case 1:
      await sql.unsafe(`update companies set city = 'City ${step}' where id = ${own}`)
      return
    default:
      await sql.unsafe(`delete from companies where id = ${own}`)
  }
}
