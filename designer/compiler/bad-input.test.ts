/** What projects and schemas may hold that is odd or wrong: each gives a diagnostic at its place, or works. */
import { createRequire } from 'node:module'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDenormalisedAttribute, createNamedIds, type Project, projectFromSchema } from '@/designer/model'
import { buildSchema, shopSchema, type TableSpec } from '@/designer/model/testing/build-schema'
import { compile } from './index'

function projectOf(tables: Readonly<Record<string, TableSpec>>): Project {
  const made = projectFromSchema({ schema: buildSchema(tables), name: 'Odd' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const entity = (project: Project, name: string) => {
  const found = Object.values(project.localEntities).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`There is no entity ${name}.`)
  return found
}
const errors = (project: Project) =>
  compile(project)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, target }) => ({ code, target }))
const attributeOf = (project: Project, of: string, name: string) => {
  const owner = entity(project, of)
  const found = Object.values(owner.attributes).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`${of} has no ${name}.`)
  return { attribute: found, place: { kind: 'localAttribute', entity: owner.id, id: found.id } }
}

describe('what is wrong', () => {
  it('a scope over a dropped column is told at the scope', () => {
    const project = shop()
    const orders = entity(project, 'orders')
    orders.scope = { kind: 'sql', where: "note = 'x'" }
    delete project.serverEntities.se_orders?.attributes.sa_orders_note
    const scope = { which: 'read', path: null }
    expect(compile(project).diagnostics).toContainEqual(
      expect.objectContaining({ code: 'SL5007', target: { kind: 'localEntity', id: orders.id, scope } }),
    )
    orders.scope = {
      kind: 'filter',
      filter: {
        kind: 'compare',
        operator: '=',
        left: { kind: 'attribute', attribute: 'sa_orders_note' },
        right: [{ kind: 'constant', value: 'x' }],
      },
    }
    expect(errors(project)).toContainEqual({
      code: 'SL5001',
      target: expect.objectContaining({ kind: 'localEntity', id: orders.id }),
    })
  })

  it('a denormalised attribute over a dropped foreign key or column is told at the attribute', () => {
    for (const drop of [
      (project: Project) => delete project.serverEntities.se_orders?.foreignKeys.fk_orders_1,
      (project: Project) => delete project.serverEntities.se_customers?.attributes.sa_customers_city,
      (project: Project) => delete project.serverEntities.se_customers,
    ]) {
      const project = shop()
      const added = addDenormalisedAttribute(project, {
        entity: entity(project, 'orders').id,
        path: ['fk_orders_1'],
        attribute: 'sa_customers_city',
        ids: createNamedIds(),
      })
      expect(added.kind).toBe('done')
      expect(errors(project)).toEqual([])
      const { place } = attributeOf(project, 'orders', 'customer_city')
      drop(project)
      expect(errors(project)).toContainEqual({ code: 'SL3010', target: place })
    }
  })

  it('a cycle of denormalisation is told at the attribute; two tables that read each other are none', () => {
    const reference = (table: string) => ({ attributes: ['other'], table })
    const project = projectOf({
      a: { attributes: { id: 'integer!', other: 'integer', name: 'text' }, key: ['id'], references: [reference('c')] },
      c: { attributes: { id: 'integer!', other: 'integer', name: 'text' }, key: ['id'], references: [reference('a')] },
    })
    const read = (of: string, path: string[], attribute: string) =>
      addDenormalisedAttribute(project, { entity: entity(project, of).id, path, attribute, ids: createNamedIds() })
    read('a', ['fk_a_1'], 'sa_c_name')
    read('c', ['fk_c_1'], 'sa_a_name')
    expect(errors(project)).toEqual([])
    read('a', ['fk_a_1', 'fk_c_1'], 'sa_a_name')
    const { place } = attributeOf(project, 'a', 'other_other_name')
    expect(errors(project)).toEqual([{ code: 'SL3011', target: place }])
  })

  it('two attributes of one name are told at the second, also where only SQLite takes them for one', () => {
    for (const name of ['note', 'NOTE']) {
      const project = shop()
      const { place } = attributeOf(project, 'orders', 'note')
      attributeOf(project, 'orders', 'customer_id').attribute.name = name
      expect(errors(project)).toEqual([{ code: 'SL3001', target: place }])
    }
  })

  it('a view is told at the entity that is made of it, and at an attribute that is read from it', () => {
    const project = shop()
    addDenormalisedAttribute(project, {
      entity: entity(project, 'orders').id,
      path: ['fk_orders_1'],
      attribute: 'sa_customers_city',
      ids: createNamedIds(),
    })
    const view = project.serverEntities.se_customers
    if (view) view.kind = 'view'
    expect(errors(project)).toContainEqual({
      code: 'SL3012',
      target: attributeOf(project, 'orders', 'customer_city').place,
    })
    expect(errors(project)).toContainEqual({
      code: 'SL2003',
      target: { kind: 'localEntity', id: entity(project, 'customers').id },
    })
  })

  it('a table whose only key is nullable is told at the entity', () => {
    const project = projectOf({ t: { attributes: { id: 'integer!', code: 'text' }, key: ['id'], uniques: [['code']] } })
    const table = project.serverEntities.se_t
    if (table) table.primaryKey = []
    expect(errors(project)).toContainEqual({
      code: 'SL2002',
      target: { kind: 'localEntity', id: entity(project, 't').id },
    })
  })

  it('a name of more than 63 bytes is told, in whatever script', () => {
    const project = shop()
    const { attribute, place } = attributeOf(project, 'orders', 'note')
    attribute.name = '名'.repeat(22)
    expect(errors(project)).toEqual([{ code: 'SL1003', target: place }])
  })
})

