/** The same wrong call gives the same error in every store. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, EntityActions } from '../contract'
import { openMemory } from '../storage/memory/open-memory'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { openWasmDriver } from '../storage/sqlite/wasm-driver'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { EntityError } from './entity-actions'
import { startDevice, unit } from './testing-device'

const BUNDLE: Bundle = {
  ...FIELD_BUNDLE,
  units: [unit('Default')],
  entities: FIELD_BUNDLE.entities.map((entity) => ({
    ...entity,
    attributes: entity.attributes.map((attribute) => {
      if (attribute.id === 'city') return { ...attribute, type: 'character varying(5)' }
      if (attribute.id === 'due') return { ...attribute, sensitive: true }
      if (attribute.id === 'stamp') return { ...attribute, readOnly: true }
      if (attribute.id === 'price') return { ...attribute, required: true }
      return attribute
    }),
  })),
}
const ORDER = '00112233-4455-4677-8899-aabbccddeeff'
const ORDER_KEY = `"${ORDER}"`
const WORK = { title: 't', price: '1.00' }

/** Values that no type of the actions would let pass: apps are written in JavaScript, too. */
interface Call {
  readonly entity: 'Companies' | 'WorkOrders' | 'PartsUsed' | 'Regions'
  readonly call: (actions: LooseActions, company: number, other: number) => Promise<unknown>
  readonly kind: EntityError['kind']
  readonly message: string
}
type LooseActions = { readonly [Name in keyof EntityActions]: (...given: never[]) => Promise<unknown> }
const loose = (actions: LooseActions) =>
  actions as { readonly [Name in keyof EntityActions]: (...given: unknown[]) => Promise<unknown> }

const CALLS: Readonly<Record<string, Call>> = {
  'an unknown value of an enum': {
    entity: 'WorkOrders',
    call: (actions, company_id) => loose(actions).create({ ...WORK, company_id, status: 'odd' }),
    kind: 'bad-values',
    message: 'WorkOrders.status: "odd" is no value of order_status. It has: open, done.',
  },
  'a null where there must be a value': {
    entity: 'WorkOrders',
    call: (actions, company_id) => loose(actions).create({ ...WORK, company_id, title: null }),
    kind: 'bad-values',
    message: 'WorkOrders.title must have a value. Give one.',
  },
  'a value that is missing': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).create(WORK),
    kind: 'bad-values',
    message: 'WorkOrders.company_id must have a value. Give one.',
  },
  'a value that is taken away': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).update(ORDER, { title: null }),
    kind: 'bad-values',
    message: 'WorkOrders.title must have a value. Give one.',
  },
  'a value that is missing on the device alone': {
    entity: 'WorkOrders',
    call: (actions, company_id) => loose(actions).create({ company_id, title: 't' }),
    kind: 'bad-values',
    message: 'work_orders.price must have a value on this device. Give one.',
  },
  'a text that is too long': {
    entity: 'Companies',
    call: (actions) => loose(actions).update(-1, { city: 'abcdefgh' }),
    kind: 'bad-values',
    message: 'Companies.city: The text is longer than character varying(5) holds: it has 8 characters.',
  },
  'a key that is there': {
    entity: 'WorkOrders',
    call: (actions, company_id) => loose(actions).create({ ...WORK, id: ORDER, company_id }),
    kind: 'duplicate-key',
    message: `WorkOrders has a row with the key ${ORDER_KEY} already. Give another key, or update that row.`,
  },
  'a key of several values that is there': {
    entity: 'PartsUsed',
    call: (actions, company_id) =>
      loose(actions).create({ work_order_id: ORDER, company_id, part: 'bolt', quantity: 2 }),
    kind: 'duplicate-key',
    message: `PartsUsed has a row with the key { work_order_id: ${ORDER_KEY}, company_id: {company}, part: "bolt" } already. Give another key, or update that row.`,
  },
  'an attribute that there is not': {
    entity: 'Companies',
    call: (actions) => loose(actions).create({ name: 'x', town: 'y' }),
    kind: 'unknown-attribute',
    message: 'Companies has no attribute town. It has: id, name, city, region, parent_id, stamp.',
  },
  'a text for a number': {
    entity: 'PartsUsed',
    call: (actions, company_id) =>
      loose(actions).create({ work_order_id: ORDER, company_id, part: 'nut', quantity: 'many' }),
    kind: 'bad-values',
    message: 'PartsUsed.quantity: "many" is no value of type integer. Write it as PostgreSQL does.',
  },
  'a number that is too large': {
    entity: 'PartsUsed',
    call: (actions, company_id) =>
      loose(actions).create({ work_order_id: ORDER, company_id, part: 'nut', quantity: 2 ** 40 }),
    kind: 'bad-values',
    message:
      'PartsUsed.quantity: 1099511627776 is out of range for type integer, which goes from -2147483648 to 2147483647.',
  },
  'a sensitive value of another type': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).update(ORDER, { due: 'soon' }),
    kind: 'bad-values',
    message: 'WorkOrders.due: "soon" is no value of type timestamp with time zone. Write it as PostgreSQL does.',
  },
  'a reference to a row that is not here': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).create({ ...WORK, company_id: 99 }),
    kind: 'broken-reference',
    message:
      'WorkOrders refers by company_id (99) to Companies, to a row that is not on this device. Create that row first, or sync so that it comes.',
  },
  'a row that others refer to': {
    entity: 'Companies',
    call: (actions, _, other) => loose(actions).delete(other),
    kind: 'broken-reference',
    message:
      'Rows of PartsUsed refer to this row of Companies, so it has to stay as it is. Delete them, or let them refer to another row first.',
  },
  'an entity that is read-only': {
    entity: 'Regions',
    call: (actions) => loose(actions).create({ code: 'x', label: 'y' }),
    kind: 'read-only',
    message: "regions is read-only on this device: its sync pattern brings the server's rows and sends nothing back.",
  },
  'an attribute that is read-only': {
    entity: 'Companies',
    call: (actions, company) => loose(actions).update(company, { stamp: 'x' }),
    kind: 'read-only',
    message: "companies.stamp is read-only: only the server writes it, so it can't be written here. Leave it out.",
  },
  'a key of another type, to read by': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).get('x'),
    kind: 'bad-key',
    message: 'WorkOrders.id: "x" is no value of type uuid. Write it as PostgreSQL does.',
  },
  'a key of another type, to change by': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).update('x', { title: 'y' }),
    kind: 'bad-key',
    message: 'WorkOrders.id: "x" is no value of type uuid. Write it as PostgreSQL does.',
  },
  'a key of another type, to delete by': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).delete('x'),
    kind: 'bad-key',
    message: 'WorkOrders.id: "x" is no value of type uuid. Write it as PostgreSQL does.',
  },
  'a condition of another type': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).list({ where: { company_id: 'x' } }),
    kind: 'bad-options',
    message: 'WorkOrders.company_id: "x" is no value of type integer. Write it as PostgreSQL does.',
  },
  'an order by what is encrypted': {
    entity: 'WorkOrders',
    call: (actions) => loose(actions).list({ orderBy: 'due' }),
    kind: 'bad-options',
    message:
      "WorkOrders.due is sensitive: the device keeps it encrypted, so it can't be sorted by. List without it, and filter or sort the rows that come back.",
  },
}

