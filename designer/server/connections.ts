import { and, eq, isNull, sql } from 'drizzle-orm'
import { type ConnectionTarget, parseConnectionUrl } from '@/designer/schema/connection-url'
import type { Database } from './database'
import type { SecretBox } from './secret-box'
import { connectionTable, projectTable } from './tables'

/** The addresses of projects' databases. They stay on the server: no page, file or log ever has one. */
export interface Connections {
  readonly set: (projectId: string, url: string) => Promise<void>
  /** With its password, for whoever connects; null where none is kept, or where its key is not there any more. */
  readonly urlOf: (projectId: string) => Promise<string | null>
  /** What a page may know. */
  readonly describe: (projectId: string) => Promise<KeptConnection>
  readonly remove: (projectId: string) => Promise<void>
}

export type KeptConnection =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'kept'; readonly updatedAt: Date } & ConnectionTarget)
  /** It was sealed with another key. */
  | { readonly kind: 'unreadable'; readonly message: string }

export function createConnections(database: Database, box: SecretBox): Connections {
  const find = async (projectId: string) => {
    const [row] = await database
      .select({ sealed: connectionTable.sealedUrl, updatedAt: connectionTable.updatedAt })
      .from(connectionTable)
      .innerJoin(projectTable, eq(projectTable.id, connectionTable.projectId))
      .where(and(eq(connectionTable.projectId, projectId), isNull(projectTable.deletedAt)))
    return row === undefined ? null : { url: await box.open(row.sealed, purpose(projectId)), updatedAt: row.updatedAt }
  }

  return {
    set: async (projectId, url) => {
      const sealedUrl = await box.seal(url.trim(), purpose(projectId))
      await database
        .insert(connectionTable)
        .values({ projectId, sealedUrl })
        .onConflictDoUpdate({ target: connectionTable.projectId, set: { sealedUrl, updatedAt: sql`now()` } })
    },

    urlOf: async (projectId) => (await find(projectId))?.url ?? null,

    describe: async (projectId) => {
      const found = await find(projectId)
      if (found === null) return { kind: 'none' }
      if (found.url === null) return UNREADABLE
      const target = parseConnectionUrl(found.url)
      return 'kind' in target ? UNREADABLE : { kind: 'kept', ...target, updatedAt: found.updatedAt }
    },

    remove: async (projectId) => {
      await database.delete(connectionTable).where(eq(connectionTable.projectId, projectId))
    },
  }
}

const UNREADABLE: KeptConnection = {
  kind: 'unreadable',
  message:
    'The kept connection can’t be read: it was sealed with another key (SYNCLINE_SECRET, or the file “secret” in Syncline’s folder). Give the address again.',
}

const purpose = (projectId: string): string => `connection of ${projectId}`
