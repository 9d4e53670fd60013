/** A worker that keeps a device's rows in the browser's own files and does what the test tells it, step by step. */
import type { DeviceTables, Storage } from '../../../contract'
import { formatCopyText } from '../../../core/copy-text'
import { SUITE_BUNDLE, suiteEntity } from '../../storage-suite/suite-bundle'
import { openSqlite } from '../open-sqlite'

let storage: Storage
let tables: DeviceTables

const companies = suiteEntity('companies')
const page = (count: number) => ({
  entity: companies.id,
  attributes: companies.attributes.map(({ id }) => id),
  full: true,
  rows: formatCopyText(
    Array.from({ length: count }, (_, index) => [String(index + 1), `company\t${index + 1}`, null, null, null, null]),
  ),
  rowCount: count,
  deleted: [],
})

const steps = {
  open: async () => {
    storage = await openSqlite('opfs://proof')
    tables = await storage.openTables(SUITE_BUNDLE, {
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    })
    return tables.deviceId
  },
  pull: () =>
    tables.sync(async (tx) => {
      await tx.stage(page(5000))
      const { rows } = await tx.applyStaged(companies.id, true)
      await tx.unstage()
      await tx.setCursors(new Map([[companies.id, 'cursor 1']]))
      return rows
    }),
  edit: () => tables.write(0, (tx) => tx.update(companies, [1], { city: 'kept' })),
  /** Never ends: the test ends the worker while the transaction is under way. */
  hang: () =>
    tables.write(0, async (tx) => {
      await tx.query("update companies set city = 'lost'")
      self.postMessage({ id: 'hang', value: 'under way' })
      await new Promise(() => undefined)
    }),
  look: async () => {
    const state = await tables.state()
    const [row] = await tables.write(0, (tx) =>
      tx.query('select count(*) as rows, count(city) as cities, max(city) as city from companies'),
    )
    return { ...row, pending: state.pendingEdits, cursor: state.cursors.get(companies.id) }
  },
  wipe: () => tables.wipe(),
  close: () => storage.close(),
} as const

self.onmessage = async ({ data: name }: MessageEvent<keyof typeof steps>) => {
  try {
    self.postMessage({ id: name, value: await steps[name]() })
  } catch (error) {
    self.postMessage({ id: name, error: error instanceof Error ? error.message : String(error) })
  }
}
