import { createHash } from 'node:crypto'
import { type ServerSchema, sorted } from '@/designer/model'

/** The same for the same tables and types, in whatever order their records are. */
export const schemaHash = ({ serverTypes, serverEntities }: ServerSchema): string =>
  sha256(JSON.stringify(sorted({ serverTypes, serverEntities })))

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
