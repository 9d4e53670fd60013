/**
 * Rows to try a scope on: the live database where its address is kept, else the imported rows, else empty tables.
 * Nothing can be written through it, and no question takes longer than its deadline.
 */
import { extensionsOfTypes } from '@/designer/schema/extensions'
import type { Connections } from '../connections'
import type { StoredProject } from '../project-store'
import type { StartData } from '../start-data'
import type { Answers, Question } from './answers'
import { askLive } from './live-database'
import { createSampleDatabases } from './sample-databases'

export type DataKind =
  /** The database that the project was imported from. */
  | 'live'
  /** The rows that were imported with the schema. */
  | 'sample'
  /** The schema's tables without a row. */
  | 'empty'

export interface DataSource {
  readonly kind: DataKind
  /** Where it is, for people: `shop on db.example:5432`. */
  readonly name: string | null
  /** Each question is answered by itself: one that fails leaves the others as they are. */
  readonly ask: (questions: readonly Question[], signal?: AbortSignal) => Promise<Answers>
}

export interface DataSources {
  readonly open: (id: string, stored: StoredProject) => Promise<DataSource>
  readonly close: () => Promise<void>
}

export function createDataSources(parts: {
  readonly connections: Connections
  readonly startData: StartData
}): DataSources {
  const samples = createSampleDatabases()
  return {
    open: async (id, stored) => {
      const url = await parts.connections.urlOf(id)
      if (url !== null) {
        const kept = await parts.connections.describe(id)
        const name = kept.kind === 'kept' ? `${kept.database} on ${kept.host}` : null
        return { kind: 'live', name, ask: (questions, signal) => askLive(url, questions, signal) }
      }
      const { project, startData } = stored
      const types = Object.values(project.serverEntities).flatMap((entity) =>
        Object.values(entity.attributes).map(({ type }) => type),
      )
      return {
        kind: startData.kept ? 'sample' : 'empty',
        name: null,
        ask: async (questions, signal) => {
          const version = await parts.startData.version(id, project)
          return samples.ask(
            {
              key: `${id} ${version}`,
              extensions: [...extensionsOfTypes(types).keys()],
              bytes: () => parts.startData.bytes(id, project),
            },
            questions,
            signal,
          )
        },
      }
    },
    close: samples.close,
  }
}
