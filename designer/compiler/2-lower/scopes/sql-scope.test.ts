import { describe, expect, it } from 'vitest'
import { emptyProject, type Project } from '@/designer/model'
import { buildSchema, entityId } from '@/designer/model/testing/build-schema'
import { readSqlScope } from './sql-scope'

const project: Project = {
  ...emptyProject({ id: 'pr_1', name: 'x' }),
  ...buildSchema({
    orders: {
      attributes: { id: 'integer!', region: 'text', at: 'timestamp with time zone', 'Owner Id': 'text', note: 'text' },
      key: ['id'],
    },
    members: { attributes: { team: 'text!', login: 'text!' }, key: ['team', 'login'] },
    'hr.teams': { schema: 'hr', attributes: { id: 'integer!' }, key: ['id'] },
    overview: { kind: 'view', attributes: { id: 'integer' } },
  }),
}
const root = project.serverEntities[entityId('orders')]
const read = (where: string) => {
  if (root === undefined) throw new Error('There is no table orders.')
  return readSqlScope(project, root, where)
}
const rule = (where: string) => {
  const { rule: found, problems } = read(where)
  if (found === null) throw new Error(problems.map(({ says }) => says).join())
  return found
}

describe('a scope in SQL', () => {
  it('names its columns, with and without the alias, quoted and not', () => {
    expect(rule('b.region = $$region$$ and "Owner Id" is not null and NOTE like \'id\'').columns).toEqual([
      'Owner Id',
      'note',
      'region',
    ])
    expect(rule('to_jsonb(b) is not null').columns).toHaveLength(5)
  })

  it('names its claims, and says that it may be any where it can’t tell', () => {
    expect(rule("region = session.claims ->> 'region' or session.claims ? 'admin'").claims).toEqual(['admin', 'region'])
    expect(rule("region = claims->>'it''s'").claims).toEqual(["it's"])
    expect(rule("session.claims['a'] = '1'").claims).toEqual(['a'])
    for (const where of ["session.claims #>> '{a,b}' = region", 'session.claims -> region is null', 'session is null'])
      expect(rule(where).claims, where).toBeNull()
    expect(rule('session.user_name = region').claims).toEqual([])
  })

  it('names the tables that it reads, with their keys', () => {
    const tables = (where: string) => rule(where).tables?.map(({ schema, table, key }) => `${schema}.${table}(${key})`)
    expect(tables('true')).toEqual([])
    expect(tables('exists (select from members m, hr.teams t where m.team = b.region)')).toEqual([
      'hr.teams(id)',
      'public.members(team,login)',
    ])
    expect(tables('id in (select id from (orders o join only members m on true))')).toEqual([
      'public.members(team,login)',
      'public.orders(id)',
    ])
    expect(tables('extract(year from b.at) = 2020 and region is distinct from note')).toEqual([])
  })

  it.each([
    'exists (select from nowhere)',
    'exists (select from overview)',
    'may_see(id)',
    'app.may_see(id)',
    'exists (with x as (select 1) select from x)',
    "current_setting('app.user') = region",
  ])('may read any table by %s, and says what that costs', (where) => {
    const { rule: found, problems } = read(where)
    expect(found?.tables).toBeNull()
    expect(problems.map(({ code }) => code)).toEqual(['SL5005'])
  })

  it('knows the present as the session’s, so that it can be asked about another time', () => {
    const { where, readsTime } = rule(
      "b.at > now() - interval '1 day' and b.at::date < CURRENT_DATE and current_timestamp(3) > b.at",
    )
    expect(where).toBe("b.at > session.at - interval '1 day' and b.at::date < session.at::date and session.at > b.at")
    expect(readsTime).toBe(true)
    expect(rule('b.at at time zone $$UTC$$ > session.at').readsTime).toBe(true)
    expect(rule("b.at at time zone 'UTC' is null").readsTime).toBe(false)
  })

  it('leaves comments out, and keeps texts as they are', () => {
    expect(rule("region = '--; /*' -- and the rest\n").where).toBe("region = '--; /*'")
    expect(rule('id /* a /* nested */ one */ = 1').where).toBe('id   = 1')
    expect(rule("note = E'it\\'s; ' and note = U&'x'").where).toBe("note = E'it\\'s; ' and note = U&'x'")
  })

  it.each([
    ['true; drop table orders', /semicolon/],
    ['true) or (true', /closes a parenthesis/],
    ['(true', /does not close/],
    ["region = 'x", /text that does not end/],
    ['true /* ', /comment that does not end/],
    ['"id', /name that does not end/],
    ['$a$ x', /text that does not end/],
    ['id = $1', /parameter/],
    [' -- nothing', /is empty/],
    ['at > session.at', /may be the column or the session’s/],
  ])('refuses %s', (where, says) => {
    const { problems } = read(where)
    expect(problems.map(({ code, says: text }) => `${code} ${text}`).join()).toMatch(says)
    expect(problems[0]?.code).toBe('SL5002')
  })

  it.each([
    ['id / 0 > 1', ['SL5014']],
    ['id % 0.0 > 1', ['SL5014']],
    ['10 / id > 1', ['SL5015']],
    ['ln(id) > 1', ['SL5015']],
    ['10 / -id > 1', ['SL5015']],
    ['10 / nullif(id, 0) > 1 and id / 2 > 1 and id / -2 > 1', []],
    ["region % 'nord'", []],
    ['case when b.id <> 7 then 10 / (b.id - 7) else 0 end < 3', []],
  ])('says of %s whether it fails for a row', (where, codes) => {
    expect(read(where).problems.map(({ code }) => code)).toEqual(codes)
  })

  it('refuses columns and values of the session that are not there, and doubts words that it does not know', () => {
    expect(read('b.regoin is null').problems).toMatchObject([{ code: 'SL5001' }])
    expect(read('session.role is null').problems).toMatchObject([{ code: 'SL5001' }])
    expect(read('regoin is null').problems).toMatchObject([{ code: 'SL5007' }])
    const fine =
      "b.at > timestamp with time zone '2020-01-01' and (region like 'a%' or cast(id as double precision) in (1, 2.5e3) and case when note is null then true else id % 2 = 0 end)"
    expect(read(fine).problems).toEqual([])
  })
})
