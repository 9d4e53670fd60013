import { describe, expect, it } from 'vitest'
import { createNamedIds, emptyProject, type Project, type ServerSchema } from './index'
import { addComputedAttribute } from './operations/derived-attributes'
import { addLocalEntity } from './operations/local-entities'
import { takeSchema } from './operations/server-schema'
import { diffSchemas } from './schema-diff'
import { createMeaning } from './schema-diff/meaning'
import { newNamesOf } from './schema-diff/new-names'
import { renameQuestions } from './schema-diff/rename-questions'
import { buildSchema, entityId, shopSchema, type TableSpec } from './testing/build-schema'

const ids = createNamedIds()
const NONE = new Map<string, boolean>()

const CUSTOMERS: TableSpec = {
  attributes: { id: 'integer!', company_name: 'text!', city: 'text', credit: 'numeric' },
  key: ['id'],
}
const schemaWith = (customers: TableSpec, others: Readonly<Record<string, TableSpec>> = {}): ServerSchema =>
  buildSchema({ customers, ...others })

const changesOf = (before: ServerSchema, after: ServerSchema, answers = NONE) => {
  const renames = renameQuestions(before, after, answers).flatMap(({ rename, confirmed }) => (confirmed ? rename : []))
  return diffSchemas(before, after, renames).changes
}
const kindsOf = (...given: Parameters<typeof changesOf>) => changesOf(...given).map(({ id }) => id)

describe('a column under another name', () => {
  const before = schemaWith(CUSTOMERS)
  const after = schemaWith({
    ...CUSTOMERS,
    attributes: { id: 'integer!', company: 'text!', city: 'text', credit: 'numeric' },
  })

  it('is asked about, and taken for renamed where its place and type speak for it', () => {
    const questions = renameQuestions(before, after, NONE)
    expect(questions).toMatchObject([
      { rename: { from: 'sa_customers_company_name', to: 'sa_customers_company' }, confirmed: true },
    ])
    expect(kindsOf(before, after)).toEqual(['attribute-renamed se_customers sa_customers_company_name'])
  })

  it('is another column where somebody says so', () => {
    const [question] = renameQuestions(before, after, NONE)
    const answers = new Map([[question?.key ?? '', false]])
    expect(renameQuestions(before, after, answers)).toMatchObject([{ confirmed: false }])
    expect(kindsOf(before, after, answers)).toEqual([
      'attribute-removed se_customers sa_customers_company_name',
      'attribute-added se_customers sa_customers_company',
    ])
  })

  it('keeps its id in the project, and so the local attribute, under its own name', () => {
    const project: Project = { ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...before }
    addLocalEntity(project, { root: 'se_customers', ids })
    const local = structuredClone(project.localEntities)
    const renames = renameQuestions(before, after, NONE).map(({ rename }) => rename)
    takeSchema(project, after, { renames, refused: [] })
    expect(project.serverEntities['se_customers']?.attributes['sa_customers_company_name']?.name).toBe('company')
    expect(project.localEntities).toEqual(local)
  })

  it('of another type is another column', () => {
    const other = schemaWith({
      ...CUSTOMERS,
      attributes: { id: 'integer!', company: 'bytea', city: 'text', credit: 'numeric' },
    })
    expect(renameQuestions(before, other, NONE)).toEqual([])
  })

  it('is told for each of two that were renamed, by their places', () => {
    const both = schemaWith({
      ...CUSTOMERS,
      attributes: { id: 'integer!', label: 'text!', town: 'text', credit: 'numeric' },
    })
    expect(renameQuestions(before, both, NONE).map(({ rename }) => `${rename.from} ${rename.to}`)).toEqual([
      'sa_customers_company_name sa_customers_label',
      'sa_customers_city sa_customers_town',
    ])
  })
})

