import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTRPCClient, httpLink } from '@trpc/client'
import { unzipSync } from 'fflate'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyProject, serializeProject } from '@/designer/model'
import { exportRoute } from './download-routes'
import { closeDatabase } from './process-application'
import type { AppRouter } from './router'
import { trpcRoute } from './trpc-route'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-router-'))
  vi.stubEnv('SYNCLINE_DIR', directory)
  vi.stubEnv('DATABASE_URL', '')
})
afterAll(async () => {
  await closeDatabase()
  await rm(directory, { recursive: true, force: true })
})

/** The client that the pages have, on the route that Next would call. */
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

describe('projects', () => {
  it('are made empty, renamed by a save, listed and removed, and come back', async () => {
    const { id, revision } = await api.projects.createEmpty.mutate({ name: '  New one ' })
    const { project } = await api.projects.get.query({ id })
    expect(project).toEqual(emptyProject({ id, name: 'New one' }))
    const renamed = { ...project, name: 'Renamed' }
    expect(await api.projects.save.mutate({ id, revision, project: renamed })).toEqual({ kind: 'saved', revision: 2 })
    expect(await api.projects.save.mutate({ id, revision, project })).toEqual({
      kind: 'stale',
      current: { revision: 2, project: renamed },
    })
    expect(await api.projects.list.query()).toEqual([
      { id, name: 'Renamed', revision: 2, entityCount: 0, tableCount: 0, updatedAt: expect.any(Date) },
    ])
    await api.projects.remove.mutate({ id })
    expect(await api.projects.list.query()).toEqual([])
    await expect(api.projects.get.query({ id })).rejects.toThrow(`There is no project ${id}`)
    await api.projects.restore.mutate({ id })
    expect((await api.projects.get.query({ id })).project).toEqual(renamed)
  })

  it('that are no projects are refused', async () => {
    const project = { ...emptyProject({ id: 'pr_x', name: 'X' }), name: '' }
    await expect(api.projects.create.mutate({ project })).rejects.toThrow()
  })

  it('are opened from a file, and two openings of one file are two projects', async () => {
    const text = serializeProject(emptyProject({ id: 'pr_file', name: 'From a file' }))
    const first = await api.projects.openFile.mutate({ text })
    const second = await api.projects.openFile.mutate({ text })
    if (first.kind !== 'opened' || second.kind !== 'opened') throw new Error('not opened')
    expect(first.id).not.toBe(second.id)
    expect((await api.projects.get.query({ id: first.id })).project.id).toBe('pr_file')
  })

  it.each([
    ['of a newer format', '{"format": 9}', /newer Syncline: update/],
    ['that is cut off', '{"format": 1, "id": "pr_x", "name": "Cu', /cut off/],
    ['that is something else', 'select 1', /not JSON/],
  ])('are not opened from a file %s, which is told', async (_case, text, message) => {
    expect(await api.projects.openFile.mutate({ text })).toEqual({
      kind: 'failed',
      message: expect.stringMatching(message),
    })
  })
})

describe('the sample', () => {
  it('comes with all its tables on the device and its rows, and its bundle is what is exported', async () => {
    const { id } = await api.projects.openSample.mutate()
    const { project, startData, revision } = await api.projects.get.query({ id })
    expect(startData.kept).toBe(true)
    expect(project.name).toBe('Field service')
    expect(Object.keys(project.localEntities)).toHaveLength(Object.keys(project.serverEntities).length)

    const built = await api.bundle.build.query({ id, revision })
    if (built.kind !== 'built') throw new Error(JSON.stringify(built.diagnostics))
    expect(built.revision).toBe(revision)
    const request = () => new Request(`http://localhost:3000/api/export/${id}`, { headers: { host: 'localhost:3000' } })
    const response = await exportRoute(request(), { params: Promise.resolve({ id }) })
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="field-service.zip"')
    const zip = new Uint8Array(await response.arrayBuffer())
    const files = Object.entries(unzipSync(zip)).map(([path, bytes]) => ({
      path,
      text: new TextDecoder().decode(bytes),
    }))
    const isMap = ({ path }: { readonly path: string }) => path.endsWith('.map')
    expect(files.filter((file) => !isMap(file))).toEqual([...built.files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    const maps = files.filter(isMap).map(({ text }) => new TextEncoder().encode(text).length)
    expect(built.sourceMaps).toEqual({ count: maps.length, bytes: maps.reduce((sum, size) => sum + size, 0) })
    expect(maps.length).toBeGreaterThan(5)
    const again = await exportRoute(request(), { params: Promise.resolve({ id }) })
    expect(new Uint8Array(await again.arrayBuffer())).toEqual(zip)

    await expect(api.bundle.build.query({ id, revision: revision + 1 })).rejects.toThrow(/no longer stored/)
  })
})

describe('the bundle of a project with errors', () => {
  it('is its diagnostics', async () => {
    const { id } = await api.projects.createEmpty.mutate({ name: 'Empty' })
    expect(await api.bundle.build.query({ id })).toMatchObject({
      kind: 'has-errors',
      diagnostics: [{ severity: 'error', message: expect.any(String) }],
    })
  })
})
