/**
 * What every storage of a device does alike, rule by rule: PGlite, SQLite and memory run it.
 *
 * It speaks to `DeviceTables` alone; what is built on them is proved above.
 */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, DeviceTables, Image, Key, LocalTransaction, NewEdit, Storage, StoredEdit, SyncTransaction } from '../contract'
import { keyText } from '../contract'
import { formatCopyText } from '../core/copy-text'
import { createSeededRandom } from '../testing/seeded-random'
import { NEXT_BUNDLE, SUITE_BUNDLE, suiteEntity, TYPE_SAMPLES } from './storage-suite-bundle'

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

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const EVERYTHING = { groups: 100, edits: 1000, bytes: 1_000_000 }
const ID = '00112233-4455-4677-8899-aabbccddeeff'
const OTHER_ID = '10112233-4455-4677-8899-aabbccddeeff'

export function describeStorage(harness: StorageHarness): void {
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

  describe(`${harness.name}: capture`, () => {
    it('C1 captures what entity actions create, change and delete', async () => {
      const tables = await fresh()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.create(companies, { id: 7, name: 'Alder' }))
      await tables.write(NOW + 1, (tx) => tx.update(companies, [7], { city: 'Leeds', name: 'Alder' }))
      await tables.write(NOW + 2, (tx) => tx.remove(companies, [7]))
      const edits = await allEdits(tables)
      expect(edits).toEqual([
        edit({ op: 'create', entity: 'e_companies', key: ['7'], set: { a_id: '7', a_name: 'Alder', a_made: '2026-01-02 03:04:05.678+00' }, at: NOW }),
        edit({ op: 'update', entity: 'e_companies', key: ['7'], set: { a_city: 'Leeds' }, was: { a_city: null }, at: NOW + 1 }),
        edit({ op: 'delete', entity: 'e_companies', key: ['7'], at: NOW + 2 }),
      ])
      expect(await shadowOf(tables, 'e_companies', ['7'])).toBeNull()
    })

    it('C1 keeps what the server last said of a row with its first edit, and not with the next', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'Bern' }))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'Rome', total: 9 }))
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, { a_city: 'Leeds' }))
      const edits = await allEdits(tables)
      expect(edits.map(({ set, was }) => [set, was])).toEqual([
        [{ a_city: 'Bern' }, { a_city: 'Leeds' }],
        [{ a_city: 'Rome' }, { a_city: 'Bern' }],
      ])
    })

    it('C1 captures nothing of an update that changes nothing, or nothing that may be written', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { city: 'Leeds' }))
      await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { total: 5 }))
      expect((await tables.state()).pendingEdits).toBe(0)
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
    })

    it('C1 rolls back what was written where the transaction fails', async () => {
      const tables = await withCompanies()
      const failing = tables.write(NOW, async (tx) => {
        await tx.create(suiteEntity('companies'), { id: 8, name: 'x' })
        await tx.update(suiteEntity('companies'), [1], { city: 'Rome' })
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await readState(tables)).toEqual({ pendingEdits: 0, rows: 2 })
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
    })

    it('C2 gives the edits of one local transaction one name, and those of two two', async () => {
      const tables = await fresh()
      await tables.write(NOW, async (tx) => {
        await tx.create(suiteEntity('companies'), { id: 7, name: 'a' })
        await tx.create(suiteEntity('companies'), { id: 8, name: 'b' })
      })
      await tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 9, name: 'c' }))
      const names = (await storedEdits(tables)).map(({ transaction }) => transaction)
      expect(names[0]).toBe(names[1])
      expect(names[2]).not.toBe(names[0])
    })

    it('C4 writes the cursor that the entity has when the edit is made', async () => {
      const tables = await withCompanies()
      const change = (city: string) => tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { city }))
      await change('a')
      await tables.sync((tx) => tx.setCursors(new Map([['e_companies', 'cursor 1'], ['e_orders', 'another']])))
      await change('b')
      await tables.sync((tx) => tx.setCursors(new Map([['e_companies', null]])))
      await change('c')
      expect((await storedEdits(tables)).map(({ base }) => base)).toEqual([null, 'cursor 1', null])
      expect([...(await tables.state()).cursors]).toEqual([['e_orders', 'another']])
    })

    it('F7 captures every writable attribute where the whole row is written', async () => {
      const tables = await withCompanies()
      const orders = suiteEntity('orders')
      await tables.write(NOW, (tx) => tx.create(orders, { id: ID, company: 1, title: 'pump' }))
      await tables.write(NOW, (tx) => tx.update(orders, [ID], { price: 5 }))
      const whole = { a_id: ID, a_company: '1', a_title: 'pump', a_mood: 'calm', a_price: null, a_open: 'true' }
      const { a_price: _, ...created } = whole
      expect((await storedEdits(tables)).map(({ set, was }) => [set, was])).toEqual([
        [created, {}],
        [{ ...whole, a_price: '5.00' }, whole],
      ])
    })

    it('F1 captures the whole row as the base where conflicts are detected', async () => {
      const tables = await fresh()
      const tickets = suiteEntity('tickets')
      await tables.write(NOW, (tx) => tx.create(tickets, { id: ID, title: 'a' }))
      await tables.write(NOW, (tx) => tx.update(tickets, [ID], { note: 'n' }))
      await tables.write(NOW, (tx) => tx.remove(tickets, [ID]))
      const before = { a_id: ID, a_title: 'a', a_note: null }
      expect((await storedEdits(tables)).map(({ set, was }) => [set, was])).toEqual([
        [{ a_id: ID, a_title: 'a' }, {}],
        [{ a_note: 'n' }, before],
        [{}, { ...before, a_note: 'n' }],
      ])
    })

    it('P4 refuses at once what the pattern does not take', async () => {
      const tables = await fresh()
      const readings = suiteEntity('readings')
      await tables.write(NOW, (tx) => tx.create(readings, { id: ID, value: 1.5 }))
      await expect(tables.write(NOW, (tx) => tx.update(readings, [ID], { value: 2 }))).rejects.toThrow('append-only')
      await expect(tables.write(NOW, (tx) => tx.remove(readings, [ID]))).rejects.toThrow('append-only')
      const regions = suiteEntity('regions')
      await expect(tables.write(NOW, (tx) => tx.create(regions, { code: 'N', label: 'x' }))).rejects.toThrow('regions is read-only')
      expect((await tables.state()).pendingEdits).toBe(1)
    })

    itInSql('C1 captures plain SQL, with its keys changed and rows gone by a reference', async () => {
      const tables = await fresh()
      const run = (text: string, params?: unknown[]) => tables.write(NOW, (tx) => tx.query(text, params))
      await run("insert into tickets (id, title) values ($1, 'a')", [ID])
      await run("insert into steps (ticket, number, text) values ($1, 1, 'one'), ($1, 2, 'two')", [ID])
      await run('update steps set number = 3 where number = 2')
      await run('delete from tickets')
      const edits = (await storedEdits(tables)).map(({ op, entity, key, transaction }) => ({ op, entity, key, transaction }))
      expect(edits.slice(0, 5).map(({ op, entity, key }) => [op, entity, key])).toEqual([
        ['create', 'e_tickets', [ID]],
        ['create', 'e_steps', [ID, '1']],
        ['create', 'e_steps', [ID, '2']],
        ['delete', 'e_steps', [ID, '2']],
        ['create', 'e_steps', [ID, '3']],
      ])
      expect(edits.slice(5).map(({ op, key }) => [op, keyText(key)]).toSorted()).toEqual(
        [['delete', keyText([ID])], ['delete', keyText([ID, '1'])], ['delete', keyText([ID, '3'])]].toSorted(),
      )
      expect(new Set(edits.slice(5).map(({ transaction }) => transaction)).size).toBe(1)
      await expect(run("insert into regions (code, label) values ('N', 'x')")).rejects.toThrow('regions is read-only')
    })

    itInSql('C1 V1 captures plain SQL in the one form that a value has', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, (tx) =>
        tx.query('insert into orders (id, company, title, price, open) values ($1, 1, $2, $3, false)', [ID.toUpperCase(), 'x', '5']),
      )
      await tables.write(NOW, (tx) => tx.query("update companies set made = '2026-01-01T02:00:00+02:00' where id = 1"))
      const edits = await storedEdits(tables)
      expect(edits[0]).toMatchObject({ key: [ID], set: { a_id: ID, a_price: '5.00', a_open: 'false' } })
      expect(edits[1]?.set).toEqual({ a_made: '2026-01-01 00:00:00+00' })
      expect(await tables.write(NOW, (tx) => tx.get(suiteEntity('orders'), [ID]))).toMatchObject({ id: ID, price: '5.00', open: false })
      await expect(tables.write(NOW, (tx) => tx.query("update companies set made = 'x' where id = 1"))).rejects.toThrow()
    })

    itInSql('reads the same value by plain SQL and by entity actions', async () => {
      const tables = await withCompanies()
      const row = await tables.write(NOW, (tx) => tx.get(suiteEntity('companies'), [1]))
      expect(await tables.write(NOW, (tx) => tx.query('select * from companies where id = $1 and $1 = 1', [1]))).toEqual([row])
      await expect(tables.write(NOW, (tx) => tx.query('select nothing from nowhere'))).rejects.toThrow()
    })
  })

  describe(`${harness.name}: rows`, () => {
    it('K1 gives rows temporary keys and never one twice', async () => {
      const tables = await fresh()
      const make = () => tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { name: 'x' }))
      const ids = [await make(), await make(), await make()].map(({ id }) => Number(id))
      expect(ids.every((id) => id < 0)).toBe(true)
      expect(new Set(ids).size).toBe(3)
    })

    it('K1 makes UUIDs from the given randomness: the same seed makes the same rows', async () => {
      const make = async (seed: number) => {
        const tables = await fresh(seed)
        return tables.write(NOW, (tx) => tx.create(suiteEntity('readings'), { value: 1 }))
      }
      const [one, again, other] = [await make(5), await make(5), await make(6)]
      expect(again).toEqual(one)
      expect(other.id).not.toBe(one.id)
      expect(one.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/)
    })

    it('K2 knows rows by keys of several values', async () => {
      const tables = await fresh()
      const steps = suiteEntity('steps')
      await tables.write(NOW, async (tx) => {
        await tx.create(suiteEntity('tickets'), { id: ID, title: 'a' })
        await tx.create(steps, { ticket: ID, number: 1, text: 'one' })
        await tx.create(steps, { ticket: ID, number: 2, text: 'two' })
      })
      expect(await tables.write(NOW, (tx) => tx.get(steps, [ID, 2]))).toEqual({ ticket: ID, number: 2, text: 'two' })
      expect(await tables.write(NOW, (tx) => tx.get(steps, [ID, 3]))).toBeNull()
      await expect(tables.write(NOW, (tx) => tx.create(steps, { ticket: ID, number: 1, text: 'x' }))).rejects.toThrow()
      await tables.write(NOW, (tx) => tx.update(steps, [ID, 1], { number: 5 }))
      expect((await storedEdits(tables)).slice(-2).map(({ op, key }) => [op, key])).toEqual([
        ['delete', [ID, '1']],
        ['create', [ID, '5']],
      ])
    })

    it('L9 keeps references whole: a parent must be there, and what refers to it goes, stays or stops it', async () => {
      const tables = await withCompanies()
      const [companies, orders, tickets, steps] = ['companies', 'orders', 'tickets', 'steps'].map((name) => suiteEntity(name))
      if (!companies || !orders || !tickets || !steps) throw new Error('The suite lacks an entity.')
      await expect(tables.write(NOW, (tx) => tx.create(orders, { company: 99, title: 'x' }))).rejects.toThrow()
      await tables.write(NOW, async (tx) => {
        await tx.create(orders, { id: ID, company: 1, title: 'x' })
        await tx.update(companies, [2], { parent: 2 })
        await tx.create(companies, { id: 3, name: 'child', parent: 2 })
        await tx.create(tickets, { id: ID, title: 't' })
        await tx.create(steps, { ticket: ID, number: 1, text: 's' })
      })
      await expect(tables.write(NOW, (tx) => tx.remove(companies, [1]))).rejects.toThrow()
      await tables.write(NOW, (tx) => tx.remove(companies, [2]))
      expect(await tables.write(NOW, (tx) => tx.get(companies, [3]))).toMatchObject({ parent: null })
      await tables.write(NOW, (tx) => tx.remove(tickets, [ID]))
      expect(await tables.write(NOW, (tx) => tx.list(steps, {}))).toEqual([])
      const last = (await storedEdits(tables)).slice(-4).map(({ op, entity }) => `${op} ${entity}`).toSorted()
      expect(last).toEqual(['delete e_companies', 'delete e_steps', 'delete e_tickets', 'update e_companies'])
    })

    it('refuses a row without a value that it must have', async () => {
      const tables = await fresh()
      await expect(tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { city: 'x' }))).rejects.toThrow()
      expect((await tables.state()).pendingEdits).toBe(0)
    })

    it('lists by value, in order, a part at a time, with null above all', async () => {
      const tables = await withCompanies()
      const orders = suiteEntity('orders')
      const prices = ['9.5', '10', null, '-1', 'NaN']
      await tables.write(NOW, async (tx) => {
        for (const [index, price] of prices.entries()) {
          await tx.create(orders, { id: ID.replace('0', String(index)), company: 1, title: `t${index}`, price, mood: index % 2 ? 'sad' : 'calm' })
        }
      })
      const list = (options: Parameters<LocalTransaction['list']>[1]) => tables.write(NOW, (tx) => tx.list(orders, options))
      const titles = async (options: Parameters<LocalTransaction['list']>[1]) => (await list(options)).map(({ title }) => title)
      expect(await titles({ orderBy: 'price' })).toEqual(['t3', 't0', 't1', 't4', 't2'])
      expect(await titles({ orderBy: ['price', 'desc'], limit: 2, offset: 1 })).toEqual(['t4', 't1'])
      expect(await titles({ orderBy: 'mood' })).toEqual(['t1', 't3', 't0', 't2', 't4'])
      expect(await titles({ where: { price: null } })).toEqual(['t2'])
      expect(await titles({ where: { price: 10 } })).toEqual(['t1'])
      expect(await titles({ where: { mood: 'sad', open: true } })).toEqual(['t1', 't3'])
      expect(await titles({ offset: 4 })).toEqual(['t4'])
    })

    it('L11 writes what a sync tells without capturing it, and leaves what refers to it', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, (tx) => tx.create(suiteEntity('orders'), { id: ID, company: 1, title: 'x' }))
      await tables.sync(async (tx) => {
        await tx.removeRows('e_companies', [['1'], ['77']])
        await tx.putImages('e_companies', [company(2, { a_city: 'Rome' }), company(3, { a_parent: '99' })])
        await tx.putImages('e_regions', [{ a_code: 'N', a_label: 'North' }])
      })
      expect((await storedEdits(tables)).length).toBe(1)
      expect(await tables.write(NOW, (tx) => tx.list(suiteEntity('orders'), {}))).toHaveLength(1)
      expect(await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3']])).toEqual([undefined, company(2, { a_city: 'Rome' }), company(3, { a_parent: '99' })])
    })

    it('V1 keeps every value of every type: as an image, as a staged page, and as the API gives it back', async () => {
      const tables = await fresh()
      const samples = suiteEntity('samples')
      const most = Math.max(...TYPE_SAMPLES.map(({ texts }) => texts.length))
      const imageOf = (id: string, row: number): Image => ({
        a_id: id,
        ...Object.fromEntries(TYPE_SAMPLES.map(({ texts }, index) => [`a_c${index}`, texts[row] ?? null])),
      })
      const put = Array.from({ length: most }, (_, row) => imageOf(`put${row}`, row))
      const staged = Array.from({ length: most }, (_, row) => imageOf(`staged${row}`, row))
      await tables.sync(async (tx) => {
        await tx.putImages('e_samples', put)
        await tx.stage(stagedPart('samples', staged, {}))
        await tx.applyStaged('e_samples', false)
        await tx.unstage()
      })
      const all = [...put, ...staged]
      const keys = all.map(({ a_id }) => [a_id ?? ''])
      expect(await imagesOf(tables, 'e_samples', keys)).toEqual(all)
      const first = await tables.write(NOW, (tx) => tx.get(samples, ['put0']))
      expect(first).toEqual({ id: 'put0', ...Object.fromEntries(TYPE_SAMPLES.map(({ value }, index) => [`c${index}`, value])) })
      // What was read can be written, and is then the same text.
      for (const [row, image] of put.entries()) {
        const read = await tables.write(NOW, (tx) => tx.get(samples, [`put${row}`]))
        await tables.write(NOW, (tx) => tx.create(samples, { ...read, id: `made${row}` }))
        const edits = await storedEdits(tables)
        const written = { ...Object.fromEntries(Object.entries(image).filter(([, text]) => text !== null && text !== 'null')), a_id: `made${row}` }
        expect(edits.at(-1)?.set).toEqual(withoutLossyJson(written))
      }
    })

    it('V1 takes values as an app writes them', async () => {
      const tables = await fresh()
      const at = (type: string) => `c${TYPE_SAMPLES.findIndex((sample) => sample.type === type)}`
      const given: readonly (readonly [string, unknown, string])[] = [
        ['numeric(10,2)', 4.999, '5.00'],
        ['numeric', '1e3', '1000'],
        ['bigint', 9007199254740993n, '9007199254740993'],
        ['double precision', 1e21, '1e+21'],
        ['real', 0.1, '0.1'],
        ['boolean', 'yes', 'true'],
        ['timestamp with time zone', new Date(NOW), '2026-01-02 03:04:05.678+00'],
        ['timestamp with time zone', '2026-01-02 03:04:05-01', '2026-01-02 04:04:05+00'],
        ['date', '2026-1-2', '2026-01-02'],
        ['uuid', ID.toUpperCase(), ID],
        ['bytea', new Uint8Array([1, 171]), '\\x01ab'],
        ['jsonb', { bb: 1, a: 'x' }, '{"a": "x", "bb": 1}'],
        ['jsonb', 'text', '"text"'],
        ['text[]', ['a b', null, ''], '{"a b",NULL,""}'],
        ['boolean[]', [true, false], '{t,f}'],
        ['integer[]', [[1], [2]], '{{1},{2}}'],
        ['inet', '10.1.1.1', '10.1.1.1/32'],
        ['character(3)', 'a  ', 'a'],
      ]
      for (const [index, [type, value, text]] of given.entries()) {
        await tables.write(NOW, (tx) => tx.create(suiteEntity('samples'), { id: String(index), [at(type)]: value as string }))
        const [image] = await imagesOf(tables, 'e_samples', [[String(index)]])
        expect(image?.[`a_${at(type)}`], `${type} of ${String(value)}`).toBe(text)
      }
      for (const [type, value] of [['integer', 'x'], ['integer', 2 ** 31], ['uuid', 'x'], ['mood', 'glad'], ['numeric(10,2)', 1e9], ['boolean', 'maybe'], ['date', '2026-02-30']] as const) {
        await expect(tables.write(NOW, (tx) => tx.create(suiteEntity('samples'), { id: 'bad', [at(type)]: value })), `${type} of ${value}`).rejects.toThrow()
      }
    })
  })

  describe(`${harness.name}: outbox`, () => {
    const rename = (tables: DeviceTables, id: number, name: string) =>
      tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [id], { name }))

    it('P2 seals local transactions, the oldest first, and answers whole groups within the limit', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { name: 'a' })
        await tx.update(suiteEntity('companies'), [2], { name: 'b' })
      })
      await rename(tables, 1, 'c')
      const { lastSeq } = await tables.state()
      await rename(tables, 2, 'd')
      const groups = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
      await tables.sync(async (tx) => {
        const unsealed = await tx.unsealed(lastSeq, 10)
        expect(unsealed.map(({ rows }) => rows.map(({ key }) => key[0]).toSorted())).toEqual([['1', '2'], ['1']])
        expect(await tx.unsealed(lastSeq, 1)).toHaveLength(1)
        await tx.seal(new Map(unsealed.map(({ transaction }, index) => [transaction, groups[index] ?? ''])))
        expect(await tx.unsealed(lastSeq, 10)).toEqual([])
        expect((await tx.sealed(EVERYTHING)).map(({ set }) => set.a_name)).toEqual(['a', 'b', 'c'])
        expect((await tx.sealed({ ...EVERYTHING, groups: 1 })).map(({ group }) => group)).toEqual([groups[0], groups[0]])
        expect(await tx.sealed({ ...EVERYTHING, edits: 1 })).toHaveLength(2)
        expect(await tx.sealed({ ...EVERYTHING, bytes: 1 })).toHaveLength(2)
        expect((await tx.editsOfGroups([groups[1] ?? ''])).map(({ set }) => set.a_name)).toEqual(['c'])
        expect(await tx.hasMore([], lastSeq, false)).toBe(true)
        expect(await tx.hasMore(groups, lastSeq, false)).toBe(false)
        expect(await tx.hasMore(groups, lastSeq + 1, false)).toBe(true)
        expect(await tx.hasMore(groups, lastSeq + 1, true)).toBe(false)
      })
    })

    it('removes edits, and the shadows of rows that are left without any', async () => {
      const tables = await withCompanies()
      await rename(tables, 1, 'a')
      await rename(tables, 2, 'b')
      await rename(tables, 1, 'c')
      const [first, second, third] = await storedEdits(tables)
      const remove = (edits: readonly (StoredEdit | undefined)[]) =>
        tables.sync((tx) => tx.removeEdits(edits.flatMap((each) => each?.seq ?? [])))
      await remove([first, second])
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, { a_city: 'Leeds' }))
      expect(await shadowOf(tables, 'e_companies', ['2'])).toBeUndefined()
      await remove([third])
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
      expect(await tables.state()).toMatchObject({ pendingEdits: 0, lastSeq: third?.seq })
    })

    it('C3 finds rows that came and went unsent, the youngest first, and those of whom others speak', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const write = (fn: (tx: LocalTransaction) => Promise<unknown>) => tables.write(NOW, fn)
      await write((tx) => tx.create(companies, { id: 70, name: 'parent' }))
      await write((tx) => tx.create(companies, { id: 80, name: 'child', parent: 70 }))
      await write((tx) => tx.create(companies, { id: 90, name: 'stays', parent: 80 }))
      await write((tx) => tx.remove(companies, [80]))
      await write((tx) => tx.remove(companies, [70]))
      await write((tx) => tx.remove(companies, [1]))
      await tables.sync(async (tx) => {
        const rows = await tx.cancelled()
        expect(rows).toEqual([{ entity: 'e_companies', key: ['80'] }, { entity: 'e_companies', key: ['70'] }])
        expect(await tx.mentioned(rows)).toEqual([{ entity: 'e_companies', key: ['80'] }])
        expect(await tx.mentioned(rows.slice(1))).toEqual([{ entity: 'e_companies', key: ['70'] }])
        const edits = await tx.editsOfRows(rows)
        await tx.removeEdits(edits.map(({ seq }) => seq))
        expect(await tx.cancelled()).toEqual([])
      })
      await tables.sync(async (tx) => {
        const [first] = await tx.unsealed(1000, 10)
        await tx.seal(new Map([[first?.transaction ?? '', OTHER_ID]]))
      })
      await write((tx) => tx.remove(companies, [90]))
      expect(await tables.sync((tx) => tx.cancelled())).toEqual([])
    })

    it('F5 holds back the edits of a parked row, and no others', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { name: 'a' })
        await tx.update(suiteEntity('companies'), [2], { name: 'b' })
      })
      await tables.sync(async (tx) => {
        const [first] = await tx.unsealed(1000, 10)
        await tx.seal(new Map([[first?.transaction ?? '', ID]]))
      })
      await rename(tables, 1, 'c')
      await tables.sync((tx) => tx.parkEdits([{ entity: 'e_companies', key: ['1'], conflict: 'conflict 1' }], [ID]))
      await rename(tables, 1, 'd')
      const edits = await storedEdits(tables)
      expect(edits.map(({ set, group, parkedBy }) => [set.a_name, group, parkedBy])).toEqual([
        ['a', null, 'conflict 1'],
        ['b', ID, null],
        ['c', null, 'conflict 1'],
        ['d', null, null],
      ])
      await tables.sync(async (tx) => {
        expect((await tx.sealed(EVERYTHING)).map(({ set }) => set.a_name)).toEqual(['b'])
        expect((await tx.unsealed(1000, 10)).map(({ rows }) => rows)).toEqual([[{ entity: 'e_companies', key: ['1'] }]])
        await tx.parkEdits([{ entity: 'e_companies', key: ['1'], conflict: 'conflict 2' }], [])
        expect(await tx.unsealed(1000, 10)).toEqual([])
        expect(await tx.hasMore([ID], 1000, false)).toBe(false)
      })
      expect((await storedEdits(tables)).map(({ parkedBy }) => parkedBy)).toEqual(['conflict 2', null, 'conflict 2', 'conflict 2'])
    })

    it('F6 writes edits as capture would, all of one transaction', async () => {
      const tables = await withCompanies()
      const made = (key: string, name: string): NewEdit => ({
        op: 'update',
        entity: 'e_companies',
        key: [key],
        set: { a_name: name },
        was: { a_name: null },
        base: 'version 3',
        at: NOW,
        resolves: 'conflict 1',
      })
      await tables.sync(async (tx) => {
        await tx.addEdits([
          { ...made('1', 'a'), shadow: company(1, {}) },
          { ...made('5', 'b'), shadow: null },
        ])
        await tx.addEdits([{ ...made('1', 'c'), shadow: null }])
      })
      const edits = await storedEdits(tables)
      expect(edits.map(({ seq: _, transaction: __, group, parkedBy, ...rest }) => rest)).toEqual([made('1', 'a'), made('5', 'b'), made('1', 'c')])
      expect(edits[0]?.transaction).toBe(edits[1]?.transaction)
      expect(edits[2]?.transaction).not.toBe(edits[1]?.transaction)
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, {}))
      expect(await shadowOf(tables, 'e_companies', ['5'])).toBeNull()
    })

    it('K1 puts keys that the server made in the place of temporary ones', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.create(companies, { id: -5, name: 'new' }))
      await tables.write(NOW, (tx) => tx.create(companies, { id: -6, name: 'child', parent: -5 }))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { parent: -5 }))
      const values = new Map([['-5', '42'], ['-6', '43'], ['-99', '44']])
      await tables.sync(async (tx) => {
        expect(await tx.replaceValues('e_companies', 'a_id', values)).toBe(2)
        expect(await tx.replaceValues('e_companies', 'a_parent', values)).toBe(2)
        expect(await tx.replaceValues('e_companies', 'a_parent', new Map())).toBe(0)
      })
      expect(await tables.write(NOW, (tx) => tx.list(companies, { where: { parent: 42 } }))).toMatchObject([{ id: 1 }, { id: 43 }])
      const edits = await storedEdits(tables)
      expect(edits.map(({ key, set }) => [key, set.a_id, set.a_parent])).toEqual([
        [['42'], '42', undefined],
        [['43'], '43', '42'],
        [['1'], undefined, '42'],
      ])
      expect(await shadowOf(tables, 'e_companies', ['42'])).toBeNull()
      expect(await shadowOf(tables, 'e_companies', ['-5'])).toBeUndefined()
      await tables.sync((tx) => tx.removeEdits(edits.map(({ seq }) => seq)))
      expect(await shadowOf(tables, 'e_companies', ['42'])).toBeUndefined()
    })
  })

  describe(`${harness.name}: pull`, () => {
    const staged = (tables: DeviceTables, ...parts: Parameters<SyncTransaction['stage']>[0][]) =>
      tables.sync(async (tx) => {
        for (const part of parts) await tx.stage(part)
      })
    const apply = (tables: DeviceTables, full: boolean) =>
      tables.sync(async (tx) => {
        const applied = await tx.applyStaged('e_companies', full)
        await tx.unstage()
        return applied
      })

    it('L2 L3 keeps pages aside, unseen, until they are applied', async () => {
      const tables = await withCompanies()
      await staged(tables, stagedPart('companies', [company(3, {})], { full: true }))
      await staged(tables, stagedPart('orders', [], {}))
      expect(await companyIds(tables)).toEqual([1, 2])
      expect(await tables.sync((tx) => tx.stagedEntities())).toEqual(
        expect.arrayContaining([{ entity: 'e_companies', full: true }, { entity: 'e_orders', full: false }]),
      )
      await apply(tables, true)
      expect(await companyIds(tables)).toEqual([3])
      expect(await tables.sync((tx) => tx.stagedEntities())).toEqual([])
    })

    it('L1 applies a delta: rows and deletions, a later page over an earlier one', async () => {
      const tables = await withCompanies()
      await staged(
        tables,
        stagedPart('companies', [company(1, { a_city: 'first' }), company(3, {}), company(4, {})], { deleted: [['2']] }),
        stagedPart('companies', [company(1, { a_city: 'second' }), company(2, { a_city: 'back' })], { deleted: [['4'], ['99']] }),
      )
      const { rows, edited } = await apply(tables, false)
      expect(rows).toBeGreaterThanOrEqual(4)
      expect(edited).toEqual([])
      expect(await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3'], ['4']])).toEqual([
        company(1, { a_city: 'second' }),
        company(2, { a_city: 'back' }),
        company(3, {}),
        undefined,
      ])
      expect((await tables.state()).pendingEdits).toBe(0)
    })

    it('L4 leaves rows with edits alone and answers what the stage says of them', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.update(companies, [2], { city: 'mine' })
        await tx.create(companies, { id: 9, name: 'mine' })
      })
      await staged(tables, stagedPart('companies', [company(1, { a_city: 'theirs' }), company(3, {})], { deleted: [['2']] }))
      const { edited } = await apply(tables, false)
      expect(sorted(edited)).toEqual([
        { key: ['1'], image: company(1, { a_city: 'theirs' }) },
        { key: ['2'], image: null },
      ])
      expect((await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3']])).map((image) => image?.a_city)).toEqual(['mine', 'mine', null])
    })

    it('L12 replaces the whole by a full pull, but for rows with edits', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.sync((tx) => tx.putImages('e_companies', [company(3, {})]))
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.create(companies, { id: 9, name: 'mine' })
        await tx.remove(companies, [2])
      })
      await staged(
        tables,
        stagedPart('companies', [company(2, { a_city: 'theirs' }), company(5, {}), company(6, {})], { full: true }),
        stagedPart('companies', [], { full: true, deleted: [['6']] }),
      )
      const { edited } = await apply(tables, true)
      expect(sorted(edited)).toEqual([
        { key: ['1'], image: null },
        { key: ['2'], image: company(2, { a_city: 'theirs' }) },
        { key: ['9'], image: null },
      ])
      expect(await companyIds(tables)).toEqual([1, 5, 9])
    })

    it('L12 makes a table empty where the whole is nothing', async () => {
      const tables = await withCompanies()
      await staged(tables, stagedPart('companies', [], { full: true }))
      await apply(tables, true)
      expect(await companyIds(tables)).toEqual([])
    })

    it('L1 V1 applies thousands of rows at once, and captures what is written after', async () => {
      const tables = await fresh()
      const images = Array.from({ length: 5000 }, (_, index) => company(index + 1, { a_name: `name\t${index}\\`, a_city: index % 3 ? null : '' }))
      await staged(
        tables,
        stagedPart('companies', images.slice(0, 3000), { full: true }),
        stagedPart('companies', images.slice(3000), { full: true }),
      )
      expect((await apply(tables, true)).rows).toBe(5000)
      expect(await imagesOf(tables, 'e_companies', [['1'], ['3001'], ['5000']])).toEqual([images[0], images[3000], images[4999]])
      await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [5000], { city: 'x' }))
      expect((await tables.state()).pendingEdits).toBe(1)
      await staged(tables, stagedPart('companies', images.slice(0, 2500), { full: true }))
      await apply(tables, true)
      expect((await companyIds(tables)).length).toBe(2501)
    })

    it('F9 tells every row as the server has it', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.sync((tx) => tx.putImages('e_companies', Array.from({ length: 2500 }, (_, index) => company(index + 10, {}))))
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.remove(companies, [2])
        await tx.create(companies, { id: 9, name: 'mine' })
      })
      const seen: Image[] = []
      await tables.sync((tx) => tx.serverImages('e_companies', (images) => void seen.push(...images)))
      expect(seen).toHaveLength(2502)
      expect(seen.filter(({ a_id }) => Number(a_id) < 10).toSorted((a, b) => Number(a.a_id) - Number(b.a_id))).toEqual([
        company(1, { a_city: 'Leeds' }),
        company(2, { a_city: null }),
      ])
    })

    it('keeps shadows, records and values until they are replaced or removed', async () => {
      const tables = await fresh()
      await tables.sync(async (tx) => {
        await tx.putShadows('e_companies', [[['1'], company(1, {})], [['2'], null]])
        await tx.putShadows('e_companies', [[['1'], company(1, { a_city: 'x' })]])
        await tx.putRecord('conflict', { id: 'b', body: '{"n":1}' })
        await tx.putRecord('conflict', { id: 'a', body: '{"n":2}' })
        await tx.putRecord('conflict', { id: 'b', body: '{"n":3}' })
        await tx.putRecord('quarantine', { id: 'q', body: '{}' })
        await tx.setMeta('place', 'one')
        await tx.setMeta('place', 'two')
        await tx.setMeta('gone', 'x')
        await tx.setMeta('gone', null)
      })
      expect(await tables.sync((tx) => tx.shadows('e_companies', [['1'], ['2'], ['3']]))).toEqual(
        new Map([[keyText(['1']), company(1, { a_city: 'x' })], [keyText(['2']), null]]),
      )
      expect(await tables.sync((tx) => tx.records('conflict'))).toEqual([{ id: 'b', body: '{"n":3}' }, { id: 'a', body: '{"n":2}' }])
      expect(await tables.state()).toMatchObject({ conflicts: 2, quarantined: 1, meta: new Map([['place', 'two']]) })
      await tables.sync((tx) => tx.removeRecord('conflict', 'b'))
      expect(await tables.sync((tx) => tx.records('conflict'))).toHaveLength(1)
    })
  })

  describe(`${harness.name}: life`, () => {
    itInPlace('D1 shows after a kill what was committed, and nothing of what was under way', async () => {
      const place = await newPlace()
      const tables = await openTables(await place.open())
      const companies = suiteEntity('companies')
      await tables.sync((tx) => tx.putImages('e_companies', [company(1, {}), company(2, {})]))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'kept' }))
      let after = place
      const write = tables.write(NOW, async (tx) => {
        await tx.update(companies, [2], { city: 'lost' })
        await tx.create(companies, { id: 9, name: 'lost' })
        after = await reopened(place)
        const again = await openTables(await after.open(), SUITE_BUNDLE, 2)
        expect(again.deviceId).toBe(tables.deviceId)
        expect(await cities(again)).toEqual(['kept', null])
        expect((await again.state()).pendingEdits).toBe(1)
      })
      await write.catch(() => undefined)
    })

    itInPlace('D1 loses all of a sync that was killed, and none of one that was not', async () => {
      const place = await newPlace()
      const tables = await openTables(await place.open())
      await tables.sync(async (tx) => {
        await tx.stage(stagedPart('companies', [company(1, { a_city: 'staged' })], { full: true }))
        await tx.setMeta('pull', 'page 2')
      })
      const sync = tables.sync(async (tx) => {
        await tx.applyStaged('e_companies', true)
        await tx.unstage()
        await tx.setMeta('pull', null)
        await tx.setCursors(new Map([['e_companies', 'cursor 1']]))
        const again = await openTables(await (await reopened(place)).open(), SUITE_BUNDLE, 2)
        expect(await cities(again)).toEqual([])
        expect((await again.state()).meta.get('pull')).toBe('page 2')
        expect(await again.sync((other) => other.stagedEntities())).toEqual([{ entity: 'e_companies', full: true }])
        await again.sync(async (other) => {
          await other.applyStaged('e_companies', true)
          await other.setCursors(new Map([['e_companies', 'cursor 1']]))
        })
        expect(await cities(again)).toEqual(['staged'])
        // What is written now is captured, whatever the killed sync had switched off.
        await again.write(NOW, (other) => other.update(suiteEntity('companies'), [1], { city: 'mine' }))
        expect(await storedEdits(again)).toMatchObject([{ base: 'cursor 1', set: { a_city: 'mine' } }])
      })
      await sync.catch(() => undefined)
    })

    it('D1 takes transactions one at a time, and goes on after one that failed', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const increase = () =>
        tables.write(NOW, async (tx) => {
          const row = await tx.get(companies, [1])
          await tx.update(companies, [1], { name: `${String(row?.name)}+` })
        })
      const failing = tables.sync(async () => {
        throw new Error('no')
      })
      const results = await Promise.allSettled([increase(), failing, increase(), increase()])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
      expect(await tables.write(NOW, (tx) => tx.get(companies, [1]))).toMatchObject({ name: 'company 1+++' })
    })

    it('D6 lets a transaction that is over do nothing more', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const kept: { local?: LocalTransaction; sync?: SyncTransaction } = {}
      await tables.write(NOW, async (tx) => void (kept.local = tx))
      await tables.sync(async (tx) => void (kept.sync = tx))
      await expect(kept.local?.update(companies, [1], { city: 'late' })).rejects.toThrow()
      await expect(kept.sync?.removeRows('e_companies', [['1']])).rejects.toThrow()
      expect(await cities(tables)).toEqual(['Leeds', null])
    })

    itInPlace('S3 carries a device over to another bundle and keeps its edits', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const before = await openTables(storage)
      await before.sync(async (tx) => {
        await tx.putImages('e_companies', [company(1, { a_city: 'Leeds' }), company(2, {})])
        await tx.putImages('e_tickets', [{ a_id: ID, a_title: 't', a_note: null }])
        await tx.setCursors(new Map([['e_companies', 'c'], ['e_tickets', 't'], ['e_readings', 'r']]))
        await tx.stage(stagedPart('companies', [company(3, {})], {}))
        await tx.putRecord('conflict', { id: 'a', body: '{}' })
      })
      await before.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { city: 'Bern', name: 'new name' })
        await tx.create(suiteEntity('orders'), { id: ID, company: 1, title: 'x' })
      })
      const edits = await storedEdits(before)
      await before.close()
      await storage.close()

      const after = await openTables(await place.open(), NEXT_BUNDLE, 2)
      expect(after.deviceId).toBe(before.deviceId)
      expect(await storedEdits(after)).toEqual(edits)
      expect(await shadowOf(after, 'e_companies', ['1'])).toMatchObject({ a_id: '1', a_name: 'company 1' })
      const firms = suiteEntity('companies', NEXT_BUNDLE)
      const rows = await after.write(NOW, (tx) => tx.list(firms, {}))
      expect(rows).toMatchObject([{ id: 1, title: 'new name', rank: null }, { id: 2, title: 'company 2', rank: null }])
      const state = await after.state()
      expect([...state.cursors]).toEqual([['e_tickets', 't']])
      expect(state.conflicts).toBe(1)
      expect(await after.sync((tx) => tx.stagedEntities())).toEqual([])
      await after.write(NOW, (tx) => tx.update(firms, [2], { title: 'later' }))
      expect((await storedEdits(after)).at(-1)).toMatchObject({ entity: 'e_companies', set: { a_name: 'later' }, was: { a_name: 'company 2' } })
      await expect(after.write(NOW, (tx) => tx.create(suiteEntity('orders'), { company: 99, title: 'x' }))).rejects.toThrow()
    })

    itInPlace('S3 leaves a database of another project alone', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const before = await openTables(storage)
      await before.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 7, name: 'x' }))
      await before.close()
      await storage.close()
      const again = await place.open()
      await expect(openTables(again, { ...SUITE_BUNDLE, projectId: 'pr_other' })).rejects.toThrow('another project')
      expect((await (await openTables(again)).state()).pendingEdits).toBe(1)
    })

    itInPlace('D6 removes everything when told to', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const tables = await openTables(storage)
      await tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 7, name: 'x' }))
      await tables.wipe()
      await tables.close()
      await storage.close()
      const again = await openTables(await place.open(), SUITE_BUNDLE, 9)
      expect(again.deviceId).not.toBe(tables.deviceId)
      expect(await readState(again)).toEqual({ pendingEdits: 0, rows: 0 })
    })

    const { beside } = harness
    if (beside) {
      it('C1 C2 captures what another program writes to the database', async () => {
        const place = await newPlace()
        const tables = await openTables(await place.open())
        await tables.sync((tx) => tx.putImages('e_companies', [company(1, {})]))
        await beside(place, "begin; update companies set city = 'x' where id = 1; insert into companies (id, name, made) values (5, 'five', null); commit")
        await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { name: 'y' }))
        const edits = await storedEdits(tables)
        expect(edits.map(({ op, key }) => [op, key])).toEqual([['update', ['1']], ['create', ['5']], ['update', ['1']]])
        expect(edits[0]?.transaction).toBe(edits[1]?.transaction)
        expect(edits[2]?.transaction).not.toBe(edits[1]?.transaction)
      })
    }
  })

  /** A device with two companies from the server. */
  async function withCompanies(): Promise<DeviceTables> {
    const tables = await fresh()
    await tables.sync((tx) => tx.putImages('e_companies', [company(1, { a_city: 'Leeds' }), company(2, {})]))
    return tables
  }
}

