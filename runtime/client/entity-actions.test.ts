import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, Device, Storage } from '../contract'
import type { Edit } from '../protocol/messages'
import { openMemory } from '../storage/memory/open-memory'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { openWasmDriver } from '../storage/sqlite/wasm-driver'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { DifferentUserError } from './same-user'
import { sharedStorage, startDevice, unit } from './testing-device'

const SHAPED: Bundle = {
  ...FIELD_BUNDLE,
  units: [unit('Default')],
  entities: FIELD_BUNDLE.entities.map((entity) => ({
    ...entity,
    attributes: entity.attributes.map((attribute) =>
      attribute.id === 'city'
        ? { ...attribute, type: 'jsonb' }
        : attribute.id === 'stamp'
          ? { ...attribute, type: 'integer[]', default: null }
          : attribute,
    ),
  })),
}
const DEMAND: Bundle = {
  ...FIELD_BUNDLE,
  units: [unit('Default')],
  entities: FIELD_BUNDLE.entities.map((entity) =>
    entity.id === 'le_order' ? { ...entity, pattern: { kind: 'on-demand', chosenBy: ['company_id'] } } : entity,
  ),
}
const written = (edit: Edit) => ('set' in edit ? edit.set : null)
const KEY = '00112233-4455-4677-8899-aabbccddeeff'

