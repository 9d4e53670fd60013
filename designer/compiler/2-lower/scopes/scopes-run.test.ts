/** What scopes compile to, asked of PostgreSQL itself in the way that the server asks it. */
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Project, Scope, ScopeFilter, ScopeOperand } from '@/designer/model'
import { SAMPLES } from '../../testing/sample-projects'
import { readScope } from './read-scope'

let database: PGlite
const project = SAMPLES.scopes?.() as Project

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec(`
    create table customers (customer_id varchar(5) primary key, company_name varchar(40) not null, city text, credit numeric(10,2));
    create table orders (order_id int primary key, customer_id varchar(5) references customers, ordered_at timestamptz not null, note text);
    create table order_details (order_id int references orders, product text, quantity smallint not null default 1, primary key (order_id, product));
    create table visits (id uuid primary key, body jsonb);
    insert into customers values ('ALFKI', 'Alfreds', 'Berlin', 12.50), ('BERGS', 'Berglund', 'Lulea', 1), ('CHOPS', 'Chop', null, null);
    insert into orders values (1, 'ALFKI', '2026-01-10', null), (2, 'BERGS', '2026-01-01', 'old'), (3, null, '2025-01-01', '50%');
    insert into order_details values (1, 'tea', 1), (2, 'ice', 2);
    insert into visits values (gen_random_uuid(), '{"by": "ada"}'), (gen_random_uuid(), '{"by": "bob"}');
  `)
}, 60_000)
afterAll(() => database.close())

async function rows(table: string, scope: Scope, claims: object = {}): Promise<unknown[]> {
  const root = project.serverEntities[`se_${table}`]
  if (root === undefined) throw new Error(`There is no table ${table}.`)
  const { rule, problems } = readScope(project, root, scope)
  if (rule === null) throw new Error(problems.map(({ says }) => says).join())
  const key = root.attributes[root.primaryKey[0] ?? '']?.name
  const found = await database.query<{ key: unknown }>(
    `select b.${key} as key from ${table} b
     cross join (select $1::jsonb as claims, $2::text as user_name, $3::timestamptz as at) session
     where coalesce((${rule.where}), false) order by 1`,
    [JSON.stringify(claims), 'ada', '2026-01-11T00:00:00Z'],
  )
  return found.rows.map((row) => row.key)
}

const scopeOf = (name: string): Scope =>
  Object.values(project.localEntities).find((entity) => entity.name === name)?.scope ?? { kind: 'all' }
const column = (attribute: string): ScopeOperand => ({ kind: 'attribute', attribute })
const compare = (
  left: ScopeOperand,
  operator: Extract<ScopeFilter, { kind: 'compare' }>['operator'],
  ...right: ScopeOperand[]
): Scope => ({ kind: 'filter', filter: { kind: 'compare', operator, left, right } })
const constant = (value: string | null): ScopeOperand => ({ kind: 'constant', value })
const claim = (name: string): ScopeOperand => ({ kind: 'claim', name })

describe('scopes on PostgreSQL', () => {
  it('of the sample give what they say', async () => {
    expect(await rows('customers', scopeOf('customers'), { cities: ['Berlin', 'Lulea'] })).toEqual(['ALFKI'])
    expect(await rows('customers', scopeOf('customers'), { cities: 'Berlin' })).toEqual(['ALFKI'])
    expect(await rows('customers', scopeOf('customers'))).toEqual([])
    expect(await rows('orders', scopeOf('orders'), { city: 'Lulea' })).toEqual([2])
    expect(await rows('order_details', scopeOf('order_details'), { city: 'Berlin' })).toEqual([1])
    expect(await rows('visits', scopeOf('visits'))).toHaveLength(1)
  })

  it('compare claims and constants as the type of the attribute', async () => {
    expect(await rows('orders', compare(column('sa_orders_order_id'), '<', constant('10')))).toEqual([1, 2, 3])
    expect(await rows('orders', compare(column('sa_orders_order_id'), '=', claim('n')), { n: 2 })).toEqual([2])
    expect(await rows('orders', compare(claim('n'), '>', column('sa_orders_order_id')), { n: '2' })).toEqual([1])
    expect(
      await rows('orders', compare(column('sa_orders_ordered_at'), '>', { kind: 'now-minus', seconds: 864_000 })),
    ).toEqual([1])
    expect(await rows('orders', compare(column('sa_orders_note'), 'like', constant('%\\%')))).toEqual([3])
    expect(await rows('orders', compare(column('sa_orders_note'), '=', constant(null)))).toEqual([1])
    expect(await rows('orders', compare(column('sa_orders_note'), 'in', constant('old'), constant(null)))).toEqual([
      1, 2,
    ])
    expect(await rows('orders', compare(column('sa_orders_note'), '=', constant("it's \\ '")))).toEqual([])
  })

  it('count what is not known as not so, inside of not too', async () => {
    const filter: ScopeFilter = {
      kind: 'not',
      term: { kind: 'compare', operator: '=', left: column('sa_orders_note'), right: [constant('old')] },
    }
    expect(await rows('orders', { kind: 'filter', filter })).toEqual([1, 3])
    expect(await rows('orders', { kind: 'filter', filter: { kind: 'or', terms: [] } })).toEqual([])
    expect(await rows('orders', { kind: 'filter', filter: { kind: 'and', terms: [] } })).toEqual([1, 2, 3])
  })

  it('follow foreign keys both ways', async () => {
    const ofBerlin: ScopeFilter = {
      kind: 'exists',
      foreignKey: 'fk_orders_1',
      term: { kind: 'compare', operator: '=', left: column('sa_customers_city'), right: [constant('Berlin')] },
    }
    expect(await rows('orders', { kind: 'filter', filter: ofBerlin })).toEqual([1])
    const lines: ScopeFilter = { kind: 'exists', foreignKey: 'fk_order_details_1', term: ofBerlin }
    const bought: ScopeFilter = { kind: 'exists', foreignKey: 'fk_orders_1', term: { kind: 'and', terms: [] } }
    expect(await rows('customers', { kind: 'filter', filter: bought })).toEqual(['ALFKI', 'BERGS'])
    expect(await rows('order_details', { kind: 'filter', filter: lines })).toEqual([1])
  })
})
