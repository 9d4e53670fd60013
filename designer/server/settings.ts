import { join, resolve } from 'node:path'

export interface StorageSettings {
  /** Syncline's own folder: the embedded database and what is cached. */
  readonly directory: string
  /** Where projects are kept instead of in the embedded database. */
  readonly databaseUrl: string | null
  /** What kept connections are sealed with; null for a key in `secretFile`. */
  readonly secret: string | null
  readonly secretFile: string
  readonly migrationsDirectory: string
  /** The runtime's sources, from which bundles are linked. */
  readonly runtimeDirectory: string
}

/** Reads the settings from the environment; `root` is the folder of Syncline's own package.json. */
export function storageSettings(env: NodeJS.ProcessEnv, root: string): StorageSettings {
  const directory = resolve(root, env.SYNCLINE_DIR || '.syncline')
  return {
    directory,
    databaseUrl: env.DATABASE_URL || null,
    secret: env.SYNCLINE_SECRET || null,
    secretFile: join(directory, 'secret'),
    migrationsDirectory: join(root, 'designer', 'server', 'migrations'),
    runtimeDirectory: join(root, 'runtime'),
  }
}
