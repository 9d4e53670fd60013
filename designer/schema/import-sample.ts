/** The sample project's schema and rows: a field service company, written for Syncline. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importDump } from './import-dump'
import type { JobOptions } from './import-jobs'
import type { ImportResult } from './import-result'
import { projectRoot } from './worker-entry'

export async function importSample(options: JobOptions = {}): Promise<ImportResult> {
  const fileName = 'field-service.sql'
  const bytes = await readFile(
    join(/* turbopackIgnore: true */ projectRoot(), 'designer', 'schema', 'samples', fileName),
  )
  return importDump({ ...options, bytes, fileName, keepData: true })
}
