import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deviceSchemaSqliteSql } from '../../contract/device-schema-sqlite'
import { describeStorage } from '../storage-suite/storage-suite'
import { SUITE_BUNDLE } from '../storage-suite/suite-bundle'
import type { StoragePlace } from '../storage-suite/suite-context'
import { openNodeDriver } from './node-driver'
import { openSqlite } from './open-sqlite'
import { openWasmDriver } from './wasm-driver'

/** The package is compiled where it is installed; where that could not be, only the WASM build is tested. */
const hasNative = (() => {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => { close: () => void }
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
})()

function placeAt(directory: string): StoragePlace {
  return {
    open: () => openSqlite(join(directory, 'device.sqlite')),
    // A copy of the files is what the system has of them: all that was written, and nothing that was in memory.
    afterKill: async () => {
      const copy = mkdtempSync(join(tmpdir(), 'syncline-sqlite-'))
      for (const suffix of ['', '-wal'])
        cpSync(join(directory, `device.sqlite${suffix}`), join(copy, `device.sqlite${suffix}`))
      return placeAt(copy)
    },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  }
}
const directories = new WeakMap<StoragePlace, string>()

describe.runIf(hasNative)('better-sqlite3', () => {
  describeStorage({
    name: 'SQLite',
    hasSql: true,
    open: () => openSqlite(),
    place: async () => {
      const directory = mkdtempSync(join(tmpdir(), 'syncline-sqlite-'))
      const place = placeAt(directory)
      directories.set(place, directory)
      return place
    },
    beside: async (place, script) => {
      const driver = await openNodeDriver(join(directories.get(place) ?? '', 'device.sqlite'))
      driver.execute('pragma busy_timeout = 5000')
      driver.execute(script)
      driver.close()
    },
  })
})

// The build for browsers runs in Node too, in memory: what it keeps in files is proved in a browser.
describeStorage({
  name: 'SQLite, WASM build',
  hasSql: true,
  open: async () => openSqlite('memory://', { driver: await openWasmDriver('memory://') }),
})

describe('deviceSchemaSqliteSql', () => {
  it('V1 declares no type by whose name SQLite would change a value', () => {
    const declared = [...deviceSchemaSqliteSql(SUITE_BUNDLE).matchAll(/^ {2}"(?:c\d+)" "([^"]+(?:""[^"]*)*)"/gm)].map(
      ([, type]) => type ?? '',
    )
    expect(declared.length).toBeGreaterThan(40)
    const texts = declared.filter((type) => type.startsWith('text'))
    expect(texts.filter((type) => /int/i.test(type))).toEqual([])
    expect(declared.filter((type) => !type.startsWith('text')).toSorted()).toEqual(
      ['bigint', 'blob', 'boolean', 'int', 'int', 'int', 'int', 'smallint'].toSorted(),
    )
  })
})
