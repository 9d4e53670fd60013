import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sqlPieces } from '@/designer/compiler/sql-check/sql-pieces'
import type { Project } from '@/designer/model'
import { closeDatabase, processApplication } from '../process-application'
import type { AppRouter } from '../router'
import { trpcRoute } from '../trpc-route'

let directory: string
let id: string
let project: Project
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
  directory = await mkdtemp(join(tmpdir(), 'syncline-sql-'))
  vi.stubEnv('SYNCLINE_DIR', directory)
  vi.stubEnv('DATABASE_URL', '')
  id = (await api.projects.openSample.mutate()).id
  project = (await api.projects.get.query({ id })).project
})
afterAll(async () => {
  await (await processApplication()).sqlCheck.close()
  await closeDatabase()
  await rm(directory, { recursive: true, force: true })
})

const scoped = (where: string): Project => {
  const [entity] = Object.values(project.localEntities)
  if (entity === undefined) throw new Error('The sample has no entity.')
  const changed = { ...entity, scope: { kind: 'sql' as const, where } }
  return { ...project, localEntities: { [entity.id]: changed } }
}

describe('SQL that the page asks about', () => {
  it('is judged as it is there, saved or not', async () => {
    const { schema, pieces } = sqlPieces(scoped('b.id'))
    const answers = await api.sql.ask.mutate({ schema, questions: pieces.map(({ question }) => question) })
    expect(answers).toMatchObject({
      kind: 'answered',
      answers: [{ kind: 'refused', code: '42804', type: { name: 'bigint' } }],
    })
  })

  it('has no more of the schema in the question than it names', () => {
    const { schema } = sqlPieces(scoped('b.id is not null'))
    expect(Object.keys(schema.serverEntities)).toHaveLength(1)
    expect(Object.keys(project.serverEntities).length).toBeGreaterThan(1)
  })

  it('that leaves something behind is forgotten with its database', async () => {
    const { schema, pieces } = sqlPieces(scoped('b.id is not null'))
    const [piece] = pieces
    if (piece === undefined) throw new Error('There is no piece.')
    const leaves = { ...piece.question, statement: 'select 1; commit; create table stays ()' }
    await api.sql.ask.mutate({ schema, questions: [leaves] })
    expect(await api.sql.ask.mutate({ schema, questions: [piece.question] })).toMatchObject({
      kind: 'answered',
      answers: [{ kind: 'accepted' }],
    })
  })

  it('stops a build as the compiler’s own errors do', async () => {
    const stored = await api.projects.get.query({ id })
    await api.projects.save.mutate({ id, revision: stored.revision, project: scoped('true as x') })
    expect(await api.bundle.build.query({ id })).toMatchObject({
      kind: 'has-errors',
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'SL5021' })]),
    })
  })
})
