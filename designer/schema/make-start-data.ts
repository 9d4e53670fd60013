/** Empty tables of a schema as a data directory; runs in the import worker. */
import type { ServerSchema } from '@/designer/model/project'
import { rebuildSchema } from './rebuild-schema'
import { packScratch } from './scratch-database'

export async function makeStartData(schema: ServerSchema): Promise<Uint8Array> {
  const { db } = await rebuildSchema(schema)
  return packScratch(db)
}
