/** Whole projects for the golden samples: between them they use all that can be compiled. */
import {
  addSyncUnit,
  createNamedIds,
  type Ids,
  moveEntityToUnit,
  type OperationResult,
  type Project,
  projectFromSchema,
  removeLocalAttribute,
  renameLocalAttribute,
  renameLocalEntity,
  type ServerSchema,
  type ServerType,
  setAttributeReadOnly,
  setPattern,
  setUnitTrigger,
} from '@/designer/model'
import { buildSchema, shopSchema } from '@/designer/model/testing/build-schema'

/** By name of the sample's folder. */
export const SAMPLES: Readonly<Record<string, () => Project>> = {
  shop: () => fromSchema(shopSchema(), 'Corner shop'),
  'all-types': allTypes,
  'odd-names': oddNames,
  'two-units': twoUnits,
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
      checks: ['CHECK (VALUE > 1900)'],
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
    { id: 'st_table', kind: 'enum', schema: 'public', name: 'plain', values: ['x'] },
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
          clash: { type: 'plain', typeId: 'st_table' },
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
  const entity = (name: string): string =>
    Object.values(project.localEntities).find((candidate) => candidate.name === name)?.id ?? ''
  const attribute = (name: string, of: string): string =>
    Object.values(project.localEntities[entity(name)]?.attributes ?? {}).find((candidate) => candidate.name === of)
      ?.id ?? ''
  const reference = expectDone(addSyncUnit(project, 'Reference data', ids))
  expectDone(setPattern(project, entity('customers'), { kind: 'read-only-delta' }))
  expectDone(moveEntityToUnit(project, entity('customers'), reference))
  expectDone(setUnitTrigger(project, reference, { syncOnOnline: false }))
  expectDone(removeLocalAttribute(project, entity('customers'), attribute('customers', 'credit')))
  expectDone(renameLocalAttribute(project, entity('orders'), attribute('orders', 'note'), 'remark'))
  expectDone(setAttributeReadOnly(project, entity('orders'), attribute('orders', 'ordered_at'), true))
  expectDone(renameLocalEntity(project, entity('order_details'), 'lines'))
  return project
}

function expectDone<T>(result: OperationResult<T>): T {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.value
}
