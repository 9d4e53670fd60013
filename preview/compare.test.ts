/** Whether a device counts as behind when a value that it shows has changed in another table's row. */
import type { Bundle, Database } from '@syncline/runtime/contract'
import { openPGlite } from '@syncline/runtime/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareEntity } from './compare'
import { bundleToShapes } from './device/bundle-shapes'

const plain = { type: 'text', nullable: true, default: null, readOnly: true, sensitive: false }
const BUNDLE: Pick<Bundle, 'entities' | 'units'> = {
  units: [],
  entities: [
    {
      id: 'le_job',
      name: 'Job',
      table: 'job',
      server: { id: 'se_job', schema: 'public', table: 'jobs' },
      attributes: [
        { ...plain, id: 'id', name: 'id', column: 'id', nullable: false },
        {
          ...plain,
          id: 'who',
          name: 'who',
          column: 'name',
          derived: {
            kind: 'joined',
            path: [
              {
                table: { id: 'se_customer', schema: 'public', table: 'customers', key: ['code'] },
                columns: ['customer'],
                referencedColumns: ['code'],
              },
            ],
            column: 'name',
          },
        },
        {
          ...plain,
          id: 'total',
          name: 'total',
          column: '',
          type: 'numeric(8,2)',
          derived: { kind: 'computed', sql: '(b."price" * 2)::numeric(8,2)', columns: ['price'] },
        },
      ],
      key: ['id'],
      keyStrategy: 'natural',
      direction: 'both',
      pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
      references: [],
      uniques: [],
      indexes: [],
      scope: { read: null, write: null },
    },
  ],
}

let server: Database
let device: Database
beforeAll(async () => {
  server = await openPGlite('memory://')
  device = await openPGlite('memory://')
  await server.execute(`
    create table customers (code text primary key, name text);
    create table jobs (id text primary key, customer text references customers, price numeric, name text);
    insert into customers values ('a', 'Ann'); insert into jobs values ('1', 'a', 1.5, 'not this'), ('2', null, null, null)`)
  await device.execute(`
    create table job (id text primary key, who text, total numeric(8,2));
    insert into job values ('1', 'Ann', 3), ('2', null, null)`)
}, 120_000)
afterAll(async () => {
  await server.close()
  await device.close()
})

test('derived values are compared as the server has them now', async () => {
  const [shape] = bundleToShapes(BUNDLE).entities
  if (!shape) throw new Error('There is no shape.')
  const isEqual = async () => (await compareEntity(shape, device, server, { user: 'ann' })).equal
  expect(await isEqual()).toBe(true)
  await server.execute("update customers set name = 'Anna'")
  expect(await isEqual()).toBe(false)
  await device.execute("update job set who = 'Anna' where id = '1'")
  expect(await isEqual()).toBe(true)
  await server.execute('update jobs set price = 2')
  expect(await isEqual()).toBe(false)
})
