import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { LocalEntity, Scope, TestUser } from '@/designer/model'
import { closeDatabase, processApplication } from '../process-application'
import type { AppRouter } from '../router'
import { trpcRoute } from '../trpc-route'

let directory: string
let id: string
let workOrders: LocalEntity
const api = createTRPCClient<AppRouter>({
  links: [
    httpLink({
      url: 'http://localhost:3000/api/trpc',
      transformer: superjson,
      fetch: (url, init) => {
        const request = new Request(url as string, init as RequestInit)
        request.headers.set('host', 'localhost:3000')
        return trpcRoute(request)
      },
    }),
  ],
})

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-scope-'))
  vi.stubEnv('SYNCLINE_DIR', directory)
  vi.stubEnv('DATABASE_URL', '')
  id = (await api.projects.openSample.mutate()).id
  const { project } = await api.projects.get.query({ id })
  const found = Object.values(project.localEntities).find(({ name }) => name === 'work_orders')
  if (found === undefined) throw new Error('The sample has no work orders.')
  workOrders = found
}, 120_000)
afterAll(async () => {
  await (await processApplication()).dataSources.close()
  await closeDatabase()
  await rm(directory, { recursive: true, force: true })
})

const users: { id: string; name: string; claims: TestUser['claims'] }[] = [
  { id: 'tu_ada', name: 'ada', claims: { status: 'planned' } },
  { id: 'tu_bob', name: 'bob', claims: { status: ['planned', 'done'] } },
  { id: 'tu_eve', name: 'eve', claims: {} },
]
const byStatus: Scope = { kind: 'sql', where: "b.status::text = session.claims ->> 'status'" }
const trial = (scope: Scope) => ({ id, entity: workOrders.id, which: 'read' as const, scope })

