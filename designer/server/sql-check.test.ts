import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyFix, type Diagnostic } from '@/designer/compiler'
import { createNamedIds, type Project, projectFromSchema, type Scope, type ScopeFilter } from '@/designer/model'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { createSqlCheck, type SqlCheck } from './sql-check'

let check: SqlCheck
beforeAll(() => {
  check = createSqlCheck()
})
afterAll(() => check.close())

function shop(): Project {
  const schema = buildSchema(
    {
      customers: { attributes: { id: 'uuid!', name: 'text', city: 'character varying(40)' }, key: ['id'] },
      orders: {
        attributes: {
          id: 'uuid!',
          customer: 'uuid',
          qty: 'integer',
          price: 'numeric(10,2)',
          state: 'state',
          mood: 'mood',
          placed: 'timestamp with time zone',
          'due "on"': 'date',
        },
        key: ['id'],
        references: [{ attributes: ['customer'], table: 'customers' }],
      },
      'sales.targets': {
        schema: 'sales',
        attributes: { id: 'integer!', city: 'text', spot: 'geometry(Point,4326)' },
        key: ['id'],
      },
      overview: { kind: 'view', attributes: { id: 'uuid', total: 'bigint' } },
    },
    [
      { id: 'st_state', kind: 'enum', schema: 'public', name: 'state', values: ['open', 'paid'] },
      {
        id: 'st_mood',
        kind: 'domain',
        schema: 'public',
        name: 'mood',
        baseType: 'text',
        nullable: false,
        default: 'cheer()',
        checks: ['is_mood(VALUE)'],
      },
    ],
  )
  const made = projectFromSchema({ schema, name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

const entityOf = (project: Project, name: string) => {
  const found = Object.values(project.localEntities).find((each) => each.name === name)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found
}

const COMPUTED = 'la_computed'

function computed(project: Project, expression: string, type: string): Project {
  const { attributes } = entityOf(project, 'orders')
  const [like] = Object.values(attributes)
  if (like === undefined) throw new Error('There is no attribute.')
  const source = { kind: 'computed', expression, type } as const
  attributes[COMPUTED] = { ...like, id: COMPUTED, name: 'computed', order: 99, source, readOnly: true }
  return project
}

function scoped(scope: Scope, name = 'orders'): Project {
  const project = shop()
  entityOf(project, name).scope = scope
  return project
}

const sql = (where: string): Scope => ({ kind: 'sql', where })
const lines = (found: readonly Diagnostic[]) => found.map(({ code, message }) => `${code} ${message}`)
const ask = async (project: Project) => lines(await check.diagnostics(project))

describe('expressions that are put to PostgreSQL', () => {
  it('a project without SQL asks nothing', async () => {
    const silent = createSqlCheck({
      ask: (_, questions) => {
        expect(questions).toEqual([])
        return Promise.resolve({ kind: 'answered', answers: [] })
      },
      close: () => Promise.resolve(),
    })
    expect(await silent.diagnostics(shop())).toEqual([])
  })

  it.each([
    ['b.qty as z', /syntax error at or near "as" \(at “as z”, character 7\)\. Write one expression/],
    ['b.qty +', /syntax error at end of input|syntax error at or near "\)"/],
    [
      'qty\n  + true',
      /operator does not exist: integer \+ boolean \(at “\+ true”, line 2, character 3\)\. Cast one side/,
    ],
    ["'twelve'::integer", /invalid input syntax for type integer: "twelve" \(at “'twelve'::integer”, character 1\)/],
    ['1 / 0', /division by zero\. It would fail for every row/],
    ["coalesce(b.qty, 'none')", /invalid input syntax for type integer: "none"/],
    ['left(b.qty, 2)', /function left\(integer, integer\) does not exist \(at “left\(b\.qty, 2\)”, character 1\)/],
    [
      'upper(\'ä\') || lower(b."due ""on""")',
      /function lower\(date\) does not exist \(at “lower\(b\."due ""on"""\)”, character 15\)/,
    ],
    ['b.qty::date', /cannot cast type integer to date/],
    ["b.state = 'lost'", /invalid input value for enum state: "lost"/],
  ])('%s is refused where it is wrong', async (expression, says) => {
    const found = await check.diagnostics(computed(shop(), expression, 'text'))
    expect(lines(found)).toEqual([expect.stringMatching(/^SL3021 "computed" of "orders" can't be worked out: /)])
    expect(found[0]?.message).toMatch(says)
    expect(found[0]).toMatchObject({ severity: 'error', target: { kind: 'localAttribute', id: COMPUTED } })
  })

  it.each([
    ['b.qty * b.price', 'text', 'numeric'],
    ['b.qty * b.price', 'integer', 'numeric'],
    ['extract(year from b.placed)', 'integer', 'numeric'],
    ['b.qty > 3', 'text', 'boolean'],
    ['b.qty', 'int', 'integer'],
    ["to_char(b.placed, 'YYYY')", 'character varying(4)', 'text'],
  ])('%s is told not to be %s, and taken as %s', async (expression, type, better) => {
    const project = computed(shop(), expression, type)
    const found = await check.diagnostics(project)
    expect(lines(found)).toEqual([
      `SL3022 "computed" of "orders" has the type ${type}, and PostgreSQL works out ${better}. Take that type, or cast the expression to the one that is meant.`,
    ])
    const [fix] = found.flatMap((each) => each.fix ?? [])
    if (fix === undefined) throw new Error('There is no fix.')
    expect(applyFix(project, fix, createNamedIds()).kind).toBe('done')
    expect(await ask(project)).toEqual([])
  })

  it.each([
    ['b.qty * b.price', 'numeric(12,2)'],
    ['b.qty', 'bigint'],
    ['b.qty', 'integer'],
    ["left('abc', 2)", 'text'],
    ['b.mood', 'text'],
    ['b.state::text', 'text'],
    ['coalesce(b.price, 0) / nullif(b.qty, 0) -- each', 'numeric'],
    ['array[b.qty, 1]', 'integer[]'],
  ])('%s may be %s', async (expression, type) => {
    expect(await ask(computed(shop(), expression, type))).toEqual([])
  })

  it('are still asked after the text is mended, and each only once', async () => {
    const asked: number[] = []
    const counting = createSqlCheck({
      ask: (schema, questions) => {
        asked.push(questions.length)
        return check.ask(schema, questions)
      },
      close: () => Promise.resolve(),
    })
    const project = computed(shop(), 'b.qty + 1', 'integer')
    entityOf(project, 'customers').scope = sql("b.city = 'Bern'")
    await counting.diagnostics(project)
    await counting.diagnostics(structuredClone(project))
    computed(project, 'b.qty + 2', 'integer')
    await counting.diagnostics(project)
    for (const table of Object.values(project.serverEntities)) {
      for (const attribute of Object.values(table.attributes)) if (attribute.name === 'qty') attribute.type = 'text'
    }
    expect(lines(await counting.diagnostics(project))).toEqual([
      expect.stringMatching(/operator does not exist: text \+ integer/),
    ])
    expect(asked).toEqual([2, 0, 1, 1])
  })
})

describe('scopes that are put to PostgreSQL', () => {
  it.each([
    ['true as x', /is refused by PostgreSQL: syntax error at or near "as" \(at “as x”, character 6\)/],
    ['b.qty', /gives integer, and has to be true or false for a row/],
    ["b.qty = 'two'", /invalid input syntax for type integer: "two" \(at “'two'”, character 9\)/],
    ["b.customer = session.claims ->> 'customer'", /operator does not exist: uuid = text \(at “= session/],
    ["b.placed > now() - interval 'soon'", /invalid input syntax for type interval: "soon"/],
    [
      'b.customer in (select id from customers where town = 1)',
      /column "town" does not exist \(at “town = 1\)”, character 47\)/,
    ],
    ['exists (select from customers c where c.id = b.qty)', /operator does not exist: uuid = integer/],
    ['b.customer = session.user_name', /operator does not exist: uuid = text/],
    ['sum(b.qty) > 3', /aggregate functions are not allowed in WHERE.*It has to give one value for each row/],
    ['generate_series(1, b.qty) > 1', /set-returning functions are not allowed in WHERE/],
    ["lower(b.qty) = ''", /function lower\(integer\) does not exist/],
  ])('%s is refused where it is wrong', async (where, says) => {
    const project = scoped(sql(where))
    const found = await check.diagnostics(project)
    expect(lines(found)).toEqual([expect.stringMatching(/^SL5021 The scope of "orders" /)])
    expect(found[0]?.message).toMatch(says)
    expect(found[0]?.target).toEqual({
      kind: 'localEntity',
      id: entityOf(project, 'orders').id,
      scope: { which: 'read', path: null },
    })
  })

  it.each([
    'true',
    "b.customer = (session.claims ->> 'customer')::uuid and b.placed > now() - interval '30 days'",
    'b.customer = session.user_name::uuid',
    "session.claims -> 'cities' ? (select c.city from customers c where c.id = b.customer)",
    'b.qty > (select count(*) from sales.targets)',
    'exists (select from overview o where o.id = b.id and o.total > 3)',
    "b.state = 'open' and b.mood <> 'sad'",
    'null',
  ])('%s is accepted', async (where) => {
    expect(await ask(scoped(sql(where)))).toEqual([])
  })

  it.each([
    ['may_see(b.id)', /function may_see\(uuid\) does not exist/],
    ['app.may_see(b.id)', /schema "app" does not exist/],
    ['b.id in (select id from elsewhere)', /relation "elsewhere" does not exist/],
    ['b.qty > (select max(id) from targets)', /relation "targets" does not exist/],
    ['exists (select from sales.targets t where st_isvalid(t.spot))', /function st_isvalid\(text\) does not exist/],
  ])('%s may be right on the database: it is said that nobody knows', async (where, says) => {
    const found = await check.diagnostics(scoped(sql(where)))
    expect(lines(found)).toEqual([expect.stringMatching(/^SL5022 The scope of "orders" could not be checked: /)])
    expect(found[0]).toMatchObject({ severity: 'warning', message: expect.stringMatching(says) })
  })

  it('a filter is refused at its term', async () => {
    const compare = (attribute: string, value: string): ScopeFilter => ({
      kind: 'compare',
      operator: '=',
      left: { kind: 'attribute', attribute },
      right: [{ kind: 'constant', value }],
    })
    const project = scoped({
      kind: 'filter',
      filter: {
        kind: 'and',
        terms: [
          compare('sa_orders_customer', '00000000-0000-4000-8000-000000000001'),
          { kind: 'not', term: compare('sa_orders_qty', '99999999999') },
        ],
      },
    })
    expect(await check.diagnostics(project)).toMatchObject([
      {
        code: 'SL5021',
        message: expect.stringMatching(
          /value "99999999999" is out of range for type integer\. It would fail for every row/,
        ),
        target: { scope: { which: 'read', path: [1, 0] } },
      },
    ])
  })

  it('a write scope is asked about too', async () => {
    const project = shop()
    entityOf(project, 'orders').writeScope = sql('b.qty')
    expect(await ask(project)).toEqual([expect.stringMatching(/^SL5021 The write scope of "orders" gives integer/)])
  })
})

describe('PostgreSQL that does not answer', () => {
  it('is said so, and nothing else', async () => {
    const away = createSqlCheck({
      ask: () => Promise.resolve({ kind: 'unavailable', message: 'It did not answer within 30 seconds.' }),
      close: () => Promise.resolve(),
    })
    expect(lines(await away.diagnostics(computed(shop(), 'b.qty as z', 'text')))).toEqual([
      expect.stringMatching(/^SL1005 Expressions and scopes were not put to PostgreSQL: It did not answer/),
    ])
  })
})
