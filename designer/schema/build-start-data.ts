/** What a preview's server starts from, for projects whose import kept no rows. */
import type { ServerSchema } from '@/designer/model/project'
import { runImportJob } from './import-jobs'

/**
 * Answers a gzipped PGlite data directory with the schema's tables, empty. Rejects where the signal ended it,
 * or where the tables can't be made, with what PostgreSQL says.
 */
export async function buildStartData(
  schema: ServerSchema,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  const answer = await runImportJob({ kind: 'start-data', schema }, options)
  if (answer?.kind !== 'start-data') throw new Error('The start data was not made: it was cancelled.')
  return answer.bytes
}
