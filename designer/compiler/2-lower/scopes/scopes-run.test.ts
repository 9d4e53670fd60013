/** What scopes compile to, asked of PostgreSQL itself in the way that the server asks it. */
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Project, Scope, ScopeFilter, ScopeOperand } from '@/designer/model'
import { SAMPLES } from '../../testing/sample-projects'
import { type ExplainedTerm, explainScope } from './explain-filter'
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

async function rows(table: string, scope: Scope, claims: object = {}, of: Project = project): Promise<unknown[]> {
  const root = of.serverEntities[`se_${table}`]
  if (root === undefined) throw new Error(`There is no table ${table}.`)
  const { rule, problems } = readScope(of, root, scope)
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

describe('a term that follows its parent', () => {
  const follows = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_orders_1' } } as const satisfies Scope
  const followsOrders: Scope = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_order_details_1' } }
  const withScopes = (scopes: Readonly<Record<string, Scope>>): Project => {
    const changed = structuredClone(project)
    for (const entity of Object.values(changed.localEntities)) entity.scope = scopes[entity.name] ?? { kind: 'all' }
    return changed
  }

  it('keeps rows whose parent is in its scope, and those that refer to nothing', async () => {
    const berlin = compare(column('sa_customers_city'), '=', constant('Berlin'))
    expect(await rows('orders', follows, {}, withScopes({ customers: berlin }))).toEqual([1, 3])
    const nobody = compare(column('sa_customers_city'), '=', claim('city'))
    expect(await rows('orders', follows, {}, withScopes({ customers: nobody }))).toEqual([3])
    expect(await rows('orders', follows, {}, withScopes({}))).toEqual([1, 2, 3])
  })

  it('follows on from parent to parent, where a reference is never empty too', async () => {
    const chain = withScopes({ customers: compare(column('sa_customers_city'), '=', claim('city')), orders: follows })
    expect(await rows('order_details', followsOrders, { city: 'Lulea' }, chain)).toEqual([2])
    const { rule } = readScope(chain, chain.serverEntities.se_order_details as never, followsOrders)
    expect(rule?.claims).toEqual(['city'])
    expect(rule?.tables?.map(({ table }) => table)).toEqual(['customers', 'orders'])
    expect(rule?.columns).toEqual(['order_id'])
  })

  it('reads a scope in SQL as it would be read of the parent itself', async () => {
    const sql = withScopes({
      // `note` is a column of the order too: it must be the customer's `city` and the session's claims that are read.
      customers: {
        kind: 'sql',
        where: "city = claims ->> 'city' or b.credit = (select min(credit) from customers) -- all",
      },
    })
    expect(await rows('orders', follows, { city: 'Berlin' }, sql)).toEqual([1, 2, 3])
    expect(await rows('customers', { kind: 'sql', where: "city = claims ->> 'city'" }, { city: 'Berlin' })).toEqual([
      'ALFKI',
    ])
    expect(readScope(sql, sql.serverEntities.se_orders as never, follows).rule?.claims).toEqual(['city'])
  })

  it('may stand inside of other terms', async () => {
    const inner: Scope = {
      kind: 'filter',
      filter: { kind: 'not', term: { kind: 'exists', foreignKey: 'fk_order_details_1', term: follows.filter } },
    }
    const chain = withScopes({ customers: compare(column('sa_customers_city'), '=', constant('Berlin')) })
    expect(await rows('order_details', inner, {}, chain)).toEqual([2])
  })

  it('finds circles, also those that lead through others', () => {
    const circle = structuredClone(project)
    const back = circle.serverEntities.se_customers
    const key = circle.serverEntities.se_orders?.foreignKeys.fk_orders_1
    if (back === undefined || key === undefined) throw new Error('The sample has changed.')
    back.foreignKeys.fk_back = {
      ...key,
      id: 'fk_back',
      entity: 'se_orders',
      attributes: ['sa_customers_city'],
      referencedAttributes: ['sa_orders_note'],
    }
    for (const entity of Object.values(circle.localEntities)) {
      if (entity.name === 'orders') entity.scope = follows
      if (entity.name === 'customers')
        entity.scope = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_back' } }
    }
    const { rule, problems } = readScope(circle, circle.serverEntities.se_orders as never, follows)
    expect(rule).toBeNull()
    expect(problems.map(({ code, says }) => `${code} ${says}`)).toEqual([
      'SL5008 goes in a circle: "customers" follows "orders" follows "customers".',
    ])
  })
})

describe('a scope that is explained', () => {
  const explained = async (table: string, key: string, scope: Scope, claims: object): Promise<string[]> => {
    const root = project.serverEntities[`se_${table}`]
    if (root === undefined) throw new Error(`There is no table ${table}.`)
    const term = explainScope(project, root, scope)
    if (term === null) throw new Error('The scope can not be used.')
    const lines: string[] = []
    const ask = async (one: ExplainedTerm, depth: number): Promise<void> => {
      const values = one.values.map(({ sql }, index) => `, (${sql}) as v${index}`).join('')
      const found = await database.query<Record<string, unknown>>(
        `select (${one.sql}) as holds${values} from ${table} b
         cross join (select $1::jsonb as claims, 'ada' as user_name, '2026-01-11T00:00:00Z'::timestamptz as at) session
         where b.${root.attributes[root.primaryKey[0] ?? '']?.name}::text = $2`,
        [JSON.stringify(claims), key],
      )
      const { holds, ...seen } = found.rows[0] ?? {}
      const shown = one.values.map(({ words }, index) => ` [${words}: ${String(seen[`v${index}`])}]`).join('')
      lines.push(`${'  '.repeat(depth)}${String(holds)}: ${one.words}${shown}`)
      for (const inner of one.terms) await ask(inner, depth + 1)
    }
    await ask(term, 0)
    return lines
  }

  it('tells of each term whether it holds for a row, and what it compared', async () => {
    expect(await explained('orders', '2', scopeOf('orders'), { city: 'Berlin' })).toEqual([
      'false: customer.city is the claim city [customer.city: Lulea] [the claim city: Berlin]',
    ])
    expect(await explained('customers', 'BERGS', scopeOf('customers'), { cities: ['Lulea'] })).toEqual([
      expect.stringContaining('false: '),
      '  true: city is one of the claim cities [city: Lulea] [the claim cities: ["Lulea"]]',
      expect.stringContaining('false: credit'),
      expect.stringContaining(' [credit: 1.00]'),
      expect.stringContaining('[rows of orders: 1]'),
      expect.stringContaining('[ordered_at: 2026-01-01'),
    ])
  })

  it('takes SQL apart where “and” joins it outermost', async () => {
    const where = "b.order_id between 1 and 2 and (b.note is null or true) and b.note = 'new'"
    expect(await explained('orders', '2', { kind: 'sql', where }, {})).toEqual([
      `false: ${where}`,
      '  true: b.order_id between 1 and 2',
      '  true: (b.note is null or true)',
      "  false: b.note = 'new'",
    ])
  })
})
