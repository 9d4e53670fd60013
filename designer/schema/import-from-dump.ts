/** The dump's way from text to a schema; runs in the import worker. */
import { extensionNamedBy } from './extensions'
import type { ImportJob } from './import-jobs'
import type { ImportProgress, ImportResult } from './import-result'
import { readScratch } from './read-scratch'
import { runDump } from './run-dump'
import { openScratch, packScratch } from './scratch-database'
import { splitDump } from './split-dump'

export async function importFromDump(
  { bytes, fileName, keepData }: Extract<ImportJob, { kind: 'dump' }>,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const total = bytes.byteLength
  // Once through for the extensions, which PGlite has to be given before it starts.
  const wanted = new Set<string>()
  for (const part of splitDump(bytes)) {
    const name = part.kind === 'statement' ? extensionNamedBy(part.text) : null
    if (name !== null) wanted.add(name)
  }

  onProgress({ phase: 'reading', done: total, total })
  const { db } = await openScratch(wanted)
  const { skipped, standIns, failure } = await runDump(db, splitDump(bytes), (done) =>
    onProgress({ phase: 'running', done, total }),
  )
  if (failure !== null) return failure

  const { schema, rowCounts, extensions } = await readScratch(db, standIns, (done, tables) =>
    onProgress({ phase: 'catalogue', done, total: tables }),
  )
  if (Object.keys(schema.serverEntities).length === 0) {
    return {
      kind: 'failed',
      reason: 'no-tables',
      message:
        'No table is left when the dump has been run: it has no CREATE TABLE that PostgreSQL takes, or drops its tables again.' +
        (skipped[0] === undefined
          ? ''
          : ` The first statement that was skipped: ${skipped[0].statement} (${skipped[0].reason})`),
    }
  }
  let startData: Uint8Array | null = null
  if (keepData) {
    onProgress({ phase: 'packing', done: 0, total: null })
    startData = await packScratch(db)
  }
  return { kind: 'imported', schema, suggestedName: nameFromFile(fileName), skipped, rowCounts, startData, extensions }
}

/** `northwind-2026_dump.sql.gz` → `Northwind 2026 dump`. */
export function nameFromFile(fileName: string | null): string {
  const base = (fileName ?? '').split(/[\\/]/).at(-1) ?? ''
  const words = base
    .replace(/(\.(sql|dump|txt|gz|backup|pgsql|psql|ddl))+$/i, '')
    .replace(/[-_.\s]+/g, ' ')
    .trim()
    .slice(0, 100)
  return words === '' ? 'Imported database' : words.charAt(0).toUpperCase() + words.slice(1)
}