describe('what works', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  }, 60_000)
  afterAll(() => database.close())

  /** Compiles without an error, installs on the server, and makes the tables of a device on both SQL stores. */
  async function installs(project: Project, serverSql: string): Promise<void> {
    expect(errors(project)).toEqual([])
    const files = new Map((compile(project).files ?? []).map(({ path, text }) => [path, text]))
    await database.exec('drop schema if exists syncline cascade; drop schema public cascade; create schema public')
    await database.exec(serverSql)
    await database.exec(files.get('sql/server-install.sql') ?? 'no script')
    const device = await PGlite.create()
    await device.exec(files.get('sql/device-schema.pglite.sql') ?? 'no script')
    await device.close()
    const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => SqliteDatabase
    const sqlite = new Sqlite(':memory:')
    for (const name of ['syncline_now', 'syncline_uuid', 'syncline_key'])
      sqlite.function(name, { varargs: true }, () => '')
    sqlite.exec(files.get('sql/device-schema.sqlite.sql') ?? 'no script')
    sqlite.close()
  }
  const tracked = async (id: string) =>
    (await database.query<{ k1: unknown }>(`select k1 from syncline."track_${id}"`)).rows.map(({ k1 }) => k1)

  interface SqliteDatabase {
    readonly exec: (sql: string) => void
    readonly function: (name: string, options: object, fn: () => unknown) => void
    readonly close: () => void
  }

  it('reserved words as names of tables and columns', async () => {
    const columns = { order: 'integer!', select: 'text', user: 'text', table: 'text', 'group by': 'text' }
    const project = projectOf({ select: { attributes: columns, key: ['order'] } })
    await installs(
      project,
      'create table "select" ("order" int primary key, "select" text, "user" text, "table" text, "group by" text)',
    )
    await database.exec(`insert into "select" values (1, 'a', 'b', 'c', 'd')`)
    expect(await tracked('se_select')).toEqual([1])
  })

  it('names of 63 bytes in another script', async () => {
    const name = '名'.repeat(21)
    const other = 'ж'.repeat(31)
    const project = projectOf({ [name]: { attributes: { id: 'integer!', [other]: 'text' }, key: ['id'] } })
    const [root] = Object.keys(project.serverEntities)
    await installs(project, `create table "${name}" (id int primary key, "${other}" text)`)
    await database.exec(`insert into "${name}" values (1, 'x')`)
    expect(await tracked(root ?? '')).toEqual([1])
  })

  it('a partitioned table, through its parent and its partitions', async () => {
    const project = projectOf({
      p: { kind: 'partitioned-table', attributes: { id: 'integer!', part: 'integer!' }, key: ['id', 'part'] },
    })
    await installs(
      project,
      `create table p (id int, part int, primary key (id, part)) partition by list (part);
       create table p_1 partition of p for values in (1); create table p_2 partition of p for values in (2)`,
    )
    await database.exec('insert into p values (1, 1); insert into p_2 values (2, 2)')
    expect(await tracked('se_p')).toEqual([1, 2])
  })

  it('a denormalised attribute that is read from a partitioned table', async () => {
    const project = projectOf({
      p: { kind: 'partitioned-table', attributes: { id: 'integer!', name: 'text' }, key: ['id'] },
      t: {
        attributes: { id: 'integer!', p: 'integer' },
        key: ['id'],
        references: [{ attributes: ['p'], table: 'p' }],
      },
    })
    addDenormalisedAttribute(project, {
      entity: entity(project, 't').id,
      path: ['fk_t_1'],
      attribute: 'sa_p_name',
      ids: createNamedIds(),
    })
    await installs(
      project,
      `create table p (id int primary key, name text) partition by range (id); create table p_1 partition of p default;
       create table t (id int primary key, p int references p)`,
    )
    await database.exec("insert into p_1 values (1, 'x')")
    expect(await tracked('se_p')).toEqual([1])
  })

  it('generated columns, which a device only reads', async () => {
    const project = projectOf({
      t: {
        attributes: {
          id: 'integer!',
          price: 'numeric',
          doubled: { type: 'numeric', nullable: true, generated: '(price * 2)' },
        },
        key: ['id'],
      },
    })
    await installs(
      project,
      'create table t (id int primary key, price numeric, doubled numeric generated always as (price * 2) stored)',
    )
    const entities = compile(project).files?.find(({ path }) => path === 'src/entities.ts')?.text ?? ''
    expect(entities).toMatch(/interface TRow \{[^}]*doubled/)
    expect(entities).not.toMatch(/interface T(Create|Update) \{[^}]*doubled/)
  })

  it('a key that a file says is nullable: PostgreSQL has no such key, nor has the device', async () => {
    const project = projectOf({ t: { attributes: { id: 'integer!', name: 'text' }, key: ['id'] } })
    const column = Object.values(project.serverEntities.se_t?.attributes ?? {}).find(({ name }) => name === 'id')
    if (column) column.nullable = true
    await installs(project, 'create table t (id int primary key, name text)')
    const script = compile(project).files?.find(({ path }) => path === 'sql/device-schema.pglite.sql')?.text
    expect(script).toContain('"id" integer not null')
  })
})
