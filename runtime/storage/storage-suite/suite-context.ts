/** What the parts of the storage suite are run on and what they look at. */
import { afterEach, expect, it } from 'vitest'
import type { Bundle, DeviceTables, Image, Key, NewEdit, Storage, StoredEdit, SyncTransaction } from '../../contract'
import { keyText } from '../../contract'
import { formatCopyText } from '../../core/copy-text'
import { createSeededRandom } from '../../testing/seeded-random'
import { SUITE_BUNDLE, suiteEntity, TYPE_SAMPLES } from './suite-bundle'

/** Where a device's data lies. */
export interface StoragePlace {
  readonly open: () => Promise<Storage>
  /** What lies there right now, whatever is under way: as a process would find it after the one before was killed. */
  readonly afterKill: () => Promise<StoragePlace>
  readonly remove: () => Promise<void>
}

export interface StorageHarness {
  readonly name: string
  readonly hasSql: boolean
  /** A new, empty storage for tests that don't open it again. */
  readonly open: () => Promise<Storage>
  /** Missing where nothing outlives the storage. */
  readonly place?: () => Promise<StoragePlace>
  /** Runs a script in the database beside the device, where that can be. */
  readonly beside?: (place: StoragePlace, script: string) => Promise<void>
}

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
export const EVERYTHING = { groups: 100, edits: 1000, bytes: 1_000_000 }
export const ID = '00112233-4455-4677-8899-aabbccddeeff'
export const OTHER_ID = '10112233-4455-4677-8899-aabbccddeeff'

/** What the parts of the suite share: devices that are closed when a test ends. */
export function suiteContext(harness: StorageHarness) {
  const open: { close: () => Promise<void> }[] = []
  const places: StoragePlace[] = []
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close()
    for (const place of places.splice(0)) await place.remove()
  })
  const openTables = async (storage: Storage, bundle: Bundle = SUITE_BUNDLE, seed = 1) => {
    open.push(storage)
    const random = createSeededRandom(seed)
    return storage.openTables(bundle, { randomBytes: random.bytes })
  }
  const fresh = async (seed = 1): Promise<DeviceTables> => openTables(await harness.open(), SUITE_BUNDLE, seed)
  const { place: makePlace } = harness
  const newPlace = async (): Promise<StoragePlace> => {
    if (!makePlace) throw new Error(`${harness.name} has no place that outlives it.`)
    const place = await makePlace()
    places.push(place)
    return place
  }
  const reopened = async (place: StoragePlace): Promise<StoragePlace> => {
    const after = await place.afterKill()
    if (after !== place) places.push(after)
    return after
  }
  const itInSql = (name: string, fn: () => Promise<void>) => (harness.hasSql ? it(name, fn) : undefined)
  const itInPlace = (name: string, fn: () => Promise<void>) => (makePlace ? it(name, fn) : undefined)

  /** A device with two companies from the server. */
  async function withCompanies(): Promise<DeviceTables> {
    const tables = await fresh()
    await tables.sync((tx) => tx.putImages('e_companies', [company(1, { a_city: 'Leeds' }), company(2, {})]))
    return tables
  }

  return { harness, fresh, openTables, newPlace, reopened, itInSql, itInPlace, withCompanies }
}

export type SuiteContext = ReturnType<typeof suiteContext>

export function company(id: number, values: Image): Image {
  return {
    a_id: String(id),
    a_name: `company ${id}`,
    a_city: null,
    a_parent: null,
    a_made: null,
    a_total: null,
    ...values,
  }
}

export function stagedPart(
  name: string,
  images: readonly Image[],
  { full = false, deleted = [] }: { readonly full?: boolean; readonly deleted?: readonly Key[] },
): Parameters<SyncTransaction['stage']>[0] {
  const attributes = suiteEntity(name).attributes.map(({ id }) => id)
  const rows = formatCopyText(images.map((image) => attributes.map((id) => image[id] ?? null)))
  return { entity: `e_${name}`, attributes, full, rows, rowCount: images.length, deleted }
}

/** What is compared of an edit where its number and its transaction don't matter. */
export function edit(parts: Pick<NewEdit, 'op' | 'entity' | 'key' | 'at'> & Partial<NewEdit>) {
  return { set: {}, was: {}, base: null, resolves: null, group: null, parkedBy: null, ...parts }
}

export async function storedEdits(tables: DeviceTables): Promise<readonly StoredEdit[]> {
  return tables.sync(async (tx) => {
    const edits: StoredEdit[] = []
    // Every edit is of some row; the suite's rows are few enough to ask for all.
    for (const { id } of SUITE_BUNDLE.entities) {
      const keys = new Map<string, Key>()
      for (const key of KNOWN_KEYS) keys.set(keyText(key), key)
      edits.push(...(await tx.editsOfRows([...keys.values()].map((key) => ({ entity: id, key })))))
    }
    return edits.toSorted((a, b) => a.seq - b.seq)
  })
}

export const KNOWN_KEYS: readonly Key[] = [
  ...Array.from({ length: 100 }, (_, index) => [String(index)]),
  ...Array.from({ length: 12 }, (_, index) => [`made${index}`]),
  ...['-5', '-6', '42', '43', '5000'].map((key) => [key]),
  ...[ID, OTHER_ID].flatMap((id) => [[id], ...Array.from({ length: 6 }, (_, index) => [id, String(index)])]),
]

export async function allEdits(tables: DeviceTables) {
  return (await storedEdits(tables)).map(({ seq: _, transaction: __, ...rest }) => rest)
}

/** Undefined where there is no shadow. */
export async function shadowOf(tables: DeviceTables, entity: string, key: Key): Promise<Image | null | undefined> {
  return (await tables.sync((tx) => tx.shadows(entity, [key]))).get(keyText(key))
}

export async function imagesOf(
  tables: DeviceTables,
  entity: string,
  keys: readonly Key[],
): Promise<(Image | undefined)[]> {
  const images = await tables.sync((tx) => tx.images(entity, keys))
  return keys.map((key) => images.get(keyText(key)))
}

export async function companyIds(tables: DeviceTables): Promise<unknown[]> {
  return (await tables.write(NOW, (tx) => tx.list(suiteEntity('companies'), {}))).map(({ id }) => id)
}

export async function cities(tables: DeviceTables): Promise<unknown[]> {
  return (await tables.write(NOW, (tx) => tx.list(suiteEntity('companies'), {}))).map(({ city }) => city)
}

export async function readState(tables: DeviceTables): Promise<{ pendingEdits: number; rows: number }> {
  return { pendingEdits: (await tables.state()).pendingEdits, rows: (await companyIds(tables)).length }
}

export function sorted<T extends { readonly key: Key }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))
}

/** JSON is read into JavaScript's numbers, and `json` keeps its white space: these texts alone differ once read. */
export function withoutLossyJson(image: Image): Image {
  const isJson = (id: string) => /^jsonb?$/.test(TYPE_SAMPLES[Number(id.slice(3))]?.type ?? '')
  return Object.fromEntries(Object.entries(image).map(([id, text]) => [id, isJson(id) ? expect.any(String) : text]))
}
