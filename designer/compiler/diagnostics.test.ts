import { describe, expect, it } from 'vitest'
import {
  addLocalAttribute,
  createNamedIds,
  emptyProject,
  type LocalAttribute,
  type LocalEntity,
  PARK,
  type Project,
  projectFromSchema,
  type ScopeFilter,
  type SyncUnit,
  setDirection,
  setPattern,
  setPatternKind,
} from '@/designer/model'
import { buildSchema, shopSchema } from '@/designer/model/testing/build-schema'
import { applyFix, compile, DIAGNOSTICS, type DiagnosticCode } from './index'
import { CHECKLIST_FAULTS } from './testing/checklist-faults'

/** The shop, whole and without faults, to make one fault in. */
const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const entity = (project: Project, name: string): LocalEntity => {
  const found = Object.values(project.localEntities).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`The shop has no ${name}.`)
  return found
}
const attribute = (project: Project, name: string, attributeName: string): LocalAttribute => {
  const found = Object.values(entity(project, name).attributes).find((candidate) => candidate.name === attributeName)
  if (found === undefined) throw new Error(`${name} has no ${attributeName}.`)
  return found
}
const drop = (project: Project, name: string, attributeName: string): void => {
  delete entity(project, name).attributes[attribute(project, name, attributeName).id]
}
const unit = (project: Project): SyncUnit => {
  const [found] = Object.values(project.syncUnits)
  if (found === undefined) throw new Error('The shop has no unit.')
  return found
}
const addUnit = (project: Project, change: Partial<SyncUnit>): void => {
  project.syncUnits.su_two = {
    ...structuredClone(unit(project)),
    id: 'su_two',
    name: 'Two',
    order: 9,
    entities: {},
    ...change,
  }
}
const serverAttribute = (project: Project, table: string, name: string) => {
  const found = Object.values(project.serverEntities[`se_${table}`]?.attributes ?? {}).find(
    (candidate) => candidate.name === name,
  )
  if (found === undefined) throw new Error(`${table} has no ${name}.`)
  return found
}

const via = (project: Project, path: string[], end: string): void => {
  attribute(project, 'orders', 'note').source = { kind: 'denormalised', path, attribute: end }
}
const computed = (project: Project, expression: string): void => {
  const { attributes } = entity(project, 'orders')
  const source = { kind: 'computed', expression, type: 'integer' } as const
  attributes.la_computed = { ...attribute(project, 'orders', 'note'), id: 'la_computed', name: 'computed', source }
}

const sqlScope = (where: string) => (project: Project) => {
  entity(project, 'orders').scope = { kind: 'sql', where }
}

const ofBerlin: ScopeFilter & { kind: 'compare' } = {
  kind: 'compare',
  operator: '=',
  left: { kind: 'attribute', attribute: 'sa_customers_city' },
  right: [{ kind: 'constant', value: 'Berlin' }],
}

/** Said after PostgreSQL was asked, which the compiler does not do. */
const ASKED = ['SL1005', 'SL3021', 'SL3022', 'SL5016', 'SL5021', 'SL5022'] as const
type CompilerCode = Exclude<DiagnosticCode, (typeof ASKED)[number]>
const isOfCompiler = (code: string): code is CompilerCode =>
  code in DIAGNOSTICS && !ASKED.some((asked) => asked === code)

