import { join, resolve } from 'node:path'

export interface StorageSettings {
  /** Syncline's own folder: the embedded database and what is cached. */
  readonly directory: string
  /** Where projects are kept instead of in the embedded database. */
  readonly databaseUrl: string | null
  readonly migrationsDirectory: string
  /** The runtime's sources, from which bundles are linked. */
  readonly runtimeDirectory: string
}

/** Reads the settings from the environment; `root` is the folder of Syncline's own package.json. */
export function storageSettings(env: NodeJS.ProcessEnv, root: string): StorageSettings {
  return {
    directory: resolve(root, env.SYNCLINE_DIR || '.syncline'),
    databaseUrl: env.DATABASE_URL || null,
    migrationsDirectory: join(root, 'designer', 'server', 'migrations'),
    runtimeDirectory: join(root, 'runtime'),
  }
}
