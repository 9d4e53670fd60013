/** The files that the preview's workers start from, by their names under `/preview/`. */
export interface PreviewAssetsManifest {
  readonly version: string
  readonly worker: string
  readonly pgliteWasm: string
  readonly initdbWasm: string
  readonly fileSystem: string
  readonly emptyDataDirectory: string
  /** The libraries of PostgreSQL's extensions, by extension. */
  readonly extensions: Readonly<Record<string, string>>
}
