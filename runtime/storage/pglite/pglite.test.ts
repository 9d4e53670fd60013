import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openFreshPGlite, preparedDirectory } from '../../testing/fresh-pglite'
import { openPGlite } from '../pglite'
import { describeStorage, type StoragePlace } from '../storage-suite'

function placeAt(directory: string): StoragePlace {
  let isNew = true
  return {
    open: async () => {
      const given = isNew ? { loadDataDir: await preparedDirectory() } : {}
      isNew = false
      return openPGlite(directory, { pglite: await PGlite.create(directory, given) })
    },
    // A copy of the files is what the system has of them: all that was written, and nothing that was in memory.
    afterKill: async () => {
      const copy = mkdtempSync(join(tmpdir(), 'syncline-pglite-'))
      cpSync(directory, copy, { recursive: true })
      rmSync(join(copy, 'postmaster.pid'), { force: true })
      const place = placeAt(copy)
      return { ...place, open: async () => openPGlite(copy) }
    },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  }
}

describeStorage({
  name: 'PGlite',
  hasSql: true,
  open: openFreshPGlite,
  place: async () => placeAt(mkdtempSync(join(tmpdir(), 'syncline-pglite-'))),
})
