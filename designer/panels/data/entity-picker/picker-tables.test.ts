import { expect, test } from 'vitest'
import { projectFromSchema } from '@/designer/model/new-project'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { pickerTables } from './picker-tables'

test('what can not be synced is shown with the reason and what to do; a partitioned table can be', () => {
  const key = { attributes: { id: 'integer!' }, key: ['id'] } as const
  const schema = buildSchema({
    orders: key,
    events: { ...key, kind: 'partitioned-table' },
    totals: { kind: 'view', attributes: { sum: 'bigint' } },
    cached: { kind: 'materialized-view', attributes: { sum: 'bigint' } },
    remote: { kind: 'foreign-table', attributes: { id: 'integer' } },
    log: { attributes: { line: 'text' } },
  })
  const made = projectFromSchema({ schema, name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const project = { ...made.project, localEntities: {} }
  expect(pickerTables(project).map(({ label, problem }) => [label, problem])).toEqual([
    ['cached', expect.stringMatching(/is a materialized view\. .* Sync the tables that it reads instead/)],
    ['events', null],
    ['log', expect.stringMatching(/has no primary key.* Add a primary key/)],
    ['orders', null],
    ['remote', expect.stringMatching(/is a foreign table\. /)],
    ['totals', expect.stringMatching(/is a view\. /)],
  ])
  expect(pickerTables(project).map(({ problemInShort }) => problemInShort)).toEqual([
    'materialized view, can’t be synced',
    null,
    'no primary key',
    null,
    'foreign table, can’t be synced',
    'view, can’t be synced',
  ])
  expect(made.leftOut.map(({ name }) => name)).toEqual(['cached', 'log', 'remote', 'totals'])
})