for (const [name, open] of [
  ['PGlite', openFreshPGlite],
  ['memory', () => openMemory()],
  ['SQLite', async () => openSqlite('memory://', { driver: await openWasmDriver('memory://') })],
] as const)
  describe(`a device on ${name}`, () => {
    const opened: { close: () => Promise<void> }[] = []
    afterEach(async () => {
      for (const each of opened.splice(0).reverse()) await each.close()
    })
    const start = async (bundle?: Bundle) => {
      const test = await startDevice({ storage: await open(), ...(bundle && { bundle }) })
      opened.push(test.device)
      return test
    }
    const sent = async ({ device, requests }: Awaited<ReturnType<typeof start>>): Promise<readonly Edit[]> => {
      const before = requests.length
      await device.sync.trigger('Default')
      return requests.slice(before).flatMap(({ push }) => push.flatMap(({ edits }) => edits))
    }
    const companies = (device: Device) => {
      const actions = device.entities.Companies
      if (!actions) throw new Error('There are no companies.')
      return actions
    }

    it('C1 refuses to create a row with what only the server writes, where the device fills in a time', async () => {
      const bundle: Bundle = {
        ...FIELD_BUNDLE,
        units: [unit('Default')],
        entities: FIELD_BUNDLE.entities.map((entity) => ({
          ...entity,
          attributes: entity.attributes.map((attribute) =>
            attribute.id === 'stamp' ? { ...attribute, readOnly: true, default: 'now()' } : attribute,
          ),
        })),
      }
      const { device } = await start(bundle)
      const made = { id: 7, name: 'x', stamp: '2026-01-01 00:00:00+00' }
      await expect(companies(device).create(made)).rejects.toThrow('companies.stamp is read-only')
      expect(await companies(device).create({ id: 7, name: 'x' })).toMatchObject({ stamp: expect.any(String) })
    })

    it('shows a user’s rows to nobody else, and is the next one’s after he has signed out', async () => {
      const storage: Storage = await open()
      opened.push(storage)
      const shared = sharedStorage(storage)
      const ann = await startDevice({ storage: shared })
      await companies(ann.device).create({ name: 'Acme' })
      await ann.device.close()
      const bob = startDevice({ storage: shared, session: { user: 'bob' } })
      await expect(bob).rejects.toBeInstanceOf(DifferentUserError)
      await expect(bob).rejects.not.toThrow('ann')
      const again = await startDevice({ storage: shared })
      expect(again.device.sync.status.pending).toBe(1)
      expect(await companies(again.device).list()).toHaveLength(1)
      await again.device.signOut({ force: true })
      if (name === 'memory') return
      const next = await startDevice({ storage: shared, session: { user: 'bob' } })
      expect(await companies(next.device).list()).toEqual([])
      await next.device.close()
    })

    it('takes what was read and given back for no change, where JavaScript shows less than is stored', async () => {
      const test = await start(SHAPED)
      const { device } = test
      const { id } = await companies(device).create({
        name: 'Acme',
        city: { big: 1, list: [1.5, null] },
        stamp: [1, 2],
      })
      if (name !== 'memory') {
        const big = '{"big": 12345678901234567890, "price": 1.50}'
        await device.query('update companies set city = $1, stamp = $2 where id = $3', [big, '[0:1]={1,2}', id])
      }
      await sent(test)
      const row = await companies(device).get(Number(id))
      if (!row) throw new Error('The row is gone.')
      await companies(device).update(Number(id), { ...row, name: 'Acme Ltd' })
      expect((await sent(test)).map(written)).toEqual([{ name: 'Acme Ltd' }])
      await companies(device).update(Number(id), { ...row, name: 'Acme Ltd', stamp: [1, 2, 3] })
      expect((await sent(test)).map(written)).toEqual([{ stamp: '{1,2,3}' }])
    })

    it('refuses with words what is no key, no values, no options and no event', async () => {
      const { device } = await start()
      const actions = companies(device)
      const none = undefined as never
      for (const call of [() => actions.get(none), () => actions.delete(null as never), () => actions.update(none, {})])
        await expect(call()).rejects.toMatchObject({ kind: 'bad-key' })
      for (const call of [
        () => actions.create(none),
        () => actions.update(1, none),
        () => actions.create('x' as never),
      ])
        await expect(call()).rejects.toMatchObject({ kind: 'bad-values' })
      for (const options of [
        { limit: -1 },
        { offset: 1.5 },
        { limit: '1' },
        { limit: null },
        { orderBy: ['name', 'up'] },
        null,
      ])
        await expect(actions.list(options as never)).rejects.toMatchObject({ kind: 'bad-options' })
      await expect(actions.update(1, { id: 2 })).rejects.toThrow('Companies.id is a key that the server makes')
      await expect(device.entities.WorkOrders?.update(KEY, { id: KEY.replace('0', '1') })).rejects.toThrow(
        'the device makes',
      )
      expect(() => device.on('changed' as never, () => undefined)).toThrow('A device has no event changed')
      expect(() => device.on('change', 7 as never)).toThrow('give a function')
      await expect(device.quarantine.discard('x')).rejects.toThrow('There is no quarantined group x')
    })

    it('chooses nothing where one key is none', async () => {
      const { device } = await start(DEMAND)
      await expect(device.demand.choose('WorkOrders', 7 as never)).rejects.toThrow('an array of keys')
      await expect(device.demand.choose('WorkOrders', [7, 'seven'])).rejects.toThrow(
        `WorkOrders can't be chosen by the company_id "seven"`,
      )
      expect(await device.demand.list('WorkOrders')).toEqual([])
    })

    if (name === 'memory') return
    it('keeps the beginning and the end of transactions to itself', async () => {
      const { device } = await start()
      for (const text of [
        'commit',
        ' -- so be it\n;/* a /* b */ c */ ROLLBACK',
        'begin',
        'start/**/transaction',
        'savepoint a',
        "prepare transaction 'x'",
        'end',
        'abort',
        'release a',
      ])
        await expect(device.query(text), text).rejects.toThrow()
      expect(await device.query('select 1 as one -- commit')).toEqual([{ one: 1 }])
    })
  })

it('says on PGlite what to use instead of a transaction of one’s own', async () => {
  const { device } = await startDevice({ storage: await openFreshPGlite() })
  await expect(device.query('/* now */ Start  Transaction')).rejects.toThrow(
    /can't be START TRANSACTION: .*device\.transaction/,
  )
  await device.close()
})