function company(id: number, values: Image): Image {
  return { a_id: String(id), a_name: `company ${id}`, a_city: null, a_parent: null, a_made: null, a_total: null, ...values }
}

function stagedPart(
  name: string,
  images: readonly Image[],
  { full = false, deleted = [] }: { readonly full?: boolean; readonly deleted?: readonly Key[] },
): Parameters<SyncTransaction['stage']>[0] {
  const attributes = suiteEntity(name).attributes.map(({ id }) => id)
  const rows = formatCopyText(images.map((image) => attributes.map((id) => image[id] ?? null)))
  return { entity: `e_${name}`, attributes, full, rows, rowCount: images.length, deleted }
}

/** What is compared of an edit where its number and its transaction don't matter. */
function edit(parts: Pick<NewEdit, 'op' | 'entity' | 'key' | 'at'> & Partial<NewEdit>) {
  return { set: {}, was: {}, base: null, resolves: null, group: null, parkedBy: null, ...parts }
}

async function storedEdits(tables: DeviceTables): Promise<readonly StoredEdit[]> {
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

const KNOWN_KEYS: readonly Key[] = [
  ...Array.from({ length: 100 }, (_, index) => [String(index)]),
  ...Array.from({ length: 12 }, (_, index) => [`made${index}`]),
  ...['-5', '-6', '42', '43', '5000'].map((key) => [key]),
  ...[ID, OTHER_ID].flatMap((id) => [[id], ...Array.from({ length: 6 }, (_, index) => [id, String(index)])]),
]

async function allEdits(tables: DeviceTables) {
  return (await storedEdits(tables)).map(({ seq: _, transaction: __, ...rest }) => rest)
}

/** Undefined where there is no shadow. */
async function shadowOf(tables: DeviceTables, entity: string, key: Key): Promise<Image | null | undefined> {
  return (await tables.sync((tx) => tx.shadows(entity, [key]))).get(keyText(key))
}

async function imagesOf(tables: DeviceTables, entity: string, keys: readonly Key[]): Promise<(Image | undefined)[]> {
  const images = await tables.sync((tx) => tx.images(entity, keys))
  return keys.map((key) => images.get(keyText(key)))
}

async function companyIds(tables: DeviceTables): Promise<unknown[]> {
  return (await tables.write(NOW, (tx) => tx.list(suiteEntity('companies'), {}))).map(({ id }) => id)
}

async function cities(tables: DeviceTables): Promise<unknown[]> {
  return (await tables.write(NOW, (tx) => tx.list(suiteEntity('companies'), {}))).map(({ city }) => city)
}

async function readState(tables: DeviceTables): Promise<{ pendingEdits: number; rows: number }> {
  return { pendingEdits: (await tables.state()).pendingEdits, rows: (await companyIds(tables)).length }
}

function sorted<T extends { readonly key: Key }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))
}

/** JSON is read into JavaScript's numbers, and `json` keeps its white space: these texts alone differ once read. */
function withoutLossyJson(image: Image): Image {
  const isJson = (id: string) => /^jsonb?$/.test(TYPE_SAMPLES[Number(id.slice(3))]?.type ?? '')
  return Object.fromEntries(Object.entries(image).map(([id, text]) => [id, isJson(id) ? expect.any(String) : text]))
}