describe('a scope that is tried on the sample’s rows', () => {
  it('counts rows and bytes of each user', async () => {
    const answer = await api.scope.counts.mutate({ ...trial(byStatus), users })
    if (answer.kind !== 'counted') throw new Error(answer.message)
    expect(answer.source).toBe('sample')
    const { tu_ada: ada, tu_eve: eve } = answer.users
    if (answer.total.kind !== 'counted' || ada?.kind !== 'counted') throw new Error('not counted')
    expect(ada.rows).toBeGreaterThan(0)
    expect(ada.rows).toBeLessThan(answer.total.rows)
    expect(ada.bytes / ada.rows).toBeGreaterThan(20)
    expect(eve).toEqual({ kind: 'counted', rows: 0, bytes: 0 })
    const all = await api.scope.counts.mutate({ ...trial({ kind: 'all' }), users: users.slice(0, 1) })
    expect(all.kind === 'counted' && all.users.tu_ada).toEqual(answer.total)
  }, 60_000)

  it('says for whom it fails, why, and with which row', async () => {
    const fails: Scope = {
      kind: 'sql',
      where: "10 / nullif(length(b.status::text) - (session.claims ->> 'length')::int, 7) > 0",
    }
    const { project } = await api.projects.get.query({ id })
    const root = project.serverEntities[workOrders.root]
    const key = root?.attributes[root.primaryKey[0] ?? '']?.name
    expect(key).toBe('id')
    const [planned, none] = [
      { id: 'tu_ada', name: 'ada', claims: { length: 'planned'.length } },
      { id: 'tu_bob', name: 'bob', claims: { length: 100 } },
    ]
    const answer = await api.scope.counts.mutate({ ...trial(fails), users: [planned, none] })
    if (answer.kind !== 'counted') throw new Error(answer.message)
    expect(answer.users.tu_bob?.kind).toBe('counted')
    const failed = answer.users.tu_ada
    if (failed?.kind !== 'failed') throw new Error('It was counted.')
    expect(failed.message).toMatch(
      /^It divides by zero, .* Guard the divisor, .* The first row .* has the key [0-9a-f-]{36}\.$/,
    )
    // It is the first by its key of those that are planned.
    const rows = await api.scope.explain.mutate({
      ...trial({ kind: 'sql', where: "b.status::text = 'planned'" }),
      key: [/[0-9a-f-]{36}/.exec(failed.message)?.[0] ?? ''],
      user: planned,
    })
    expect(rows.explanation).toMatchObject({ kind: 'explained', inScope: true })
  }, 60_000)

  it('gives each of the sample’s own users the work orders of one technician', async () => {
    const { project } = await api.projects.get.query({ id })
    const technicians = Object.values(project.testUsers).map(({ id: user, name, claims }) => ({
      id: user,
      name,
      claims,
    }))
    const own: Scope = { kind: 'sql', where: "b.technician_id = (session.claims ->> 'technician')::uuid" }
    const answer = await api.scope.counts.mutate({ ...trial(own), users: technicians })
    if (answer.kind !== 'counted') throw new Error(answer.message)
    expect(technicians.map(({ name }) => name)).toEqual(['Karim Benali', 'Lea Sutter'])
    for (const counts of Object.values(answer.users))
      expect(counts.kind === 'counted' && counts.rows).toBeGreaterThan(0)
  })

  it('says whose claims do not fit, and still counts for the others', async () => {
    const byPriority: Scope = { kind: 'sql', where: "b.priority = (session.claims ->> 'status')::int" }
    const answer = await api.scope.counts.mutate({
      ...trial(byPriority),
      users: [users[0], { id: 'tu_one', name: 'one', claims: { status: 1 } }].flatMap((user) => user ?? []),
    })
    if (answer.kind !== 'counted') throw new Error(answer.message)
    expect(answer.users.tu_ada).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('invalid input syntax'),
    })
    expect(answer.users.tu_one).toMatchObject({ kind: 'counted' })
  })

  it('says of a name that was mistyped that the scope has it, not that the database is another one', async () => {
    const tried = (where: string) =>
      api.scope.counts.mutate({ ...trial({ kind: 'sql', where }), users: users.slice(0, 1) })
    const column = await tried('exists (select from visits v where v.priorty = b.priority)')
    expect(column.kind === 'counted' && column.users.tu_ada).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(
        'The scope names a column that does not exist: column v.priorty does not exist.',
      ),
    })
    const table = await tried('exists (select from visit v where v.work_order_id = b.id)')
    expect(table.kind === 'counted' && table.users.tu_ada).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('The scope names a table that does not exist: relation "visit" does not exist.'),
    })
  })

  it('never writes, and does not take statements', async () => {
    const drop = await api.scope.counts.mutate({
      ...trial({ kind: 'sql', where: 'true); drop table visits; --' }),
      users,
    })
    expect(drop).toMatchObject({ kind: 'unusable' })
    const writes = await api.scope.counts.mutate({
      ...trial({ kind: 'sql', where: "nextval(pg_get_serial_sequence('parts', 'id')) > 0" }),
      users: users.slice(0, 1),
    })
    expect(writes.kind === 'counted' && writes.users.tu_ada).toMatchObject({ kind: 'failed', message: /read-only/ })
  })

  it('explains a row by the term that decided', async () => {
    const rows = await api.scope.rows.mutate({ id, entity: workOrders.id, search: '' })
    if (rows.kind !== 'rows') throw new Error(rows.message)
    const [row] = rows.rows
    expect(rows.rows).toHaveLength(20)
    expect(row?.label).toEqual(expect.any(String))
    const scope: Scope = {
      kind: 'sql',
      where: `b.id = '${row?.key[0]}' and ${byStatus.kind === 'sql' ? byStatus.where : ''}`,
    }
    const answer = await api.scope.explain.mutate({
      ...trial(scope),
      key: row?.key ?? [],
      user: { id: 'tu_x', name: 'x', claims: { status: 'nothing' } },
    })
    expect(answer.explanation).toMatchObject({
      kind: 'explained',
      inScope: false,
      because: ["b.status::text = session.claims ->> 'status'"],
    })
    const missing = await api.scope.explain.mutate({
      ...trial({ kind: 'all' }),
      key: ['00000000-0000-0000-0000-000000000000'],
      user: users[0] ?? { id: '', name: '', claims: {} },
    })
    expect(missing.explanation).toEqual({ kind: 'not-found' })
  })
})
