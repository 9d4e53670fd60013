/**
 * A new, empty PGlite for a test, from a prepared data directory: initdb takes seconds, loading tenths of one.
 *
 * The prepared directory is kept in the system's temporary folder, by PGlite's version.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { Storage } from '../contract/api'
import { openPGlite } from '../storage/pglite'

/** Opens an empty database in memory, as `openPGlite` does. */
export async function openFreshPGlite(): Promise<Storage> {
  const pglite = await PGlite.create({ loadDataDir: await preparedDirectory() })
  return openPGlite('memory://', { pglite })
}

async function preparedDirectory(): Promise<Blob> {
  const path = join(tmpdir(), `syncline-empty-pglite-${await pgliteVersion()}.tar`)
  const prepared = await readFile(path).catch(() => null)
  if (prepared) return new Blob([new Uint8Array(prepared)])
  const pglite = await PGlite.create()
  const directory = await pglite.dumpDataDir('none')
  await pglite.close()
  // Another test process may do the same; a rename is never seen half done.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, new Uint8Array(await directory.arrayBuffer()))
  await rename(draft, path)
  return directory
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const manifest = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
