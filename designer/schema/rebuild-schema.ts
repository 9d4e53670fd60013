/** Makes a schema's tables in a fresh scratch database: what start data without a dump is made from. */
import type { PGlite } from '@electric-sql/pglite'
import type { ServerSchema } from '@/designer/model/project'
import { extensionNamedBy } from './extensions'
import type { SkippedStatement } from './import-result'
import { runDump } from './run-dump'
import { schemaToDdl } from './schema-to-ddl'
import { openScratch } from './scratch-database'
import { splitDump } from './split-dump'

export interface Rebuilt {
  readonly db: PGlite
  /** What the scratch database could not take, such as a default that calls one of the user's functions. */
  readonly skipped: readonly SkippedStatement[]
}

/** PostgreSQL refuses one of the schema's tables or types; the message says which and why. */
export class SchemaNotMadeError extends Error {
  override readonly name = 'SchemaNotMadeError'
  constructor(reason: string) {
    super(`The schema's tables can't be made: ${reason}`)
  }
}

/** Rejects with a `SchemaNotMadeError`, and leaves no database open then. */
export async function rebuildSchema(schema: ServerSchema): Promise<Rebuilt> {
  const bytes = new TextEncoder().encode(schemaToDdl(schema))
  const extensions = [...splitDump(bytes)].flatMap(
    (part) => (part.kind === 'statement' ? extensionNamedBy(part.text) : null) ?? [],
  )
  const { db } = await openScratch(extensions)
  const { skipped, failure } = await runDump(db, splitDump(bytes), () => undefined)
  const missing = skipped.find(({ kind, statement }) => kind === 'definition' && statement.startsWith('CREATE TABLE'))
  const refusal = failure?.message ?? (missing && `${missing.statement} ${missing.reason}`)
  if (refusal !== undefined) {
    await db.close()
    throw new SchemaNotMadeError(refusal)
  }
  await db.exec('RESET ALL')
  return { db, skipped }
}
