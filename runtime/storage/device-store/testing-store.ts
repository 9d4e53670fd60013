/** A device's store with a hand for a server: the ground of the store's tests, over any storage. */
import type { Bundle, EntityContract, Input, Row, Storage } from '../../contract'
import { formatCopyText } from '../../core/copy-text'
import type { ConflictReport, Outcome, Page, PageEntity } from '../../protocol/messages'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { createSeededRandom } from '../../testing/seeded-random'
import type { AppliedPull, BegunExchange, DeviceStore, PullOptions } from '../device-store'
import { openDeviceStore } from './open-device-store'

export type OpenStorage = () => Promise<Storage>

export interface TestStore {
  readonly store: DeviceStore
  readonly bundle: Bundle
  readonly create: (table: string, values: Input, nowMs?: number) => Promise<Row>
  readonly update: (table: string, key: readonly unknown[], changes: Input, nowMs?: number) => Promise<Row | null>
  readonly remove: (table: string, key: readonly unknown[]) => Promise<boolean>
  readonly get: (table: string, key: readonly unknown[]) => Promise<Row | null>
  readonly list: (table: string) => Promise<Row[]>
  /** What an exchange would send now. */
  readonly begin: (pull?: readonly string[], options?: PullOptions & { push?: boolean }) => Promise<BegunExchange>
  /** Sends what is pending and has it applied. */
  readonly push: (outcome?: (id: string) => Outcome) => Promise<BegunExchange>
  /** One page that ends the pull; rows in the order of the entity's attributes. */
  readonly pull: (
    cursor: string,
    parts: Readonly<Record<string, PartText>>,
    options?: PullOptions,
  ) => Promise<AppliedPull>
  readonly entity: (table: string) => EntityContract
}

export interface PartText {
  readonly full?: boolean
  readonly rows?: readonly (readonly (string | null)[])[]
  readonly deleted?: readonly (readonly string[])[]
}

export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5)
const BOUNDS = { groups: 500, edits: 5000, bytes: 2_000_000 }

export async function openTestStore(storage: Storage, bundle: Bundle = FIELD_BUNDLE, seed = 1): Promise<TestStore> {
  const random = createSeededRandom(seed)
  const tables = await storage.openTables(bundle, { randomBytes: random.bytes })
  const store = await openDeviceStore(tables, bundle, random.bytes)
  const entity = (table: string) => {
    const found = bundle.entities.find((candidate) => candidate.table === table)
    if (!found) throw new Error(`no table ${table}`)
    return found
  }
  const begin: TestStore['begin'] = (pull = [], { push = true, ...options } = {}) =>
    store.begin({ ...BOUNDS, push, pull, options })
  return {
    store,
    bundle,
    entity,
    begin,
    create: (table, values, nowMs = NOW_MS) => store.write(nowMs, (tx) => tx.create(entity(table), values)),
    update: (table, key, changes, nowMs = NOW_MS) => store.write(nowMs, (tx) => tx.update(entity(table), key, changes)),
    remove: (table, key) => store.write(NOW_MS, (tx) => tx.remove(entity(table), key)),
    get: (table, key) => store.write(NOW_MS, (tx) => tx.get(entity(table), key)),
    list: (table) => store.write(NOW_MS, (tx) => tx.list(entity(table), {})),
    push: async (outcome = applied) => {
      const begun = await begin()
      await store.settle(
        begun.groups.map(({ id }) => outcome(id)),
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      return begun
    },
    pull: async (cursor, parts, options = {}) => {
      const ids = Object.keys(parts).map((table) => entity(table).id)
      const { requests } = await begin(ids, { push: false, ...options })
      const done = await store.receive(requests, lastPage(cursor, partsOf(entity, parts)), NOW_MS)
      if (!done) throw new Error('the pull has not ended')
      return done
    },
  }
}

export function partsOf(
  entity: (table: string) => EntityContract,
  parts: Readonly<Record<string, PartText>>,
): PageEntity[] {
  return Object.entries(parts).map(([table, { full = false, rows = [], deleted = [] }]) => ({
    entity: entity(table).id,
    full,
    rows: formatCopyText(rows),
    rowCount: rows.length,
    deleted: deleted.map((key) => [...key]),
  }))
}

export function lastPage(cursor: string, entities: PageEntity[]): Page {
  return {
    entities,
    next: null,
    cursors: Object.fromEntries(entities.map((part) => [part.entity, cursor])),
    digests: {},
  }
}

export function page(next: string, entities: PageEntity[]): Page {
  return { entities, next, cursors: null, digests: {} }
}

export function applied(id: string, more: Partial<Extract<Outcome, { kind: 'applied' }>> = {}): Outcome {
  return { kind: 'applied', id, keys: [], overruled: [], conflicts: [], ...more }
}

export function refused(id: string, rows: Extract<Outcome, { kind: 'refused' }>['rows'] = []): Outcome {
  return { kind: 'refused', id, reason: 'constraint', message: 'no', rows }
}

export function conflict(report: Partial<ConflictReport> & Pick<ConflictReport, 'entity' | 'key'>): ConflictReport {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'update-update',
    base: null,
    local: null,
    server: null,
    version: 'seen',
    localAt: NOW_MS,
    serverUser: 'bob',
    serverAt: NOW_MS,
    decision: 'parked',
    ...report,
  }
}

/** The field bundle with some entities changed, by id. */
export function fieldBundle(changes: Readonly<Record<string, Partial<EntityContract>>>): Bundle {
  return {
    ...FIELD_BUNDLE,
    entities: FIELD_BUNDLE.entities.map((entity) => ({ ...entity, ...changes[entity.id] })),
  }
}
