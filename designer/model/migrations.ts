/**
 * The steps that bring a document of an older format to today's, one for each format that was raised.
 * A step works on plain JSON, never on today's types, so that it stays true when those change.
 */
import { format1To2 } from './migrations/format-1-to-2'
import { format2To3 } from './migrations/format-2-to-3'
import type { JsonObject } from './migrations/json'
import { FORMAT_VERSION } from './project'

export interface Migration {
  /** The format that the step reads; it writes the next. */
  readonly from: number
  readonly migrate: (document: JsonObject) => JsonObject
}

/** In order, without gaps, from the first format that was ever written. */
export const MIGRATIONS: readonly Migration[] = [
  { from: 1, migrate: format1To2 },
  { from: 2, migrate: format2To3 },
]

/** Brings a document from `format` to `target`. The steps are an argument so that they can be tested. */
export function migrate(
  document: JsonObject,
  format: number,
  migrations: readonly Migration[] = MIGRATIONS,
  target: number = FORMAT_VERSION,
): JsonObject {
  let current = document
  for (let version = format; version < target; version += 1) {
    const step = migrations.find((migration) => migration.from === version)
    if (step === undefined) throw new Error(`No migration reads format ${version}: a step is missing in MIGRATIONS.`)
    current = { ...step.migrate(current), format: version + 1 }
  }
  return current
}
