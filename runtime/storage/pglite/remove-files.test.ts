import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { openPGliteAt } from '../../testing/fresh-pglite'
import { createSeededRandom } from '../../testing/seeded-random'
import { openPGlite } from '../pglite'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

async function prepared(script = 'select 1'): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'syncline-wipe-'))
  directories.push(directory)
  const storage = await openPGliteAt(directory)
  await storage.execute(script)
  await storage.close()
  return directory
}

const ports = { randomBytes: createSeededRandom(1).bytes }

it('leaves no file behind where it was wiped, and all where it was only closed', async () => {
  const directory = await prepared()
  await (await (await openPGlite(directory)).openTables(FIELD_BUNDLE, ports)).close()
  expect(existsSync(directory)).toBe(true)
  const tables = await (await openPGlite(directory)).openTables(FIELD_BUNDLE, ports)
  await tables.wipe()
  await tables.close()
  expect(existsSync(directory)).toBe(false)
})

it('leaves a database with tables of somebody else, and an instance that was given', async () => {
  const shared = await prepared('create table notes (id int primary key)')
  const given = await prepared()
  for (const storage of [await openPGlite(shared), await openPGliteAt(given)]) {
    const tables = await storage.openTables(FIELD_BUNDLE, ports)
    await tables.wipe()
    await tables.close()
  }
  expect([shared, given].map((directory) => existsSync(directory))).toEqual([true, true])
})
