/**
 * A PGlite in memory that lives for one import. It opens from a prepared data directory, because initdb
 * takes three times as long as all the rest; the first import on a machine prepares it.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { loadExtensions } from './extensions'
import { projectRoot } from './worker-entry'

export interface Scratch {
  readonly db: PGlite
  /** Names of the extensions that CREATE EXTENSION can make here. */
  readonly extensions: ReadonlySet<string>
}

export async function openScratch(extensionNames: Iterable<string> = []): Promise<Scratch> {
  const extensions = await loadExtensions(extensionNames)
  const prepared = await preparedDirectory()
  return {
    db: await PGlite.create({ loadDataDir: new Blob([prepared]), extensions }),
    extensions: new Set(Object.keys(extensions)),
  }
}

/** The scratch database as bytes for `loadDataDir`. */
export async function packScratch(db: PGlite): Promise<Uint8Array> {
  await db.exec('CHECKPOINT')
  return new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer())
}

/** Only this PGlite can open its directory: the version is part of the name. */
async function preparedDirectory(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = join(projectRoot(), 'node_modules', '.cache', 'syncline')
  const file = join(folder, `empty-pglite-${pgliteVersion()}.tar.gz`)
  try {
    return new Uint8Array(await readFile(file))
  } catch {
    const db = await PGlite.create()
    const bytes = new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer())
    await db.close()
    await keep(folder, file, bytes)
    return bytes
  }
}

/** Where the folder can't be written, the next import prepares the directory again: slower, nothing worse. */
async function keep(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}.${process.hrtime.bigint()}`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(unfinished, bytes)
    await rename(unfinished, file)
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined)
  }
}

function pgliteVersion(): string {
  const main = createRequire(join(projectRoot(), 'package.json')).resolve('@electric-sql/pglite')
  const manifest: unknown = createRequire(main)(join(dirname(main), '..', 'package.json'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  throw new Error('The package @electric-sql/pglite has no version.')
}
