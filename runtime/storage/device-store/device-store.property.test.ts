import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../contract'
import type { Edit, Group, Outcome } from '../../protocol/messages'
import { openMemory } from '../memory/open-memory'
import { applied, fieldBundle, lastPage, NOW_MS, openTestStore, page, partsOf, type TestStore } from './testing-store'

type Image = Record<string, string | null>

/** The least that a server does: groups once each, rows whole or not at all, keys that it makes, references that hold. */
class ModelServer {
  readonly companies = new Map<string, Image>()
  readonly orders = new Map<string, Image>()
  /** Companies that pages of the pull under way have brought. */
  readonly paged = new Set<string>()
  private readonly outcomes = new Map<string, Outcome>()
  private readonly made = new Map<string, string>()
  private nextKey = 1000

  take(group: Group): Outcome {
    const known = this.outcomes.get(group.id)
    if (known) return known
    const before = [new Map(this.companies), new Map(this.orders), new Map(this.made)] as const
    const keys: { entity: string; temporary: string[]; key: string[] }[] = []
    const fault = group.edits.map((edit) => this.apply(edit, keys)).find((message) => message !== null)
    const outcome: Outcome =
      fault == null
        ? { ...(applied(group.id) as Extract<Outcome, { kind: 'applied' }>), keys }
        : { kind: 'refused', id: group.id, reason: 'constraint', message: fault, rows: [] }
    if (fault != null) restore([this.companies, this.orders, this.made], before)
    this.outcomes.set(group.id, outcome)
    return outcome
  }

  private apply(edit: Edit, keys: { entity: string; temporary: string[]; key: string[] }[]): string | null {
    const isCompany = edit.entity === 'le_company'
    const rows = isCompany ? this.companies : this.orders
    const real = (key: string) => this.made.get(key) ?? key
    const key = isCompany ? real(edit.key[0] ?? '') : (edit.key[0] ?? '')
    if (edit.op === 'delete') {
      if (isCompany && [...this.orders.values()].some((order) => order.company_id === key)) return 'has orders'
      return rows.delete(key) ? null : `no row ${key} to delete`
    }
    const set: Image = { ...edit.set }
    for (const reference of ['company_id', 'parent_id'])
      if (set[reference] != null) {
        set[reference] = real(set[reference])
        if (!this.companies.has(set[reference])) return `no company ${set[reference]}`
      }
    if (edit.op === 'update') {
      const row = rows.get(key)
      if (!row) return `no row ${key} to update`
      rows.set(key, { ...row, ...set })
      return null
    }
    if (rows.has(key)) return `row ${key} is there`
    if (!isCompany) return rows.set(key, set) && null
    const id = key.startsWith('-') ? String(this.nextKey++) : key
    if (id !== key) {
      this.made.set(key, id)
      keys.push({ entity: 'le_company', temporary: [key], key: [id] })
    }
    this.companies.set(id, { ...set, id })
    return null
  }
}

function restore(maps: readonly Map<string, unknown>[], before: readonly Map<string, unknown>[]): void {
  maps.forEach((map, index) => {
    map.clear()
    for (const [key, value] of before[index] ?? []) map.set(key, value)
  })
}

type Step =
  | { readonly do: 'write'; readonly actions: readonly Action[] }
  /** Sends what waits; the answer arrives or is lost, and with it a pull or none. */
  | {
      readonly do: 'sync'
      readonly limit: number
      readonly lost: boolean
      readonly pull: 'none' | 'pages' | 'broken off'
    }

interface Action {
  readonly kind: 'company' | 'order' | 'rename' | 'move' | 'parent' | 'title' | 'drop company' | 'drop order'
  readonly pick: number
  readonly other: number
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('company', 'order', 'rename', 'move', 'parent', 'title', 'drop company', 'drop order'),
  pick: fc.nat(9),
  other: fc.nat(9),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      actions: fc.array(action, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      limit: fc.integer({ min: 1, max: 4 }),
      lost: fc.boolean(),
      pull: fc.constantFrom('none', 'pages', 'broken off'),
    }),
  },
)