/** One way to make each diagnostic; its text has to say this. */
const FAULTS: Record<CompilerCode, readonly [fault: (project: Project) => unknown, says: RegExp]> = {
  SL1001: [
    (p) => {
      p.localEntities = {}
    },
    /no local entities/,
  ],
  SL1002: [
    (p) => {
      entity(p, 'order_details').name = 'Orders'
    },
    /device\.entities\.Orders/,
  ],
  SL1003: [
    (p) => {
      entity(p, 'orders').name = 'x'.repeat(64)
    },
    /63 bytes/,
  ],
  SL1004: [
    (p) => {
      entity(p, 'orders').id = 'le_other'
    },
    /says that its id is "le_other"/,
  ],
  SL2001: [
    (p) => {
      delete p.serverEntities.se_visits
    },
    /not in the schema any more/,
  ],
  SL2002: [
    (p) => {
      if (p.serverEntities.se_visits) p.serverEntities.se_visits.primaryKey = []
    },
    /can't be synced.*Add a primary key/,
  ],
  SL2003: [
    (p) => {
      if (p.serverEntities.se_visits) p.serverEntities.se_visits.kind = 'view'
    },
    /is a view/,
  ],
  SL2004: [(p) => drop(p, 'order_details', 'product'), /leaves out "product" of its key/],
  SL2005: [
    (p) => {
      p.localEntities.le_two = { ...structuredClone(entity(p, 'visits')), id: 'le_two', name: 'visits_2', order: 99 }
    },
    /both made of the table "visits"/,
  ],
  SL2006: [
    (p) => {
      delete unit(p).entities[entity(p, 'visits').id]
    },
    /"visits" is in no sync unit/,
  ],
  SL2007: [
    (p) => {
      entity(p, 'visits').pattern = { kind: 'read-only-delta' }
    },
    /read-only-delta can't have/,
  ],
  SL2008: [
    (p) => {
      entity(p, 'customers').keyStrategy = 'device-uuid'
    },
    /Choose natural/,
  ],
  SL2009: [
    (p) => {
      if (p.serverEntities.se_visits) p.serverEntities.se_visits.schema = 'syncline'
    },
    /Syncline uses itself/,
  ],
  SL2010: [
    (p) => {
      delete p.localEntities[entity(p, 'customers').id]
    },
    /"orders" refers to "customers", which is not/,
  ],
  SL2011: [(p) => drop(p, 'orders', 'customer_id'), /leaves out "customer_id"/],
  SL2012: [
    (p) => {
      delete unit(p).entities[entity(p, 'order_details').id]
      addUnit(p, { entities: { [entity(p, 'order_details').id]: { order: 1 } } })
    },
    /in another sync unit/,
  ],
  SL2013: [
    (p) =>
      setPattern(p, entity(p, 'orders').id, { kind: 'one-to-many', children: [entity(p, 'customers').id], ...PARK }),
    /"customers" is to be part of "orders", but has no reference to it/,
  ],
  SL2014: [
    (p) => {
      setPatternKind(p, entity(p, 'orders').id, 'one-to-many')
      setDirection(p, entity(p, 'order_details').id, 'down')
    },
    /could not delete it with its parent/,
  ],
  SL2015: [
    (p) => setPattern(p, entity(p, 'orders').id, { kind: 'on-demand', parent: 'fk_gone' }),
    /foreign key that "orders" does not have \(fk_gone\)/,
  ],
  SL2016: [
    (p) =>
      setPattern(p, entity(p, 'orders').id, {
        kind: 'conflict-detection',
        granularity: 'row',
        ...PARK,
        handler: 'ch_x',
        attributes: {},
      }),
    /conflict handler ch_x, which is not in the project/,
  ],
  SL2017: [
    (p) =>
      setPattern(p, entity(p, 'orders').id, {
        kind: 'conflict-detection',
        granularity: 'row',
        ...PARK,
        resolution: 'keep-server',
        blocksSync: true,
        attributes: {},
      }),
    /keep-server leaves none waiting/,
  ],
  SL2018: [
    (p) =>
      setPattern(p, entity(p, 'orders').id, {
        kind: 'merge',
        attributes: { [attribute(p, 'orders', 'note').id]: 'counter' },
      }),
    /merged as a counter, which takes a number; it is text/,
  ],
  SL2019: [
    (p) => {
      entity(p, 'orders').indexes.ix_1 = { id: 'ix_1', attributes: ['la_gone'], unique: false }
    },
    /index of "orders" names an attribute/,
  ],
  SL2020: [
    (p) => {
      const id = attribute(p, 'orders', 'note').id
      entity(p, 'orders').indexes.ix_1 = { id: 'ix_1', attributes: [id], unique: true }
    },
    /which the server does not promise/,
  ],
  SL3001: [
    (p) => {
      attribute(p, 'orders', 'note').name = 'customer_id'
    },
    /two attributes called "customer_id"/,
  ],
  SL3002: [
    (p) => {
      delete p.serverEntities.se_orders?.attributes.sa_orders_note
    },
    /column of "note".*not in the schema/,
  ],
  SL3003: [
    (p) => {
      serverAttribute(p, 'orders', 'note').type = 'geometry(Point,4326)'
    },
    /geometry\(Point,4326\)/,
  ],
  SL3004: [(p) => drop(p, 'customers', 'company_name'), /leaves out "company_name"/],
  SL3005: [
    (p) => {
      serverAttribute(p, 'orders', 'note').default = 'my_function()'
    },
    /filled in by the server \(my_function\(\)\)/,
  ],
  SL3006: [
    (p) => {
      entity(p, 'orders').attributes.la_two = {
        ...structuredClone(attribute(p, 'orders', 'note')),
        id: 'la_two',
        name: 'note_2',
        order: 99,
      }
    },
    /the same column "note"/,
  ],
  SL3007: [
    (p) => {
      attribute(p, 'customers', 'customer_id').readOnly = true
    },
    /belongs to the key and is read-only/,
  ],
  SL3008: [
    (p) => {
      attribute(p, 'orders', 'customer_id').sensitive = true
    },
    /sensitive, but refers to another entity/,
  ],
  SL3009: [
    (p) => {
      p.serverEntities.se_orders?.uniques.push({ name: 'u', attributes: ['sa_orders_note'] })
      attribute(p, 'orders', 'note').sensitive = true
    },
    /unique on the server and sensitive/,
  ],
  SL3010: [(p) => via(p, ['fk_gone'], 'sa_customers_city'), /foreign key that is not in the schema any more/],
  SL3011: [
    (p) => {
      const table = p.serverEntities.se_customers
      const [key] = Object.values(p.serverEntities.se_orders?.foreignKeys ?? {})
      if (table && key) table.foreignKeys.fk_back = { ...key, id: 'fk_back', entity: 'se_orders' }
      via(p, ['fk_orders_1', 'fk_back'], 'sa_orders_note')
    },
    /in a circle.*"orders"/,
  ],
  SL3012: [
    (p) => {
      via(p, ['fk_orders_1'], 'sa_customers_city')
      if (p.serverEntities.se_customers) p.serverEntities.se_customers.kind = 'view'
    },
    /"customers", a view/,
  ],
  SL3013: [(p) => computed(p, 'random()'), /has random, which changes while the row stays/],
  SL3014: [(p) => computed(p, 'b.prize * 2'), /names b\.prize, which is no column/],
  SL3015: [
    (p) => {
      attribute(p, 'orders', 'customer_id').transfer = 'on-demand'
    },
    /can't be pulled on demand: it refers to another table/,
  ],
  SL3016: [
    (p) => {
      attribute(p, 'orders', 'note').default = 'upper(note)'
    },
    /no constant that a device can hold/,
  ],
  SL3017: [
    (p) => {
      attribute(p, 'orders', 'note').required = true
      attribute(p, 'orders', 'note').readOnly = true
    },
    /is required, but it is read-only/,
  ],
  SL3018: [
    (p) => {
      attribute(p, 'orders', 'note').default = "'x'"
      attribute(p, 'orders', 'note').sensitive = true
    },
    /default for no effect: it is sensitive/,
  ],
  SL3019: [(p) => computed(p, '1 / length(note)'), /computed with \//],
  SL3020: [
    (p) => {
      attribute(p, 'orders', 'customer_id').transfer = 'file'
    },
    /can't be a file: it is of type character varying\(5\); files are bytea or text/,
  ],
  SL4001: [(p) => addUnit(p, {}), /has no entities/],
  SL4002: [
    (p) => {
      p.syncUnits = {}
    },
    /no sync unit/,
  ],
  SL4003: [(p) => addUnit(p, { entities: structuredClone(unit(p).entities) }), /in the sync units "Default" and "Two"/],
  SL4004: [(p) => addUnit(p, { name: 'Default' }), /two sync units called "Default"/],
  SL4005: [
    (p) => {
      unit(p).entities.le_gone = { order: 9 }
    },
    /le_gone/,
  ],
  SL4006: [
    (p) => {
      p.flows = {}
    },
    /is not in the project/,
  ],
  SL4007: [
    (p) => {
      unit(p).triggers.syncOnOnline = false
    },
    /device\.sync\.trigger\('Default'\)/,
  ],
  SL5001: [sqlScope("b.regoin = 'N'"), /names b\.regoin, which is no column of "orders"/],
  SL5002: [sqlScope('true; drop table orders'), /has a semicolon/],
  SL5003: [
    (p) => {
      const left = { kind: 'attribute', attribute: 'sa_orders_order_id' } as const
      const right = [{ kind: 'constant', value: 'many' } as const]
      const filter = { kind: 'compare', operator: '=', left, right } as const
      entity(p, 'orders').scope = { kind: 'filter', filter: { ...filter, right } }
    },
    /compares with "many", which is no integer/,
  ],
  SL5005: [sqlScope('may_see(b.order_id, session.user_name)'), /each sync brings all of its rows anew/],
  SL5006: [
    (p) => {
      setPatternKind(p, entity(p, 'visits').id, 'read-only')
      entity(p, 'visits').writeScope = { kind: 'all' }
    },
    /has a write scope, but sends nothing/,
  ],
  SL5007: [sqlScope("regoin = 'N'"), /names "regoin", which is no column/],
  SL5008: [
    (p) => {
      const lead = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_orders_2' } } as const
      const orders = p.serverEntities.se_orders
      if (orders?.foreignKeys.fk_orders_1) {
        orders.foreignKeys.fk_orders_2 = { ...orders.foreignKeys.fk_orders_1, id: 'fk_orders_2', entity: 'se_orders' }
      }
      entity(p, 'orders').scope = lead
    },
    /goes in a circle: "orders" follows "orders"/,
  ],
  SL5009: [
    (p) => {
      delete p.localEntities[entity(p, 'customers').id]
      entity(p, 'orders').scope = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_orders_1' } }
    },
    /scope of "orders" follows "customers", which is not on the device/,
  ],
  SL5010: [
    (p) => {
      entity(p, 'customers').scope = { kind: 'filter', filter: ofBerlin }
    },
    /"orders" may refer by "customer_id" to a row of "customers" that is not on the device/,
  ],
  SL5011: [
    (p) => {
      entity(p, 'customers').scope = { kind: 'filter', filter: ofBerlin }
      entity(p, 'orders').scope = { kind: 'sql', where: 'b.order_id < 9' }
    },
    /can’t be told from SQL/,
  ],
  SL5012: [
    (p) => {
      setPattern(p, entity(p, 'customers').id, { kind: 'on-demand', parent: null })
      entity(p, 'orders').scope = { kind: 'filter', filter: { kind: 'in-scope', foreignKey: 'fk_orders_1' } }
    },
    /follows "customers", which comes on demand/,
  ],
  SL5013: [
    (p) => {
      const filter = { ...ofBerlin, operator: 'in', right: [] } as const
      entity(p, 'customers').scope = { kind: 'filter', filter: { ...filter, right: [] } }
    },
    /has an empty list, in which nothing is/,
  ],
  SL5014: [sqlScope('b.order_id / 0 > 1'), /divides by zero: it would fail for each row/],
  SL5015: [sqlScope('10 / b.order_id > 1'), /has \/, which fails for some values/],
  SL9007: [
    (p) => {
      p.flows[unit(p).flow] = { id: unit(p).flow, name: 'x', kind: 'own', nodes: {}, edges: {} }
    },
    /was edited/,
  ],
  SL9010: [
    (p) => {
      p.actions.ac_1 = { id: 'ac_1', name: 'Send', order: 1, side: 'client', code: '' }
    },
    /"Send"/,
  ],
  ...CHECKLIST_FAULTS,
}

describe('diagnostics', () => {
  it('a project without faults has none', () => {
    expect(compile(shop()).diagnostics).toEqual([])
  })

  it.each(Object.keys(DIAGNOSTICS).filter(isOfCompiler))(
    '%s is found, says what to do, and its fix removes it',
    (code) => {
      const project = shop()
      const [fault, says] = FAULTS[code]
      fault(project)
      const { diagnostics, files } = compile(project)
      const found = diagnostics.filter((diagnostic) => diagnostic.code === code)
      expect(found.map(({ message }) => message).join('\n')).toMatch(says)
      expect(found[0]?.severity).toBe(DIAGNOSTICS[code].severity)
      expect(files === null).toBe(diagnostics.some(({ severity }) => severity === 'error'))
      const fixes = found.flatMap(({ fix }) => fix ?? [])
      if (fixes.length < found.length) return
      for (const fix of fixes) expect(applyFix(project, fix, createNamedIds()).kind).toBe('done')
      expect(compile(project).diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code)
    },
  )

  it('a read-only entity may leave out what rows need', () => {
    const project = shop()
    entity(project, 'customers').pattern = { kind: 'read-only-delta' }
    entity(project, 'customers').direction = 'down'
    drop(project, 'customers', 'company_name')
    expect(compile(project).diagnostics).toEqual([])
  })

  it('an empty project, and one whose references all lead nowhere, do not throw', () => {
    expect(compile(emptyProject({ id: 'pr_1', name: 'x' })).files).toBeNull()
    const project = { ...shop(), serverEntities: {}, serverTypes: {}, flows: {} }
    expect(compile(project).files).toBeNull()
  })

  it('a domain over itself does not throw', () => {
    const schema = buildSchema({ t: { attributes: { id: 'integer!', d: 'loop' }, key: ['id'] } }, [
      {
        id: 'st_1',
        kind: 'domain',
        schema: 'public',
        name: 'loop',
        baseType: 'loop',
        nullable: true,
        default: null,
        checks: [],
      },
    ])
    const made = projectFromSchema({ schema, name: 'x' })
    if (made.kind === 'refused') throw new Error(made.reason)
    addLocalAttribute(made.project, entity(made.project, 't').id, 'sa_t_d', createNamedIds())
    expect(compile(made.project).diagnostics.map(({ code }) => code)).toEqual(['SL3003'])
  })
})
