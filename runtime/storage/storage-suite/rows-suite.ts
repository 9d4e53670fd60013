import { describe, expect, it } from 'vitest'
import type { Image, LocalTransaction } from '../../contract'
import { suiteEntity, TYPE_SAMPLES } from './suite-bundle'
import {
  company,
  ID,
  imagesOf,
  NOW,
  type SuiteContext,
  stagedPart,
  storedEdits,
  withoutLossyJson,
} from './suite-context'

export function describeRows(context: SuiteContext): void {
  const { harness, fresh, withCompanies } = context

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
      const [companies, orders, tickets, steps] = ['companies', 'orders', 'tickets', 'steps'].map((name) =>
        suiteEntity(name),
      )
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
      const last = (await storedEdits(tables))
        .slice(-4)
        .map(({ op, entity }) => `${op} ${entity}`)
        .toSorted()
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
          await tx.create(orders, {
            id: ID.replace('0', String(index)),
            company: 1,
            title: `t${index}`,
            price,
            mood: index % 2 ? 'sad' : 'calm',
          })
        }
      })
      const list = (options: Parameters<LocalTransaction['list']>[1]) =>
        tables.write(NOW, (tx) => tx.list(orders, options))
      const titles = async (options: Parameters<LocalTransaction['list']>[1]) =>
        (await list(options)).map(({ title }) => title)
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
      expect(await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3']])).toEqual([
        undefined,
        company(2, { a_city: 'Rome' }),
        company(3, { a_parent: '99' }),
      ])
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
      expect(first).toEqual({
        id: 'put0',
        ...Object.fromEntries(TYPE_SAMPLES.map(({ value }, index) => [`c${index}`, value])),
      })
      // What was read can be written, and is then the same text.
      for (const [row, image] of put.entries()) {
        const read = await tables.write(NOW, (tx) => tx.get(samples, [`put${row}`]))
        await tables.write(NOW, (tx) => tx.create(samples, { ...read, id: `made${row}` }))
        const edits = await storedEdits(tables)
        const written = {
          ...Object.fromEntries(Object.entries(image).filter(([, text]) => text !== null && text !== 'null')),
          a_id: `made${row}`,
        }
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
        await tables.write(NOW, (tx) =>
          tx.create(suiteEntity('samples'), { id: String(index), [at(type)]: value as string }),
        )
        const [image] = await imagesOf(tables, 'e_samples', [[String(index)]])
        expect(image?.[`a_${at(type)}`], `${type} of ${String(value)}`).toBe(text)
      }
      for (const [type, value] of [
        ['integer', 'x'],
        ['integer', 2 ** 31],
        ['uuid', 'x'],
        ['mood', 'glad'],
        ['numeric(10,2)', 1e9],
        ['boolean', 'maybe'],
        ['date', '2026-02-30'],
      ] as const) {
        await expect(
          tables.write(NOW, (tx) => tx.create(suiteEntity('samples'), { id: 'bad', [at(type)]: value })),
          `${type} of ${value}`,
        ).rejects.toThrow()
      }
    })
  })
}
