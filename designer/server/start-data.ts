import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '@/designer/model'
import { buildStartData } from '@/designer/schema/build-start-data'
import type { ProjectStore } from './project-store'
import { schemaHash, sha256 } from './schema-hash'

/** What the preview's server starts from: the imported rows where they were kept, else the empty tables. */
export interface StartData {
  /** Changes whenever the bytes do. */
  readonly version: (id: string, project: Project) => Promise<string>
  readonly bytes: (id: string, project: Project) => Promise<Uint8Array>
  /** Puts rows that were read again aside, until somebody takes them; answers the token to take them with. */
  readonly offer: (id: string, bytes: Uint8Array) => Promise<string>
  /** From then on the project, as it is stored now, starts from what was offered. */
  readonly take: (id: string, token: string) => Promise<TakenStartData>
}

export type TakenStartData =
  /**
   * With another schema the rows that went with the old one stay beside it, and come back with it. Rows that had the
   * same schema are offered again: `former` takes them back.
   */
  { readonly kind: 'taken'; readonly former: string | null } | { readonly kind: 'gone' }

/** Making empty tables takes seconds, so they are kept in `cacheDirectory` under a hash of the schema. */
export function createStartData(projects: ProjectStore, cacheDirectory: string): StartData {
  const building = new Map<string, Promise<Uint8Array>>()

  const emptyTables = (project: Project): Promise<Uint8Array> => {
    const key = schemaHash(project)
    const running = building.get(key) ?? loadOrBuild(key, project).finally(() => building.delete(key))
    building.set(key, running)
    return running
  }

  const loadOrBuild = async (key: string, project: Project): Promise<Uint8Array> => {
    const path = join(cacheDirectory, `${key}.tar.gz`)
    const cached = await readFile(path).catch(() => null)
    if (cached !== null) return cached
    const built = await buildStartData(project)
    await mkdir(cacheDirectory, { recursive: true })
    const draft = join(cacheDirectory, `${key}.${process.pid}`)
    await writeFile(draft, built)
    // Renamed when it is whole, so that a stopped process leaves no half of it.
    await rename(draft, path).catch(() => rm(draft, { force: true }))
    return built
  }

  const offered = (id: string): string => join(cacheDirectory, `offered-${sha256(id)}.tar.gz`)

  const putAside = async (id: string, bytes: Uint8Array): Promise<string> => {
    await mkdir(cacheDirectory, { recursive: true })
    // One for each project: what was offered before and not taken is not wanted.
    await writeFile(offered(id), bytes)
    return sha256(bytes)
  }

  return {
    version: async (id, project) => {
      const stored = await projects.startDataHash(id, schemaHash(project))
      return stored === null ? `schema-${schemaHash(project)}` : `rows-${stored}`
    },
    bytes: async (id, project) => (await projects.startData(id, schemaHash(project))) ?? (await emptyTables(project)),
    offer: async (id, bytes) => {
      const stored = await projects.get(id)
      if (stored !== null) await projects.keepStartData(id, schemaHash(stored.project))
      return putAside(id, bytes)
    },
    take: async (id, token) => {
      const bytes = await readFile(offered(id)).catch(() => null)
      const stored = await projects.get(id)
      if (stored === null || bytes === null || sha256(bytes) !== token) return { kind: 'gone' }
      const former = await projects.setStartData(id, schemaHash(stored.project), bytes)
      if (former !== null) return { kind: 'taken', former: await putAside(id, former) }
      await rm(offered(id), { force: true })
      return { kind: 'taken', former: null }
    },
  }
}
