/** Devices of the bench: fresh databases of each kind. */
import { rm } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { createDevice } from '../client'
import type { Device, Storage } from '../contract'
import { openPGlite } from '../storage/pglite'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { httpTransport } from '../transport'
import { BENCH_BUNDLE } from './bench-bundle'

export function openDevice(storage: Storage, url: string): Promise<Device> {
  return createDevice(BENCH_BUNDLE, { storage, transport: httpTransport(url), session: { user: 'bench' } })
}

/** Empty databases of PGlite, copied from one that was made once: `initdb` takes seconds. */
export async function createPGliteFactory(): Promise<() => Promise<PGlite>> {
  const first = await PGlite.create()
  const directory = await first.dumpDataDir('none')
  await first.close()
  return () => PGlite.create({ loadDataDir: directory })
}

export const pgliteStorage = (pglite: PGlite): Promise<Storage> => openPGlite('memory://', { pglite })

export const sqliteStorage = (path = 'memory://'): Promise<Storage> => openSqlite(path)

/** Runs the unit and rejects where it did not complete. */
export async function syncDevice(device: Device): Promise<number> {
  const outcome = await device.sync.trigger('Default')
  if (outcome.kind !== 'completed') throw new Error(`The sync did not complete: ${JSON.stringify(outcome)}`)
  return outcome.pulledRows
}

export const removeFile = (path: string): Promise<unknown> =>
  Promise.all(['', '-wal', '-shm', '-journal'].map((end) => rm(path + end, { force: true })))
