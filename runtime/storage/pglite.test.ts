import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../contract'
import { openFreshPGlite, openPGliteAt } from '../testing/fresh-pglite'
import { describeStorage } from './storage-suite/storage-suite'
import type { StoragePlace } from './storage-suite/suite-context'

/** One process has the directory at a time, so what is done beside a device is done before it or after it. */
function placeAt(directory: string): StoragePlace {
  const open: Storage[] = []
  return {
    open: async () => {
      const storage = await openPGliteAt(directory)
      open.push(storage)
      return storage
    },
    afterKill: async () => {
      const copy = mkdtempSync(join(tmpdir(), 'syncline-pglite-'))
      cpSync(directory, copy, { recursive: true })
      rmSync(join(copy, 'postmaster.pid'), { force: true })
      return placeAt(copy)
    },
    remove: async () => {
      for (const storage of open) await storage.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

describeStorage({
  name: 'PGlite',
  hasSql: true,
  open: openFreshPGlite,
  place: async () => placeAt(mkdtempSync(join(tmpdir(), 'syncline-pglite-'))),
})
