import { describe, expect, it } from 'vitest'
import { emptyProject } from '@/designer/model'
import { buildSchema, entityId } from '@/designer/model/testing/build-schema'
import { failureInWords } from './failure-in-words'

const project = {
  ...emptyProject({ id: 'pr_1', name: 'x' }),
  ...buildSchema({
    orders: { attributes: { id: 'integer!', region: 'text' }, key: ['id'] },
    members: { attributes: { login: 'text!' }, key: ['login'] },
    'hr.teams': { schema: 'hr', attributes: { id: 'integer!' }, key: ['id'] },
  }),
}
const words = (code: string, message: string, where: string | null = 'true') => {
  const root = project.serverEntities[entityId('orders')]
  if (root === undefined) throw new Error('There is no table orders.')
  return failureInWords(
    { kind: 'failed', code, message },
    { project, root, scope: where === null ? { kind: 'all' } : { kind: 'sql', where } },
  )
}

describe('a name that PostgreSQL does not know', () => {
  it.each([
    'column b.regon does not exist',
    'column "regon" does not exist',
    // A column of another table, and one that a session does not have.
    'column b.login does not exist',
    'column session.region does not exist',
    'Spalte »regon« existiert nicht',
  ])('is the scope’s mistake where the schema has no such column: %s', (message) => {
    expect(words('42703', message)).toBe(
      `The scope names a column that does not exist: ${message}. Name a column that is there, as in b.id.`,
    )
  })

  it.each([
    'relation "ordrs" does not exist',
    'relation "hr.orders" does not exist',
    'relation "teams" does not exist',
    'missing FROM-clause entry for table "orders"',
  ])('is the scope’s mistake where the schema has no such table: %s', (message) => {
    expect(words('42P01', message)).toBe(
      `The scope names a table that does not exist: ${message}. Name a table of the schema, with the schema that it is in.`,
    )
  })

  it.each([
    ['42703', 'column b.region does not exist'],
    ['42703', 'column "region" does not exist'],
    ['42703', 'column m.login does not exist'],
    ['42P01', 'relation "orders" does not exist'],
    ['42P01', 'relation "public.orders" does not exist'],
    ['42P01', 'relation "hr.teams" does not exist'],
  ])('means that the database has changed where the schema has it: %s %s', (code, message) => {
    expect(words(code, message)).toBe(`The database is not as the schema says: ${message}. Import the schema again.`)
  })

  it('means that the database has changed where nobody typed anything', () => {
    const failed = { kind: 'failed', code: '42703', message: 'column b.x does not exist' } as const
    expect(failureInWords(failed, null)).toContain('Import the schema again')
  })
})

describe('a value that does not fit', () => {
  const noInteger = 'invalid input syntax for type integer: "x"'

  it('is one of a row where the condition reads no claim, and no claim is spoken of', () => {
    const said = words('22P02', noInteger, 'b.region::int > 2')
    expect(said).toContain('A value can’t be read as the type that is wanted: invalid input')
    expect(said).toContain('this user’s sync would fail. Cast only what fits, as in case when')
    expect(said).not.toMatch(/claim|compared/)
  })

  it('may be that of a claim where the condition reads one', () => {
    expect(words('22P02', noInteger, "b.id > (session.claims ->> 'limit')::int")).toContain(
      'Change the claim, if it is the claim’s value; if it is a row’s, cast only what fits',
    )
  })

  it('is a claim’s in a filter, which compares it with a column', () => {
    expect(words('22P02', noInteger, null)).toContain('A value does not fit the column that it is compared with')
  })

  it.each([
    ['22003', 'integer out of range', 'b.id * 2000000000 > 1', /^A number is out of the range of its type: .* Work it/],
    ['22007', 'invalid input syntax for type date: "x"', 'b.region::date is null', /^A value can’t be read as a date/],
    ['22008', 'date/time field value out of range', 'b.region::date is null', /^A value can’t be read as a date/],
    ['21000', 'more than one row returned by a subquery', 'b.id = (select 1)', /^A subquery gives several rows/],
    ['2201E', 'cannot take logarithm of zero', 'ln(b.id) > 1', /^It fails for a value: cannot take logarithm/],
  ])('is said by what PostgreSQL found: %s', (code, message, where, says) => {
    const said = words(code, message, where)
    expect(said).toMatch(says)
    expect(said).toMatch(/sync would fail/)
    expect(said).not.toContain('claim')
  })
})