describe('a column under another name, beside one that is gone', () => {
  const address: TableSpec = {
    attributes: { id: 'integer!', company: 'varchar(40)', street: 'text', city: 'varchar(15)', zip: 'text' },
    key: ['id'],
  }
  const before = schemaWith(address)
  const read = (attributes: TableSpec['attributes']) => schemaWith({ ...address, attributes })
  const asked = (after: ServerSchema) =>
    renameQuestions(before, after, NONE).map(({ rename, confirmed }) =>
      `${rename.from} ${rename.to}${confirmed ? '' : ' ?'}`.replaceAll('sa_customers_', ''),
    )

  it('keeps its place among those that stayed', () => {
    const after = read({ id: 'integer!', street: 'text', town: 'varchar(15)', zip: 'text' })
    expect(asked(after)).toEqual(['city town'])
  })

  it('is asked about wherever it is, where it is the only one of its type', () => {
    expect(asked(read({ id: 'integer!', street: 'text', zip: 'text', town: 'varchar(15)' }))).toEqual(['city town ?'])
    expect(asked(read({ id: 'integer!', street: 'text', zip: 'text', town: 'bytea' }))).toEqual([])
  })

  it('is joined by hand where nothing speaks for it, and taken apart again', () => {
    const after = read({ id: 'integer!', street: 'text', city: 'varchar(15)', zip: 'text', firm: 'bytea' })
    const diff = diffSchemas(before, after, [])
    const gone = diff.changes.find(({ kind }) => kind === 'attribute-removed')
    if (gone === undefined) throw new Error('No column is gone.')
    const [name, other] = newNamesOf(gone, diff.changes, diff.read, after)
    expect([name?.name, other]).toEqual(['firm', undefined])
    if (name === undefined) return
    const joined = renameQuestions(before, after, NONE, [name.rename])
    expect(joined).toMatchObject([{ confirmed: true, rename: name.rename }])
    expect(diffSchemas(before, after, [name.rename]).changes.map(({ kind }) => kind)).toContain('attribute-renamed')
    const apart = new Map([[joined[0]?.key ?? '', false]])
    expect(renameQuestions(before, after, apart, [name.rename])).toMatchObject([{ confirmed: false }])
  })
})

describe('a table under another name', () => {
  const orders: TableSpec = {
    attributes: { id: 'integer!', customer: 'integer' },
    key: ['id'],
    references: [{ attributes: ['customer'], table: 'customers' }],
  }
  const before = schemaWith(CUSTOMERS, { orders })

  it('is recognised by its columns, and then asked about those', () => {
    const after = buildSchema({
      clients: { ...CUSTOMERS, attributes: { id: 'integer!', company: 'text!', city: 'text', credit: 'numeric' } },
      orders: { ...orders, references: [{ attributes: ['customer'], table: 'clients', to: ['id'] }] },
    })
    const [table] = renameQuestions(before, after, NONE)
    expect(table?.rename).toEqual({ kind: 'entity', from: 'se_customers', to: 'se_clients' })
    const answers = new Map([[table?.key ?? '', true]])
    expect(kindsOf(before, after, answers)).toEqual([
      'entity-renamed se_customers',
      'attribute-renamed se_customers sa_customers_company_name',
    ])
  })

  it('that moved to another schema with all others is found without comparing all with all', () => {
    const many = (schema: string) =>
      buildSchema(
        Object.fromEntries(
          Array.from({ length: 900 }, (_, n): [string, TableSpec] => [
            `${schema}_t${n}`.replace(/^a_/, ''),
            { schema, attributes: { id: 'integer!', name: 'text', note: 'text' }, key: ['id'] },
          ]),
        ),
      )
    const moved = many('b')
    for (const entity of Object.values(moved.serverEntities)) entity.name = entity.name.replace('b_', '')
    const questions = renameQuestions(many('a'), moved, NONE)
    expect(questions).toHaveLength(900)
    expect(questions.every(({ confirmed }) => confirmed)).toBe(true)
  })
})

