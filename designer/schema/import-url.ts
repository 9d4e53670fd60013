/** Reads a live PostgreSQL. The URL's password stays in the worker's memory and enters no message. */
import { parseConnectionUrl } from './connection-url'
import { type JobOptions, runImport } from './import-jobs'
import type { ImportResult } from './import-result'

export interface ImportUrlInput extends JobOptions {
  readonly url: string
  /** Also copies rows, up to a bound for each table, as `startData`. */
  readonly keepData: boolean
}

/** Never rejects for what is wrong with the URL or the server: each is a failure with a message. */
export async function importUrl({ url, keepData, onProgress, signal }: ImportUrlInput): Promise<ImportResult> {
  const target = parseConnectionUrl(url)
  if ('kind' in target) return target
  return runImport({ kind: 'url', url, keepData }, { onProgress, signal })
}
