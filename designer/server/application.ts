import { join } from 'node:path'
import { type BundleBuilder, createBundleBuilder } from './bundle-builder'
import { type Connections, createConnections } from './connections'
import { createDataSources, type DataSources } from './data-source/data-source'
import type { Database } from './database'
import { createProjectStore, type ProjectStore } from './project-store'
import { createSecretBox } from './secret-box'
import type { StorageSettings } from './settings'
import { createStartData, type StartData } from './start-data'

/** What the routes and the router work with. */
export interface Application {
  readonly projects: ProjectStore
  readonly bundles: BundleBuilder
  readonly startData: StartData
  readonly connections: Connections
  readonly dataSources: DataSources
}

export function createApplication(database: Database, settings: StorageSettings): Application {
  const projects = createProjectStore(database)
  const startData = createStartData(projects, join(settings.directory, 'cache', 'start-data'))
  const connections = createConnections(database, createSecretBox(settings))
  return {
    projects,
    bundles: createBundleBuilder(settings.runtimeDirectory),
    startData,
    connections,
    dataSources: createDataSources({ connections, startData }),
  }
}