describe('what a change means', () => {
  function shop() {
    const project: Project = { ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() }
    const added = addLocalEntity(project, { root: entityId('orders'), ids })
    if (added.kind === 'refused') throw new Error(added.reason)
    return { project, orders: added.value }
  }
  const meaningsOf = (project: Project, after: ServerSchema) => {
    const { changes, read } = diffSchemas(project, after, [])
    const meaning = createMeaning(project, read)
    return changes.flatMap((change) => meaning(change).map(({ weight, text }) => `${change.kind} ${weight}: ${text}`))
  }
  /** The shop with something done to its orders. */
  const changed = (change: (orders: ServerSchema['serverEntities'][string], schema: ServerSchema) => void) => {
    const schema = shopSchema()
    const orders = schema.serverEntities['se_orders']
    if (orders) change(orders, schema)
    return schema
  }

  it('names the local attribute that loses its column, and the SQL that mentions it', () => {
    const { project, orders } = shop()
    addComputedAttribute(project, { entity: orders, name: 'short', expression: 'left(b.note, 10)', type: 'text', ids })
    const after = changed(({ attributes }) => {
      delete attributes['sa_orders_note']
    })
    expect(meaningsOf(project, after)).toEqual([
      'attribute-removed breaks: “orders.note” has no source any more.',
      'attribute-removed breaks: “orders.short” mentions note in its SQL: correct it there.',
    ])
  })

  it('says where a scope and a read path lead nowhere', () => {
    const { project, orders } = shop()
    const local = project.localEntities[orders]
    if (local === undefined) throw new Error('no entity')
    local.scope = {
      kind: 'filter',
      filter: { kind: 'not', term: { kind: 'exists', foreignKey: 'fk_orders_1', term: { kind: 'and', terms: [] } } },
    }
    const after = changed((entity) => {
      entity.foreignKeys = {}
    })
    expect(meaningsOf(project, after)).toEqual([
      'reference-removed breaks: The scope of “orders” leads along it, and can’t be evaluated any more.',
    ])
  })

  it('tells a key that the device does not have, and a new column without which no row can be made', () => {
    const { project } = shop()
    const after = changed((entity) => {
      const added = { ...entity.attributes['sa_orders_note'], id: 'sa_new', name: 'tenant', order: 9, nullable: false }
      entity.attributes = {
        ...entity.attributes,
        sa_new: { ...entity.attributes['sa_orders_note'], ...added } as never,
      }
      entity.primaryKey = ['sa_new', ...entity.primaryKey]
    })
    expect(meaningsOf(project, after)).toEqual([
      'attribute-added breaks: It needs a value: rows that devices make are refused until “orders” has it.',
      'key breaks: “orders” has to take tenant, which the key is made of now.',
    ])
  })

  it('tells a table that is gone, and offers what is new', () => {
    const { project } = shop()
    const after = changed((_, { serverEntities }) => {
      delete serverEntities['se_orders']
      delete serverEntities['se_order_details']
      Object.assign(serverEntities, buildSchema({ tags: { attributes: { id: 'uuid!' }, key: ['id'] } }).serverEntities)
    })
    expect(meaningsOf(project, after)).toEqual([
      'entity-removed breaks: “orders” has no table any more and can’t be synced. Remove it, or keep the table here.',
      'entity-added offers: Can be put on the device.',
    ])
  })
})

describe('a type', () => {
  it('that lost a value breaks what may hold it', () => {
    const state = { id: 'st_state', kind: 'enum' as const, schema: 'public', name: 'state', values: ['new', 'done'] }
    const table: TableSpec = { attributes: { id: 'integer!', state: 'state' }, key: ['id'] }
    const before = buildSchema({ jobs: table }, [state])
    const project: Project = { ...emptyProject({ id: 'pr_1', name: 'Jobs' }), ...before }
    addLocalEntity(project, { root: 'se_jobs', ids })
    const { changes, read } = diffSchemas(before, buildSchema({ jobs: table }, [{ ...state, values: ['new'] }]), [])
    expect(changes.map(({ id }) => id)).toEqual(['type-changed st_state'])
    expect(changes.flatMap(createMeaning(project, read))).toMatchObject([
      { weight: 'breaks', text: '“jobs.state” can’t be “done” any more.' },
    ])
  })
})
