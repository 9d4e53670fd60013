/** Whole projects for the golden samples: between them they use all that can be compiled. */
import {
  addComputedAttribute,
  addSyncUnit,
  createNamedIds,
  type Ids,
  moveEntityToUnit,
  type OperationResult,
  PARK,
  type Project,
  projectFromSchema,
  removeLocalAttribute,
  removeLocalEntity,
  renameLocalAttribute,
  renameLocalEntity,
  type ServerSchema,
  type ServerType,
  setAttributeDefault,
  setAttributeSwitch,
  setAttributeTransfer,
  setPattern,
  setPatternKind,
  setScope,
  setUnitNetwork,
  setUnitPriority,
  setUnitRetry,
  setUnitTrigger,
  setWriteScope,
} from '@/designer/model'
import { addAttribute } from '@/designer/model/operations/local-attributes'
import { buildSchema, shopSchema } from '@/designer/model/testing/build-schema'

/** By name of the sample's folder. */
export const SAMPLES: Readonly<Record<string, () => Project>> = {
  shop: () => fromSchema(shopSchema(), 'Corner shop'),
  'all-types': allTypes,
  'odd-names': oddNames,
  'two-units': twoUnits,
  patterns: allPatterns,
  scopes,
  derived,
  files,
}

function fromSchema(schema: ServerSchema, name: string): Project {
  const made = projectFromSchema({ schema, name })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

/** Each base type, alone and as an array; enums and domains; generated columns and defaults. */
function allTypes(): Project {
  const types: ServerType[] = [
    { id: 'st_mood', kind: 'enum', schema: 'public', name: 'mood', values: ['sad', "it's ok", 'happy'] },
    { id: 'st_other', kind: 'enum', schema: 'other', name: 'mood', values: ['a', 'b'] },
    {
      id: 'st_year',
      kind: 'domain',
      schema: 'public',
      name: 'year',
      baseType: 'integer',
      nullable: true,
      default: null,
      checks: ['(VALUE > 1900)'],
    },
    {
      id: 'st_late',
      kind: 'domain',
      schema: 'public',
      name: 'late_year',
      baseType: 'year',
      nullable: false,
      default: '2000',
      checks: [],
    },
    { id: 'st_table', kind: 'enum', schema: 'other', name: 'plain', values: ['x'] },
  ]
  const base = [
    'boolean',
    'smallint',
    'integer',
    'bigint',
    'real',
    'double precision',
    'numeric',
    'numeric(10,2)',
    'money',
    'text',
    'character varying(40)',
    'character(3)',
    'uuid',
    'bytea',
    'json',
    'jsonb',
    'date',
    'timestamp without time zone',
    'timestamp(3) with time zone',
    'time without time zone',
    'interval',
    'interval day to second',
    'inet',
    'bit(3)',
    'int4range',
    'point',
    'tsvector',
    'xml',
    '"char"',
  ]
  const schema = buildSchema(
    {
      plain: {
        attributes: {
          id: { type: 'bigint', nullable: false, identity: 'always' },
          ...Object.fromEntries(base.map((type, index) => [`c${index}`, type])),
        },
        key: ['id'],
      },
      arrays: {
        attributes: {
          id: { type: 'uuid', nullable: false, default: 'gen_random_uuid()' },
          ...Object.fromEntries(base.filter((type) => type !== 'box').map((type, index) => [`c${index}`, `${type}[]`])),
        },
        key: ['id'],
      },
      named: {
        attributes: {
          name: 'text!',
          mood: { type: 'mood', nullable: false, default: "'happy'::mood" },
          other: { type: 'other.mood', typeId: 'st_other' },
          moods: { type: 'mood[]', typeId: 'st_mood' },
          year: 'year',
          late: { type: 'late_year', typeId: 'st_late' },
          clash: { type: 'other.plain', typeId: 'st_table' },
          total: { type: 'integer', nullable: false, generated: '(1 + 1)' },
          at: { type: 'timestamp with time zone', nullable: false, default: 'CURRENT_TIMESTAMP' },
          made_by: { type: 'text', nullable: false, default: 'current_user' },
          number: { type: 'integer', nullable: false, default: "nextval('named_number_seq'::regclass)" },
        },
        key: ['name'],
        uniques: [['number'], ['year', 'mood']],
      },
    },
    types,
  )
  return fromSchema(schema, 'All types')
}

/** Names that are no identifiers, or that end comments, strings and templates; references in circles. */
function oddNames(): Project {
  const schema = buildSchema({
    'Order "Details" */': {
      schema: 'Sales Dept',
      attributes: {
        'part number': 'integer!',
        "it's": 'text!',
        $cost: 'numeric',
        ähnlich: 'text',
        'a`${b}': 'date',
        constructor: 'text',
      },
      key: ['part number', "it's"],
    },
    employees: {
      attributes: { id: 'integer!', manager: 'integer', team: 'integer' },
      key: ['id'],
      references: [
        { attributes: ['manager'], table: 'employees', onDelete: 'set-null' },
        { attributes: ['team'], table: 'teams' },
      ],
    },
    teams: {
      attributes: { id: 'integer!', leader: 'integer' },
      key: ['id'],
      references: [{ attributes: ['leader'], table: 'employees' }],
    },
    '2020-sales': { attributes: { class: 'text!', new: 'text' }, key: ['class'] },
  })
  return fromSchema(schema, 'Odd */ names `$\u007bx}`\n"quoted"')
}

/** Two units, one read-only; renamed records; attributes left out or read-only. */
function twoUnits(): Project {
  const project = fromSchema(shopSchema(), 'Two units')
  const ids: Ids = createNamedIds()
  const { entity, attribute } = finders(project)
  const reference = expectDone(addSyncUnit(project, 'Reference data', ids))
  expectDone(setPatternKind(project, entity('customers'), 'read-only-delta'))
  expectDone(moveEntityToUnit(project, entity('customers'), reference))
  expectDone(setUnitTrigger(project, reference, { syncOnOnline: false }))
  expectDone(removeLocalAttribute(project, entity('customers'), attribute('customers', 'credit')))
  expectDone(renameLocalAttribute(project, entity('orders'), attribute('orders', 'note'), 'remark'))
  expectDone(setAttributeSwitch(project, entity('orders'), attribute('orders', 'ordered_at'), 'readOnly', true))
  // By attribute it is said what stays where two edits meet.
  const merged = { ...PARK, kind: 'conflict-detection', granularity: 'row', resolution: 'merge-attributes' } as const
  const stays = { [attribute('orders', 'customer_id')]: 'server', [attribute('orders', 'remark')]: 'latest' } as const
  const larger = { [attribute('order_details', 'quantity')]: 'larger' } as const
  expectDone(setPattern(project, entity('orders'), { ...merged, attributes: stays }))
  expectDone(setPattern(project, entity('order_details'), { ...merged, attributes: larger }))
  expectDone(renameLocalEntity(project, entity('order_details'), 'lines'))
  return project
}

/** Every pattern with settings of its own, triggers and retries, and what is encrypted or indexed. */
function allPatterns(): Project {
  const schema = buildSchema({
    countries: { attributes: { code: 'text!', label: 'text!' }, key: ['code'] },
    news: { attributes: { id: 'integer!', body: 'text' }, key: ['id'] },
    companies: {
      attributes: { id: SERIAL, name: 'text!', country: 'text', notes: 'text', bank: 'text' },
      key: ['id'],
      uniques: [['name']],
      references: [{ attributes: ['country'], table: 'countries' }],
    },
    contacts: {
      attributes: { id: UUID, company_id: 'integer!', email: 'text!' },
      key: ['id'],
      references: [{ attributes: ['company_id'], table: 'companies' }],
    },
    invoices: {
      attributes: { id: UUID, company_id: 'integer', total: 'numeric(10,2)' },
      key: ['id'],
      references: [{ attributes: ['company_id'], table: 'companies', onDelete: 'set-null' }],
    },
    readings: { attributes: { id: UUID, at: 'timestamp with time zone', value: 'double precision' }, key: ['id'] },
    stock: {
      attributes: { part: 'text!', quantity: 'integer!', labels: 'text[]', place: 'text', version: 'bigint' },
      key: ['part'],
    },
    history: {
      attributes: { id: SERIAL, invoice_id: 'uuid!', text: 'text' },
      key: ['id'],
      references: [{ attributes: ['invoice_id'], table: 'invoices' }],
    },
  })
  const project = fromSchema(schema, 'All patterns')
  const { entity, attribute } = finders(project)
  const kinds = {
    countries: 'read-only-delta',
    news: 'read-only',
    companies: 'one-to-many',
    contacts: 'last-write-wins',
    invoices: 'conflict-detection',
    readings: 'append-only',
    stock: 'merge',
    history: 'on-demand',
  } as const
  for (const [name, kind] of Object.entries(kinds)) expectDone(setPatternKind(project, entity(name), kind))
  expectDone(
    setPattern(project, entity('contacts'), { kind: 'last-write-wins', decidedBy: 'edit-time', granularity: 'row' }),
  )
  expectDone(
    setPattern(project, entity('invoices'), {
      kind: 'conflict-detection',
      granularity: 'attribute',
      handler: null,
      resolution: 'merge-attributes',
      handledOn: 'device',
      blocksSync: true,
      attributes: {},
    }),
  )
  expectDone(setAttributeSwitch(project, entity('companies'), attribute('companies', 'bank'), 'sensitive', true))
  const contacts = project.localEntities[entity('contacts')]
  if (contacts !== undefined) {
    contacts.indexes.ix_email = { id: 'ix_email', attributes: [attribute('contacts', 'email')], unique: false }
  }
  const unit = Object.keys(project.syncUnits)[0] ?? ''
  expectDone(
    setUnitTrigger(project, unit, {
      syncOnLogin: true,
      syncOnResume: true,
      intervalInSeconds: 900,
      afterLocalChangeInSeconds: 2.5,
      serverPoke: true,
    }),
  )
  expectDone(setUnitRetry(project, unit, { retryIntervalInSeconds: 30, backoff: 'fixed' }))
  expectDone(setUnitPriority(project, unit, 5))
  expectDone(setUnitNetwork(project, unit, 'unmetered'))
  return project
}

const SERIAL = { type: 'integer', nullable: false, identity: 'by-default' } as const
const UUID = { type: 'uuid', nullable: false, default: 'gen_random_uuid()' } as const

/** Filters over attributes, foreign keys and claims, and scopes in SQL. */
function scopes(): Project {
  const project = fromSchema(shopSchema(), 'Scopes')
  const { entity } = finders(project)
  expectDone(
    setScope(project, entity('customers'), {
      kind: 'filter',
      filter: {
        kind: 'and',
        terms: [
          {
            kind: 'compare',
            operator: 'in',
            left: { kind: 'attribute', attribute: 'sa_customers_city' },
            right: [{ kind: 'claim', name: 'cities' }],
          },
          {
            kind: 'or',
            terms: [
              {
                kind: 'compare',
                operator: '>=',
                left: { kind: 'attribute', attribute: 'sa_customers_credit' },
                right: [{ kind: 'constant', value: '10.5' }],
              },
              {
                kind: 'exists',
                foreignKey: 'fk_orders_1',
                term: {
                  kind: 'compare',
                  operator: '>',
                  left: { kind: 'attribute', attribute: 'sa_orders_ordered_at' },
                  right: [{ kind: 'now-minus', seconds: 604_800 }],
                },
              },
            ],
          },
        ],
      },
    }),
  )
  expectDone(
    setScope(project, entity('orders'), {
      kind: 'filter',
      filter: {
        kind: 'compare',
        operator: '=',
        left: { kind: 'joined', path: ['fk_orders_1'], attribute: 'sa_customers_city' },
        right: [{ kind: 'claim', name: 'city' }],
      },
    }),
  )
  expectDone(
    setWriteScope(project, entity('orders'), {
      kind: 'sql',
      where: "ordered_at > now() - interval '1 day' -- not the old ones",
    }),
  )
  expectDone(
    setScope(project, entity('order_details'), {
      kind: 'sql',
      where:
        "exists (select from orders o join customers c using (customer_id) where o.order_id = b.order_id and c.city = session.claims ->> 'city')",
    }),
  )
  expectDone(setScope(project, entity('visits'), { kind: 'sql', where: "body ->> 'by' = session.user_name" }))
  return project
}

function finders(project: Project) {
  const entity = (name: string): string =>
    Object.values(project.localEntities).find((candidate) => candidate.name === name)?.id ?? ''
  const attribute = (name: string, of: string): string =>
    Object.values(project.localEntities[entity(name)]?.attributes ?? {}).find((candidate) => candidate.name === of)
      ?.id ?? ''
  return { entity, attribute }
}

function expectDone<T>(result: OperationResult<T>): T {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.value
}

/**
 * Attributes read along one and two foreign keys and from a table that refers to itself, computed ones, own defaults, required,
 * one on demand.
 */
function derived(): Project {
  const tier: ServerType = { id: 'st_tier', kind: 'enum', schema: 'public', name: 'tier', values: ['gold', 'plain'] }
  const schema = buildSchema(
    {
      regions: { attributes: { id: SERIAL, name: 'text!', tier: 'tier!' }, key: ['id'] },
      customers: {
        attributes: { code: 'text!', name: 'text!', region: 'integer' },
        key: ['code'],
        references: [{ attributes: ['region'], table: 'regions', onDelete: 'set-null' }],
      },
      staff: {
        attributes: { id: SERIAL, name: 'text!', boss: 'integer' },
        key: ['id'],
        references: [{ attributes: ['boss'], table: 'staff' }],
      },
      jobs: {
        attributes: {
          id: UUID,
          customer: 'text',
          title: 'text',
          price: 'numeric(10,2)',
          pieces: 'integer',
          'due "on"': 'date',
          place: { type: 'text', default: "'unknown'::text" },
          scan: 'bytea',
        },
        key: ['id'],
        references: [{ attributes: ['customer'], table: 'customers' }],
      },
    },
    [tier],
  )
  const project = fromSchema(schema, 'Derived attributes')
  const { entity, attribute } = finders(project)
  const ids = createNamedIds()
  expectDone(removeLocalEntity(project, entity('regions')))
  // Named by hand, so that the sample stays as it is whatever name is proposed.
  const read = (of: string, path: string[], end: string, name: string) => {
    const reader = project.localEntities[entity(of)]
    if (reader === undefined) throw new Error(`There is no entity ${of}.`)
    addAttribute(reader, { name, source: { kind: 'denormalised', path, attribute: end }, readOnly: true }, ids)
  }
  read('jobs', ['fk_jobs_1'], 'sa_customers_name', 'name')
  read('jobs', ['fk_jobs_1', 'fk_customers_1'], 'sa_regions_tier', 'tier')
  read('customers', ['fk_customers_1'], 'sa_regions_name', 'regions_name')
  read('staff', ['fk_staff_1'], 'sa_staff_name', 'staff_name')
  const compute = (name: string, expression: string, type: string) =>
    expectDone(addComputedAttribute(project, { entity: entity('jobs'), name, expression, type, ids }))
  compute('total', 'b.price * pieces -- what it costs', 'numeric(12,2)')
  compute('due_year', 'extract(year from b."due ""on""")::integer', 'integer')
  const set = (name: string, value: string) =>
    expectDone(setAttributeDefault(project, entity('jobs'), attribute('jobs', name), value))
  set('title', "'New job'")
  set('pieces', '1')
  set('place', "'here'")
  for (const name of ['customer', 'title', 'price']) {
    expectDone(setAttributeSwitch(project, entity('jobs'), attribute('jobs', name), 'required', true))
  }
  expectDone(
    setAttributeSwitch(project, entity('customers'), attribute('customers', 'regions_name'), 'sensitive', true),
  )
  expectDone(setAttributeTransfer(project, entity('jobs'), attribute('jobs', 'scan'), 'on-demand'))
  return project
}

/** Contents that travel beside their rows, of every kind and in patterns that differ in what they write. */
function files(): Project {
  const schema = buildSchema({
    jobs: { attributes: { id: UUID, title: 'text!', scan: 'bytea', report: 'text', done: 'boolean' }, key: ['id'] },
    photos: {
      attributes: { id: UUID, job: 'uuid', picture: { type: 'bytea', nullable: false } },
      key: ['id'],
      references: [{ attributes: ['job'], table: 'jobs', onDelete: 'cascade' }],
    },
  })
  const project = fromSchema(schema, 'Files')
  const { entity, attribute } = finders(project)
  expectDone(setPatternKind(project, entity('photos'), 'append-only'))
  for (const [name, ...attributes] of [
    ['jobs', 'scan', 'report'],
    ['photos', 'picture'],
  ] as const) {
    for (const each of attributes)
      expectDone(setAttributeTransfer(project, entity(name), attribute(name, each), 'file'))
  }
  return project
}
