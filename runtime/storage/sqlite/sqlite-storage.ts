/** SQLite as a device's storage, once it is known which build of it there is. */
import type { Storage } from '../../contract'
import { connectionOn, heldElsewhere, isBusy } from './connection'
import { openSqliteTables } from './device-tables'
import type { SqliteDriver } from './driver'
import { holdFile } from './hold-file'

export async function openSqliteStorage(target: string, given: SqliteDriver | undefined): Promise<Storage> {
  const connection = connectionOn(given ?? (await openDriver(target)))
  return {
    kind: 'sqlite',
    openTables: (bundle, ports) => openSqliteTables(connection, bundle, ports),
    close: connection.close,
  }
}

async function openDriver(target: string): Promise<SqliteDriver> {
  const isNode = typeof process === 'object' && typeof process.versions?.node === 'string'
  if (isNode && target === 'memory://') {
    const { openNodeDriver } = await import('./node-driver')
    // Without files the build for browsers does as well, where the other was not compiled.
    return openNodeDriver(':memory:').catch(async () => (await import('./wasm-driver')).openWasmDriver(target))
  }
  if (isNode && !target.startsWith('opfs://')) return openFile(target)
  if (target.startsWith('opfs://') && typeof globalThis.navigator?.storage?.getDirectory !== 'function')
    throw new Error(
      `${target} is in a browser's own file system, and there is none here. In Node, give the path of a file instead; in a browser, open it in a worker of a page that came over https.`,
    )
  const { openWasmDriver } = await import('./wasm-driver')
  return openWasmDriver(target)
}

async function openFile(path: string): Promise<SqliteDriver> {
  const { openNodeDriver } = await import('./node-driver')
  const driver = await openNodeDriver(path)
  let letGo = () => {}
  const close = () => {
    driver.close()
    letGo()
  }
  try {
    const [[file] = []] = driver.prepare(`select file from pragma_database_list where name = 'main'`)?.all([]) ?? []
    letGo = await holdFile(String(file))
    // Each commit is on the disk before it is answered: a group that was sent must be found sealed after a crash (P1).
    driver.execute('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
    return { ...driver, close }
  } catch (error) {
    close()
    throw isBusy(error) ? heldElsewhere(error) : error
  }
}
