/**
 * What a schema that was read again changes, as things to take or to refuse one by one.
 *
 *   before ─┐                     ┌─ candidates: may be renames, asked
 *           ├─ withKeptIds ─ read ┤
 *   after ──┘   (with renames)    └─ changes ── some refused ──► mergedSchema
 *
 * Identity comes first: `read` is `after` with the ids of `before`, so that the rest compares record by record.
 */
import type { ServerSchema } from './project'
import { schemaChanges } from './schema-diff/changes'
import { type Rename, withKeptIds } from './schema-diff/kept-ids'
import { mergedSchema } from './schema-diff/merged-schema'
import { closedRefusals } from './schema-diff/needs'
import type { SchemaChange } from './schema-diff/schema-change'

export interface SchemaDiff {
  /** What was read, with the ids that it has in the project from now on. */
  readonly read: ServerSchema
  readonly changes: readonly SchemaChange[]
}

/** What the user decides: which things are others under a new name, and which changes are not wanted. */
export interface SchemaChoices {
  readonly renames: readonly Rename[]
  /** Ids of changes. What can't be without one of them is refused too. */
  readonly refused: readonly string[]
}

export const TAKE_ALL: SchemaChoices = { renames: [], refused: [] }

/** Compares what is there with what was read, taking the renames for granted. */
export function diffSchemas(before: ServerSchema, after: ServerSchema, renames: readonly Rename[]): SchemaDiff {
  const read = withKeptIds(before, after, renames)
  return { read, changes: schemaChanges(before, read) }
}

/** The schema with the changes that were not refused. */
export function chosenSchema(
  before: ServerSchema,
  { read, changes }: SchemaDiff,
  refused: Iterable<string>,
): ServerSchema {
  const refusals = closedRefusals(changes, refused)
  const taken = new Set(changes.flatMap(({ id }) => (refusals.has(id) ? [] : [id])))
  return mergedSchema(before, read, (change) => taken.has(change))
}