for (const [name, open] of [
  ['PGlite', openFreshPGlite],
  ['memory', () => openMemory()],
  ['SQLite', async () => openSqlite('memory://')],
  ['SQLite, WASM build', async () => openSqlite('memory://', { driver: await openWasmDriver('memory://') })],
] as const)
  describe(`what is refused on ${name}`, () => {
    const opened: { readonly close: () => Promise<void> }[] = []
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close()
    })
    const start = async () => {
      const { device } = await startDevice({
        bundle: BUNDLE,
        storage: await open(),
        encryptionKey: new Uint8Array(32).fill(7),
      })
      opened.push(device)
      const made = await device.entities.Companies?.create({ name: 'Acme' })
      const company = Number(made?.id)
      await device.entities.WorkOrders?.create({ ...WORK, id: ORDER, company_id: company })
      const part = { work_order_id: ORDER, part: 'bolt', quantity: 1 }
      const other = await device.entities.Companies?.create({ name: 'Other' })
      await device.entities.PartsUsed?.create({ ...part, company_id: company })
      await device.entities.PartsUsed?.create({ ...part, company_id: Number(other?.id) })
      return { device, company, other: Number(other?.id) }
    }

    it('is told by kind, in the same words, with the store’s own error as its cause', async () => {
      const { device, company, other } = await start()
      const before = device.sync.status.pending
      for (const [what, { entity, call, kind, message }] of Object.entries(CALLS)) {
        const actions = device.entities[entity]
        if (!actions) throw new Error(`There is no ${entity}.`)
        const failed: unknown = await call(actions, company, other).then(
          () => null,
          (error) => error,
        )
        expect(failed, what).toBeInstanceOf(EntityError)
        expect(failed, what).toMatchObject({ kind, message: message.replace('{company}', String(company)) })
        if (kind !== 'unknown-attribute') expect((failed as Error).cause, what).toBeInstanceOf(Error)
      }
      expect(device.sync.status.pending).toBe(before)
    })

    it('is told inside of a transaction, too', async () => {
      const { device } = await start()
      const work = device.transaction((tx) => tx.entities.WorkOrders?.update(ORDER, { status: 'odd' }) ?? never())
      await expect(work).rejects.toMatchObject({ name: 'EntityError', kind: 'bad-values' })
    })

    it('ends a transaction on PGlite, and nothing but the call elsewhere', async () => {
      const { device } = await start()
      const work = device.transaction(async (tx) => {
        await expect(tx.entities.WorkOrders?.update(ORDER, { status: 'odd' })).rejects.toThrow('is no value of')
        await tx.entities.WorkOrders?.update(ORDER, { status: 'done' })
      })
      if (name === 'PGlite') await expect(work).rejects.toMatchObject({ name: 'EntityError', kind: 'rolled-back' })
      else await work
      const row = await device.entities.WorkOrders?.get(ORDER)
      expect(row?.status).toBe(name === 'PGlite' ? 'open' : 'done')
    })

    it('leaves what is not the caller’s fault as it is', async () => {
      const { device } = await start()
      await device.close()
      const asked = device.entities.WorkOrders?.get(ORDER)
      await expect(asked).rejects.toThrow('This device was closed')
      await expect(asked).rejects.not.toBeInstanceOf(EntityError)
    })

    if (name === 'memory') return
    it('is the database’s own error where it was plain SQL', async () => {
      const { device } = await start()
      const asked = device.query("insert into work_orders (title, price, company_id) values ('t', '1', 99)")
      await expect(asked).rejects.toThrow(/foreign key constraint/i)
      await expect(asked).rejects.not.toBeInstanceOf(EntityError)
    })
  })

function never(): never {
  throw new Error('There are no work orders.')
}
