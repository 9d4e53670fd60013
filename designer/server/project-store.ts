import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Project, projectFromDocument } from '@/designer/model'
import type { Database } from './database'
import { projectTable, startDataTable } from './tables'

export interface ProjectSummary {
  readonly id: string
  readonly name: string
  readonly updatedAt: Date
  readonly revision: number
  readonly entityCount: number
  /** Tables of the imported database; null where that is not known. */
  readonly tableCount: number | null
}

export interface StoredProject {
  readonly project: Project
  readonly revision: number
  readonly startData: { readonly kept: boolean }
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'stale'; readonly current: { readonly project: Project; readonly revision: number } }
  | { readonly kind: 'not-found' }

export interface ProjectStore {
  readonly list: () => Promise<ProjectSummary[]>
  readonly create: (
    id: string,
    project: Project,
    startData: Uint8Array | null,
  ) => Promise<{ readonly id: string; readonly revision: number }>
  readonly get: (id: string) => Promise<StoredProject | null>
  /** Saves if `revision` is still the last one; one statement decides, so two saves at once can't both win. */
  readonly save: (id: string, revision: number, project: Project) => Promise<SaveResult>
  /** Hides a project; false where there is none. */
  readonly remove: (id: string) => Promise<boolean>
  /** Brings a removed project back; false where none was removed. */
  readonly restore: (id: string) => Promise<boolean>
  /** The imported rows, or null where none were kept. */
  readonly startData: (id: string) => Promise<Uint8Array | null>
  /** Replaces the imported rows. */
  readonly setStartData: (id: string, bytes: Uint8Array) => Promise<void>
  /** Tells two imports apart without reading the rows. */
  readonly startDataHash: (id: string) => Promise<string | null>
}

export function createProjectStore(database: Database): ProjectStore {
  const get = async (id: string): Promise<StoredProject | null> => {
    const [row] = await database
      .select({
        project: projectTable.document,
        revision: projectTable.revision,
        kept: sql<boolean>`${startDataTable.projectId} is not null`,
      })
      .from(projectTable)
      .leftJoin(startDataTable, eq(startDataTable.projectId, projectTable.id))
      .where(live(id))
    return row
      ? { project: readDocument(id, row.project), revision: row.revision, startData: { kept: row.kept } }
      : null
  }

  return {
    get,
    list: () =>
      database
        .select({
          id: projectTable.id,
          name: projectTable.name,
          updatedAt: projectTable.updatedAt,
          revision: projectTable.revision,
          entityCount: projectTable.entityCount,
          tableCount: projectTable.tableCount,
        })
        .from(projectTable)
        .where(isNull(projectTable.deletedAt))
        .orderBy(desc(projectTable.updatedAt), projectTable.id),

    create: (id, project, startData) =>
      database.transaction(async (tx) => {
        await tx.insert(projectTable).values({ id, revision: 1, ...columnsOf(project) })
        if (startData) await tx.insert(startDataTable).values({ projectId: id, bytes: startData })
        return { id, revision: 1 }
      }),

    save: async (id, revision, project) => {
      const [saved] = await database
        .update(projectTable)
        .set({ ...columnsOf(project), revision: sql`${projectTable.revision} + 1`, updatedAt: sql`now()` })
        .where(and(live(id), eq(projectTable.revision, revision)))
        .returning({ revision: projectTable.revision })
      if (saved) return { kind: 'saved', revision: saved.revision }
      const current = await get(id)
      if (current === null) return { kind: 'not-found' }
      return { kind: 'stale', current: { project: current.project, revision: current.revision } }
    },

    remove: async (id) => {
      const removed = await database
        .update(projectTable)
        .set({ deletedAt: sql`now()` })
        .where(live(id))
        .returning({ id: projectTable.id })
      return removed.length > 0
    },

    restore: async (id) => {
      const restored = await database
        .update(projectTable)
        .set({ deletedAt: null })
        .where(and(eq(projectTable.id, id), isNotNull(projectTable.deletedAt)))
        .returning({ id: projectTable.id })
      return restored.length > 0
    },

    startData: async (id) => {
      const [row] = await database
        .select({ bytes: startDataTable.bytes })
        .from(startDataTable)
        .innerJoin(projectTable, eq(projectTable.id, startDataTable.projectId))
        .where(live(id))
      return row?.bytes ?? null
    },

    setStartData: async (id, bytes) => {
      await database
        .insert(startDataTable)
        .values({ projectId: id, bytes })
        .onConflictDoUpdate({ target: startDataTable.projectId, set: { bytes } })
    },

    startDataHash: async (id) => {
      const [row] = await database
        .select({ hash: sql<string>`md5(${startDataTable.bytes})` })
        .from(startDataTable)
        .where(eq(startDataTable.projectId, id))
      return row?.hash ?? null
    },
  }
}

const live = (id: string) => and(eq(projectTable.id, id), isNull(projectTable.deletedAt))

const columnsOf = (project: Project) => ({
  // PostgreSQL's text can't hold U+0000; the document itself does.
  name: project.name.replaceAll('\0', '\ufffd'),
  document: project,
  entityCount: Object.keys(project.localEntities).length,
  tableCount: Object.keys(project.serverEntities).length,
})

/** A document that an older Syncline stored is brought to today's format. */
function readDocument(id: string, document: unknown): Project {
  const read = projectFromDocument(document)
  if (read.kind === 'failed') throw new Error(`The stored project ${id} can't be read. ${read.message}`)
  return read.project
}
