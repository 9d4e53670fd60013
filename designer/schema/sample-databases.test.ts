/** The databases that people try such tools with, whole: what they hold was counted with PostgreSQL itself. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Project } from '@/designer/model/project'
import { importDump } from './import-dump'
import type { Imported } from './import-result'
import { importSample } from './import-sample'
import { schemaToDdl } from './schema-to-ddl'
import { attributeOf, describeEntity, entityOf, imported, importText, rowsByName, tablesOf } from './testing'

const DATA = '../shared/data'

async function importFile(name: string): Promise<Imported> {
  return imported(await importDump({ bytes: readFileSync(`${DATA}/${name}`), fileName: name, keepData: false }))
}

async function expectRoundTrip({ schema }: Imported) {
  const again = imported(await importText(schemaToDdl(schema)))
  expect(again.skipped).toEqual([])
  expect(tablesOf(again.schema)).toEqual(tablesOf(schema))
}

function expectValid({ schema }: Imported) {
  expect(Project.pick({ serverTypes: true, serverEntities: true }).safeParse(schema).error).toBeUndefined()
}

describe.skipIf(!existsSync(`${DATA}/northwind.sql`))(
  `Northwind (skipped where ${DATA}/northwind.sql is missing)`,
  () => {
    it('imports whole, and its tables can be made again from the model', async () => {
      const result = await importFile('northwind.sql')
      expect(result).toMatchObject({ suggestedName: 'Northwind', skipped: [], extensions: [] })
      expectValid(result)
      expect(rowsByName(result)).toEqual({
        categories: 8,
        customer_customer_demo: 0,
        customer_demographics: 0,
        customers: 91,
        employee_territories: 49,
        employees: 9,
        order_details: 2155,
        orders: 830,
        products: 77,
        region: 4,
        shippers: 6,
        suppliers: 29,
        territories: 53,
        us_states: 51,
      })
      expect(describeEntity(result.schema, entityOf(result.schema, 'order_details'))).toEqual({
        columns: [
          'order_id smallint not null',
          'product_id smallint not null',
          'unit_price real not null',
          'quantity smallint not null',
          'discount real not null',
        ],
        key: ['order_id', 'product_id'],
        uniques: [],
        foreignKeys: [
          'order_id → orders(order_id) no-action no-action',
          'product_id → products(product_id) no-action no-action',
        ],
      })
      expect(describeEntity(result.schema, entityOf(result.schema, 'employees')).foreignKeys).toEqual([
        'reports_to → employees(employee_id) no-action no-action',
      ])
      expect(attributeOf(entityOf(result.schema, 'customers'), 'company_name').type).toBe('character varying(40)')
      await expectRoundTrip(result)
    })
  },
)

describe.skipIf(!existsSync(`${DATA}/chinook.sql`))(`Chinook (skipped where ${DATA}/chinook.sql is missing)`, () => {
  it('imports whole but for its database, and its tables can be made again from the model', async () => {
    const result = await importFile('chinook.sql')
    expectValid(result)
    expect(result.skipped.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      '19 database',
      '25 database',
      '28 database',
    ])
    expect(rowsByName(result)).toEqual({
      album: 347,
      artist: 275,
      customer: 59,
      employee: 8,
      genre: 25,
      invoice: 412,
      invoice_line: 2240,
      media_type: 5,
      playlist: 18,
      playlist_track: 8715,
      track: 3503,
    })
    expect(attributeOf(entityOf(result.schema, 'invoice'), 'total').type).toBe('numeric(10,2)')
    await expectRoundTrip(result)
  })
})

describe.skipIf(!existsSync(`${DATA}/pagila-schema.sql`))(
  `Pagila (skipped where ${DATA}/pagila-schema.sql is missing)`,
  () => {
    it('imports whole, and its tables can be made again from the model', async () => {
      const result = await importFile('pagila-schema.sql')
      expectValid(result)
      expect(result).toMatchObject({ skipped: [], extensions: ['vector'], rowCounts: {} })
      const { schema } = result
      const entities = Object.values(schema.serverEntities)
      const namesOf = (wanted: string) =>
        entities
          .filter(({ kind }) => kind === wanted)
          .map(({ name }) => name)
          .sort()
      expect(namesOf('table')).toEqual([
        'actor',
        'address',
        'category',
        'city',
        'country',
        'customer',
        'film',
        'film_actor',
        'film_category',
        'film_embedding',
        'inventory',
        'language',
        'rental',
        'staff',
        'store',
      ])
      expect(namesOf('partitioned-table')).toEqual(['payment'])
      expect(namesOf('view')).toEqual([
        'actor_info',
        'customer_list',
        'film_list',
        'nicer_but_slower_film_list',
        'sales_by_film_category',
        'sales_by_store',
        'staff_list',
      ])
      expect(namesOf('materialized-view')).toEqual(['rental_by_category'])
      expect(
        Object.values(schema.serverTypes)
          .map(({ kind, name }) => `${kind} ${name}`)
          .sort(),
      ).toEqual(['domain bıgınt', 'domain year', 'enum mpaa_rating'])
      expect(describeEntity(schema, entityOf(schema, 'film'))).toEqual({
        columns: [
          'film_id integer not null',
          'title text not null',
          'description text',
          'release_year year',
          'language_id integer not null',
          'original_language_id integer',
          'rental_duration smallint not null',
          'rental_rate numeric(4,2) not null',
          'length smallint',
          'replacement_cost numeric(5,2) not null',
          'rating mpaa_rating',
          'last_update timestamp with time zone not null',
          'special_features text[]',
          'fulltext tsvector not null',
          'length_hours numeric(4,2)',
        ],
        key: ['film_id'],
        uniques: [],
        foreignKeys: [
          'language_id → language(language_id) restrict cascade',
          'original_language_id → language(language_id) restrict cascade',
        ],
      })
      expect(attributeOf(entityOf(schema, 'film'), 'length_hours').generated).toBe(
        'round(((length)::numeric / 60.0), 2)',
      )
      expect(attributeOf(entityOf(schema, 'film_embedding'), 'embedding').type).toBe('vector(20)')
      expect(describeEntity(schema, entityOf(schema, 'payment'))).toMatchObject({
        key: ['payment_date', 'payment_id'],
        foreignKeys: [],
      })
      await expectRoundTrip(result)
    })
  },
)

describe('the sample', () => {
  it('imports whole, with rows for every table', async () => {
    const result = imported(await importSample())
    expectValid(result)
    expect(result).toMatchObject({ suggestedName: 'Field service', skipped: [], extensions: [] })
    expect(rowsByName(result)).toEqual({
      companies: 22,
      contacts: 38,
      technicians: 12,
      parts: 30,
      work_orders: 78,
      visits: 120,
      parts_used: 107,
    })
    expect(
      Object.values(result.schema.serverEntities).every(
        ({ comment, primaryKey }) => comment !== null && primaryKey.length > 0,
      ),
    ).toBe(true)
    expect(describeEntity(result.schema, entityOf(result.schema, 'parts_used')).key).toEqual(['visit_id', 'part_id'])
    expect(result.startData?.byteLength).toBeLessThan(6_000_000)
    await expectRoundTrip(result)
  })
})
