/** Reads a `.sql` dump: PostgreSQL itself is the parser, since the dump is run in a scratch PGlite. */
import { type JobOptions, runImport } from './import-jobs'
import type { ImportResult } from './import-result'
import { sniffDump } from './sniff-dump'

export interface ImportDumpInput extends JobOptions {
  readonly bytes: Uint8Array
  /** Names the project. */
  readonly fileName?: string
  /** Also answers the rows, as `startData`. */
  readonly keepData: boolean
}

/** Never rejects for what is wrong with the dump, or with its run: each is a failure with a message. */
export async function importDump({
  bytes,
  fileName,
  keepData,
  onProgress,
  signal,
}: ImportDumpInput): Promise<ImportResult> {
  onProgress?.({ phase: 'reading', done: 0, total: bytes.byteLength })
  const sniffed = await sniffDump(bytes)
  if (sniffed.kind === 'failed') return sniffed
  return runImport({ kind: 'dump', bytes: sniffed.bytes, fileName: fileName ?? null, keepData }, { onProgress, signal })
}
