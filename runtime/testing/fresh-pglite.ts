/**
 * A new, empty PGlite for a test, from a prepared data directory: initdb takes seconds, loading tenths of one.
 *
 * The prepared directory is kept in the system's temporary folder, by PGlite's version.
 */
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openPGlite } from '../storage/pglite'

/** Opens an empty database in memory, as `openPGlite` does. */
export async function openFreshPGlite(): ReturnType<typeof openPGlite> {
  const pglite = await PGlite.create({ loadDataDir: await preparedDirectory() })
  return openPGlite('memory://', { pglite })
}

/** Opens the database in a directory, made from the prepared one where the directory is empty. */
export async function openPGliteAt(directory: string): Promise<Awaited<ReturnType<typeof openPGlite>>> {
  const isNew = !existsSync(join(directory, 'PG_VERSION'))
  const pglite = await PGlite.create(directory, isNew ? { loadDataDir: await preparedDirectory() } : {})
  return openPGlite(directory, { pglite })
}

/** The data directory of an empty database. */
export async function preparedDirectory(): Promise<Blob> {
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
