import { customType, integer, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => value,
  fromDriver: (value) => new Uint8Array(value),
})

export const projectTable = pgTable('project', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** Grows by one with each save; a save names the one it was made from. */
  revision: integer().notNull(),
  /** Not jsonb: that refuses the character U+0000, which JSON may hold. */
  document: json().notNull(),
  /** Kept beside the document, so that the list of projects reads no documents. */
  entityCount: integer('entity_count').notNull(),
  /** Null where nothing was saved since this is counted. */
  tableCount: integer('table_count'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  /** Set while a project is removed and can still be restored. */
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
})

/**
 * The rows that were imported with a schema: a PGlite data directory, as a gzip tarball. Each schema that a project
 * had keeps its own, so that taking a new schema back brings the rows back that belong to the old one.
 */
export const startDataTable = pgTable(
  'start_data',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projectTable.id, { onDelete: 'cascade' }),
    /** Empty for rows from before it was kept. */
    schemaHash: text('schema_hash').notNull().default(''),
    bytes: bytea().notNull(),
    takenAt: timestamp('taken_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.schemaHash] })],
)

/** Where a project's database can be reached again. The address holds a password, so it is kept sealed: see `secret-box.ts`. */
export const connectionTable = pgTable('connection', {
  projectId: text('project_id')
    .primaryKey()
    .references(() => projectTable.id, { onDelete: 'cascade' }),
  sealedUrl: bytea('sealed_url').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
})
