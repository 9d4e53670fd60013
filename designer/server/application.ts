import { join } from 'node:path'
import { type BundleBuilder, createBundleBuilder } from './bundle-builder'
import type { Database } from './database'
import { createProjectStore, type ProjectStore } from './project-store'
import type { StorageSettings } from './settings'
import { createStartData, type StartData } from './start-data'

/** What the routes and the router work with. */
export interface Application {
  readonly projects: ProjectStore
  readonly bundles: BundleBuilder
  readonly startData: StartData
}

export function createApplication(database: Database, settings: StorageSettings): Application {
  const projects = createProjectStore(database)
  return {
    projects,
    bundles: createBundleBuilder(settings.runtimeDirectory),
    startData: createStartData(projects, join(settings.directory, 'cache', 'start-data')),
  }
}
