import { join } from 'node:path'
import { type BundleBuilder, createBundleBuilder } from './bundle-builder'
import { type Connections, createConnections } from './connections'
import { createDataSources, type DataSources } from './data-source/data-source'
import type { Database } from './database'
import { createProjectStore, type ProjectStore } from './project-store'
import { createSecretBox } from './secret-box'
import type { StorageSettings } from './settings'
import { createSqlCheck, type SqlCheck } from './sql-check'
import { createStartData, type StartData } from './start-data'

/** What the routes and the router work with. */
export interface Application {
  readonly projects: ProjectStore
  readonly bundles: BundleBuilder
  readonly startData: StartData
  readonly connections: Connections
  readonly dataSources: DataSources
  readonly sqlCheck: SqlCheck
}

export function createApplication(database: Database, settings: StorageSettings): Application {
  const projects = createProjectStore(database)
  const startData = createStartData(projects, join(settings.directory, 'cache', 'start-data'))
  const connections = createConnections(database, createSecretBox(settings))
  const sqlCheck = createSqlCheck()
  return {
    projects,
    bundles: createBundleBuilder(settings.runtimeDirectory, sqlCheck.diagnostics),
    startData,
    connections,
    dataSources: createDataSources({ connections, startData }),
    sqlCheck,
  }
}
