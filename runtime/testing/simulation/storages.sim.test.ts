/** The same runs on devices that keep their rows in SQL: fewer, because they are slower. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, describe, expect, it } from 'vitest'
import { openPGlite } from '../../storage/pglite'
import type { SqliteDriver } from '../../storage/sqlite/driver'
import { openNodeDriver } from '../../storage/sqlite/node-driver'
import { openSqlite } from '../../storage/sqlite/open-sqlite'
import { preparedDirectory } from '../fresh-pglite'
import { SIM_PARTS } from './sim-bundle'
import type { OpenPlace } from './sim-device'
import { explainFailure, openTestGround } from './testing-ground'

async function openSqlitePlace(): ReturnType<OpenPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'syncline-simulation-'))
  return {
    open: async () => openSqlite(undefined, { driver: await openUnheld(join(directory, 'device.sqlite')) }),
    close: () => rm(directory, { recursive: true, force: true }),
  }
}

/** As after a kill, which lets go of the lock by which one device at a time has a file; here the process lives on. */
async function openUnheld(path: string): Promise<SqliteDriver> {
  const driver = await openNodeDriver(path)
  driver.execute('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
  return driver
}

async function openPGlitePlace(): ReturnType<OpenPlace> {
  const pglite = await PGlite.create({ loadDataDir: await preparedDirectory() })
  return { open: () => openPGlite('memory://', { pglite }), close: () => pglite.close() }
}

const STORAGES = [
  { kind: 'sqlite', place: openSqlitePlace, seeds: 12 },
  { kind: 'pglite', place: openPGlitePlace, seeds: 2 },
] as const

describe.each(Object.entries(SIM_PARTS))('simulated runs: %s', (_, bundle) => {
  const ground = openTestGround(bundle)
  afterAll(async () => (await ground).close())

  it.each(STORAGES)(
    'D1 F9 P3: hold whatever fails, on $kind',
    async ({ place, seeds }) => {
      const { run } = await ground
      for (let seed = 1; seed <= seeds; seed += 1) {
        const report = await run({ seed, devices: 2, steps: 16, storage: place })
        if (!report.ok)
          expect.fail(
            await explainFailure({ ...(await ground), run: (more) => run({ ...more, storage: place }) }, report),
          )
      }
    },
    240_000,
  )
})
