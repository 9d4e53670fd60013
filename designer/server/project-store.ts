import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Project, projectFromDocument } from '@/designer/model'
import type { Database } from './database'
import { schemaHash } from './schema-hash'
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
  /**
   * The imported rows that go with a schema: those that were taken with it, or else the last ones, since a schema that
   * was changed by hand has none of its own. Null where none were kept.
   */
  readonly startData: (id: string, schema: string) => Promise<Uint8Array | null>
  /** Tells two imports apart without reading the rows. */
  readonly startDataHash: (id: string, schema: string) => Promise<string | null>
  /** Keeps rows with a schema; answers those that they take the place of. */
  readonly setStartData: (id: string, schema: string, bytes: Uint8Array) => Promise<Uint8Array | null>
  /** The rows that go with this schema stay with it, whatever is taken after them. */
  readonly keepStartData: (id: string, schema: string) => Promise<void>
}

/** So many schemas of one project keep their rows; each may be as large as an import. */
const MOST_START_DATA = 5

export function createProjectStore(database: Database): ProjectStore {
  const get = async (id: string): Promise<StoredProject | null> => {
    const [row] = await database
      .select({
        project: projectTable.document,
        revision: projectTable.revision,
        kept: sql<boolean>`exists (select from ${startDataTable} where ${startDataTable.projectId} = ${projectTable.id})`,
      })
      .from(projectTable)
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
        if (startData)
          await tx.insert(startDataTable).values({ projectId: id, schemaHash: schemaHash(project), bytes: startData })
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

    startData: async (id, schema) => {
      const [row] = await database
        .select({ bytes: startDataTable.bytes })
        .from(startDataTable)
        .innerJoin(projectTable, eq(projectTable.id, startDataTable.projectId))
        .where(live(id))
        .orderBy(...fittingFirst(schema))
        .limit(1)
      return row?.bytes ?? null
    },

    startDataHash: async (id, schema) => {
      const [row] = await database
        .select({ hash: sql<string>`md5(${startDataTable.bytes})` })
        .from(startDataTable)
        .where(eq(startDataTable.projectId, id))
        .orderBy(...fittingFirst(schema))
        .limit(1)
      return row?.hash ?? null
    },

    setStartData: (id, schema, bytes) =>
      database.transaction(async (tx) => {
        const own = and(eq(startDataTable.projectId, id), eq(startDataTable.schemaHash, schema))
        const [former] = await tx.delete(startDataTable).where(own).returning({ bytes: startDataTable.bytes })
        await tx
          .insert(startDataTable)
          .values({ projectId: id, schemaHash: schema, bytes, takenAt: sql`clock_timestamp()` })
        const old = await tx
          .select({ schemaHash: startDataTable.schemaHash })
          .from(startDataTable)
          .where(eq(startDataTable.projectId, id))
          .orderBy(desc(startDataTable.takenAt))
          .offset(MOST_START_DATA)
        for (const { schemaHash: hash } of old) {
          await tx
            .delete(startDataTable)
            .where(and(eq(startDataTable.projectId, id), eq(startDataTable.schemaHash, hash)))
        }
        return former?.bytes ?? null
      }),

    keepStartData: async (id, schema) => {
      const [row] = await database
        .select({ hash: startDataTable.schemaHash })
        .from(startDataTable)
        .where(eq(startDataTable.projectId, id))
        .orderBy(...fittingFirst(schema))
        .limit(1)
      if (row === undefined || row.hash === schema) return
      await database
        .update(startDataTable)
        .set({ schemaHash: schema })
        .where(and(eq(startDataTable.projectId, id), eq(startDataTable.schemaHash, row.hash)))
    },
  }
}

/** The rows of this schema, then those that were taken last. */
const fittingFirst = (schema: string) => [
  sql`(${startDataTable.schemaHash} = ${schema}) desc`,
  desc(startDataTable.takenAt),
]

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
