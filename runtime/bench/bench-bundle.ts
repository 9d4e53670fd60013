/** The table that everything is measured on: six columns of common types, an integer key. */
import { type AttributeContract, BUNDLE_VERSION, type Bundle } from '../contract/bundle'
import { NO_RETRY, NO_TRIGGERS } from '../testing/field-bundle'

export const BENCH_TABLE = 'company'
const ENTITY = 'le_company'

/** The columns as SQL, for the server's table and for the yardsticks' tables. */
export const BENCH_COLUMNS =
  'id integer primary key, name text not null, city text, amount numeric(12,2), quantity integer, changed timestamptz'

/** Fills the table with rows 1 to `rows`. */
export const fillSql = (rows: number): string => `
insert into ${BENCH_TABLE}
select i, 'Company number ' || i, 'City ' || i % 1000, (i::bigint * 7919 % 1000000)::numeric / 100, i % 100,
  timestamptz '2026-01-01' + make_interval(secs => i)
from generate_series(1, ${rows}) i;`

export const BENCH_BUNDLE: Bundle = {
  bundleVersion: BUNDLE_VERSION,
  projectId: 'pr_bench',
  projectName: 'Bench',
  schemaHash: 'bench-1',
  types: [],
  entities: [
    {
      id: ENTITY,
      name: 'Company',
      table: BENCH_TABLE,
      server: { id: 'se_company', schema: 'public', table: BENCH_TABLE },
      attributes: [
        column('id', 'integer', false),
        column('name', 'text', false),
        column('city', 'text'),
        column('amount', 'numeric(12,2)'),
        column('quantity', 'integer'),
        column('changed', 'timestamp with time zone'),
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
  units: [
    {
      id: 'su_default',
      name: 'Default',
      entities: [ENTITY],
      triggers: NO_TRIGGERS,
      retry: NO_RETRY,
      priority: 0,
      network: 'any',
      run: (flow) => flow.exchange({ push: true, pull: [ENTITY] }),
    },
  ],
  handlers: [],
}

/** The name of the table that tracks it on the server. */
export const BENCH_TRACK = 'syncline.track_se_company'

function column(name: string, type: string, nullable = true): AttributeContract {
  return { id: name, name, column: name, type, nullable, default: null, readOnly: false, sensitive: false }
}