/** Actions whose rows don't exist do nothing; they are many enough. */
async function write(test: TestStore, actions: readonly Action[]): Promise<void> {
  const [companies, orders] = [test.entity('companies'), test.entity('work_orders')]
  await test.store.write(NOW_MS, async (tx) => {
    for (const { kind, pick, other } of actions) {
      const rows = await tx.list(companies, {})
      const all = await tx.list(orders, {})
      const at = (list: readonly Row[], index: number) =>
        list.length === 0 ? null : (list[index % list.length] ?? null)
      const [company, target, order] = [at(rows, pick), at(rows, other), at(all, pick)]
      if (kind === 'company')
        await tx.create(companies, { name: `n${other}`, parent_id: pick > 5 ? (target?.id ?? null) : null })
      if (kind === 'order' && company) await tx.create(orders, { company_id: company.id, title: `t${other}` })
      if (kind === 'rename' && company) await tx.update(companies, [company.id], { name: `n${other}` })
      if (kind === 'parent' && company)
        await tx.update(companies, [company.id], { parent_id: other > 4 ? (target?.id ?? null) : null })
      if (kind === 'move' && order && target) await tx.update(orders, [order.id], { company_id: target.id })
      if (kind === 'title' && order) await tx.update(orders, [order.id], { title: `t${other}` })
      if (kind === 'drop order' && order) await tx.remove(orders, [order.id])
      // Children first, as plain foreign keys ask for it.
      if (kind === 'drop company' && company) {
        for (const row of all) if (row.company_id === company.id) await tx.remove(orders, [row.id])
        for (const row of rows)
          if (row.parent_id === company.id) await tx.update(companies, [row.id], { parent_id: null })
        await tx.remove(companies, [company.id])
      }
    }
  })
}

async function sync(
  test: TestStore,
  server: ModelServer,
  { limit, lost, pull }: Extract<Step, { do: 'sync' }>,
): Promise<void> {
  const bounds = { groups: limit, edits: 100, bytes: 100_000 }
  const ids = pull === 'none' ? [] : ['le_company', 'le_order']
  let begun = await test.store.begin({ ...bounds, push: true, pull: ids })
  const { upTo, requests, staged, resume } = begun
  while (begun.groups.length > 0) {
    const outcomes = begun.groups.map((group) => server.take(group))
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([])
    if (lost) return
    await test.store.settle(outcomes, NOW_MS, () => ({ kind: 'park' }))
    begun = { ...begun, ...(await test.store.nextGroups({ ...bounds, upTo, onlySealed: false })) }
  }
  if (pull === 'none') return
  if (staged && resume === null) await test.store.unstage()
  if (resume === null) server.paged.clear()
  const part = (table: string, rows: ReadonlyMap<string, Image>) => ({
    [table]: {
      full: true,
      rows: [...rows.values()].map((row) => test.entity(table).attributes.map(({ id }) => row[id] ?? null)),
      // What went since a page that brought it is named again.
      deleted: [...server.paged].filter((key) => table === 'companies' && !rows.has(key)).map((key) => [key]),
    },
  })
  await test.store.receive(requests, page('next', partsOf(test.entity, part('companies', server.companies))), NOW_MS)
  for (const key of server.companies.keys()) server.paged.add(key)
  if (pull === 'broken off') return
  // An edit made while the pages were under way stays where it is.
  await write(test, [{ kind: 'rename', pick: 3, other: 7 }])
  const rest = { ...part('work_orders', server.orders), ...part('companies', server.companies) }
  await test.store.receive(requests, lastPage('c', partsOf(test.entity, rest)), NOW_MS)
}

const shownAs = (rows: readonly Row[], columns: readonly string[]) =>
  rows.map((row) => columns.map((column) => (row[column] == null ? null : String(row[column])))).toSorted()
const heldAs = (rows: ReadonlyMap<string, Image>, columns: readonly string[]) =>
  [...rows.values()].map((row) => columns.map((column) => row[column] ?? null)).toSorted()

describe('a device and its server, whatever is lost between them', () => {
  it('C3 P2 P3 K1 L4 says all that it has to say, in an order that the server can follow, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), fc.nat(), async (steps, seed) => {
        const bundle = fieldBundle({})
        const test = await openTestStore(await openMemory(), bundle, seed)
        const server = new ModelServer()
        for (const each of steps) {
          if (each.do === 'write') await write(test, each.actions)
          else await sync(test, server, each)
        }
        const all = { do: 'sync', limit: 3, lost: false } as const
        const [company, order] = [
          ['id', 'name', 'parent_id'],
          ['id', 'company_id', 'title'],
        ]
        await sync(test, server, { ...all, pull: 'none' })
        expect(await test.store.counts()).toMatchObject({ pendingEdits: 0, quarantined: 0 })
        // What is shown is what the server has, before any pull: nothing was lost on the way.
        expect(heldAs(server.companies, company)).toEqual(shownAs(await test.list('companies'), company))
        expect(heldAs(server.orders, order)).toEqual(shownAs(await test.list('work_orders'), order))
        await test.store.close()
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
