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

/** Instances that were closed: emptying one takes hundredths of a second, making one most of a second. */
const idle: PGlite[] = []

/** Opens an empty database in memory, as `openPGlite` does. */
export async function openFreshPGlite(): ReturnType<typeof openPGlite> {
  const used = idle.pop()
  for (const step of used ? EMPTYING : []) await used?.exec(step)
  const pglite = used ?? (await PGlite.create({ loadDataDir: await preparedDirectory() }))
  return openPGlite('memory://', { pglite: lend(pglite) })
}

/** Nothing of what was in the database or set in its session is left. */
const EMPTYING = [
  'rollback',
  'discard all',
  `do $$
declare
  name text;
begin
  for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', name);
  end loop;
end $$;
create schema public;`,
]

/** Seen from outside, `close` is the end of it. */
function lend(pglite: PGlite): PGlite {
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    idle.push(pglite)
  }
  return new Proxy(pglite, {
    get: (target, name) => {
      if (name === 'close') return close
      if (name === 'closed') return isClosed
      if (isClosed) throw new Error('PGlite is closed')
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
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
