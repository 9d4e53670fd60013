/**
 * All that the compiler can say about a project: one table of codes, which is also their documentation.
 *
 * Invariants
 * - A code never changes its meaning and is never used again after it went.
 * - An error means that no bundle is made; a warning that one is made which may not do what was meant.
 * - A message names what it is about and says what to do; the explanation says why it matters.
 */

import type { PatternKind, ScopeFilter, SyncUnit } from '@/designer/model'

export type Severity = 'error' | 'warning' | 'info'

interface Entry {
  readonly severity: Severity
  readonly title: string
  readonly explanation: string
}

export const DIAGNOSTICS = {
  // ── The project ───────────────────────────────────────────────────────────────────────────────
  SL1001: {
    severity: 'error',
    title: 'Nothing to sync',
    explanation: 'A bundle needs at least one local entity: without one a device holds no data.',
  },
  SL1002: {
    severity: 'error',
    title: 'Two local entities would be confused',
    explanation:
      'The accessor in `device.entities` is the name in PascalCase, and tables on a device are told apart without ' +
      'regard to case. Two names that become the same can not both be used.',
  },
  SL1003: {
    severity: 'error',
    title: 'A name can not be used',
    explanation:
      'Names of local entities and attributes become names of tables and columns. PostgreSQL cuts them off after 63 ' +
      'bytes, and keeps some for itself.',
  },
  SL1004: {
    severity: 'error',
    title: 'A record’s id is not the one it is kept under',
    explanation: 'The project file was changed by hand: records are kept by their id, and both have to be the same.',
  },
  SL1005: {
    severity: 'warning',
    title: 'PostgreSQL was not asked about the SQL',
    explanation:
      'Expressions and scopes are put to an empty PostgreSQL that is part of Syncline. It could not be started or did not ' +
      'answer, so that a mistake in them would show only on the server.',
  },

  // ── Local entities ────────────────────────────────────────────────────────────────────────────
  SL2001: {
    severity: 'error',
    title: 'The server entity is missing',
    explanation:
      'A local entity is made of a server entity. This one’s is not in the schema any more: it was dropped or renamed ' +
      'on the server and the schema was imported again.',
  },
  SL2002: {
    severity: 'error',
    title: 'No primary key',
    explanation:
      'A row that travels between a device and a server has to be known by a key; without one an edit can not say which ' +
      'row it is about. Such a table can be imported and looked at, but not synced.',
  },
  SL2003: {
    severity: 'error',
    title: 'Not a table that can be tracked',
    explanation:
      'Changes on the server are tracked by triggers on tables. Views, materialized views and foreign tables have none that ' +
      'would see every change.',
  },
  SL2004: {
    severity: 'error',
    title: 'An attribute of the key is left out',
    explanation: 'The whole key has to be on the device, otherwise two rows of the server would be one row there.',
  },
  SL2005: {
    severity: 'error',
    title: 'The table is on the device twice',
    explanation:
      'Two local entities of one server table would be two copies of its rows, and an edit of one would not show in ' +
      'the other until the next sync.',
  },
  SL2006: {
    severity: 'warning',
    title: 'In no sync unit',
    explanation:
      'Rows travel only when a sync unit runs that has the entity. This one would stay empty, and its edits pending.',
  },
  SL2007: {
    severity: 'error',
    title: 'The pattern can not have this direction',
    explanation:
      'A read-only pattern sends nothing, append-only brings nothing, and a pattern that handles conflicts has to do both.',
  },
  SL2008: {
    severity: 'error',
    title: 'Keys can not be made in this way',
    explanation:
      'A device makes keys that are a single uuid. The server makes keys that are a single number from a sequence. ' +
      'Any other key is given by whoever creates the row.',
  },
  SL2009: {
    severity: 'error',
    title: 'The table is in the schema that Syncline keeps for itself',
    explanation: 'Change tracking lives in the schema `syncline` on the server and `_syncline` on a device.',
  },
  SL2010: {
    severity: 'info',
    title: 'A reference leads off the device',
    explanation:
      'The table that is referred to is not on the device, so the device can neither check the reference nor show what it ' +
      'refers to. The server still checks it.',
  },
  SL2011: {
    severity: 'info',
    title: 'An attribute of a reference is left out',
    explanation: 'The device can not check or follow a reference unless it has all of its attributes.',
  },
  SL2012: {
    severity: 'warning',
    title: 'A reference crosses two sync units',
    explanation:
      'Rows of one unit arrive together, at one moment of the server. A reference into another unit may lead to a row that ' +
      'has not arrived yet, or not any more.',
  },

  SL2013: {
    severity: 'error',
    title: 'A child does not belong to its parent',
    explanation:
      'The children of a one-to-many entity are entities on the device that refer to it: only then is it known which rows ' +
      'belong to a row.',
  },
  SL2014: {
    severity: 'error',
    title: 'A child can not be deleted with its parent',
    explanation:
      'Deleting a parent on a device deletes its children there and sends both. Children that the device does not read, or ' +
      'may not write, would be left behind.',
  },
  SL2015: {
    severity: 'error',
    title: 'Rows are chosen by a reference that the device does not have',
    explanation:
      'A device asks for the rows of chosen parents by the attributes of a foreign key, so it has to have them.',
  },
  SL2016: {
    severity: 'error',
    title: 'The conflict handler is missing',
    explanation: 'The project file was changed by hand or merged: the handler was removed while the pattern kept it.',
  },
  SL2017: {
    severity: 'info',
    title: 'Sync is never blocked',
    explanation: 'Only a conflict that waits for a person blocks sync, and this handler always decides by itself.',
  },
  SL2018: {
    severity: 'error',
    title: 'The attribute can not be merged in this way',
    explanation:
      'A counter adds up differences, so it takes numbers. A set takes and loses elements one by one, so it takes arrays ' +
      'and jsonb. Anything else keeps its latest value.',
  },
  SL2019: {
    severity: 'error',
    title: 'The index can not be made',
    explanation: 'An index on the device stands on attributes of the entity whose type has an order.',
  },
  SL2020: {
    severity: 'error',
    title: 'The index is unique on the device only',
    explanation:
      'The server may have two rows that a unique index on the device forbids. The pull that brings them could never be ' +
      'applied.',
  },

  // ── Attributes ────────────────────────────────────────────────────────────────────────────────
  SL3001: {
    severity: 'error',
    title: 'Two attributes have one name',
    explanation: 'An attribute’s name is the name of its column on the device.',
  },
  SL3002: {
    severity: 'error',
    title: 'The server attribute is missing',
    explanation:
      'The attribute’s source is not in the schema any more: the column was dropped or renamed on the server and the ' +
      'schema was imported again.',
  },
  SL3003: {
    severity: 'error',
    title: 'The type is not available on a device',
    explanation:
      'A device has PostgreSQL’s base types, enums and domains. Types that an extension brings, composite types and names of ' +
      'catalogue objects do not exist there.',
  },
  SL3004: {
    severity: 'warning',
    title: 'New rows will be refused',
    explanation:
      'The column must have a value on the server and has no default, and a device can not give one. Updates and ' +
      'deletes work, but every row that is created on a device goes to quarantine.',
  },
  SL3005: {
    severity: 'info',
    title: 'The server fills the attribute in',
    explanation:
      'The column’s default can not be computed on a device. A new row has null there until the server has answered, ' +
      'unless the app gives a value. Where the server’s column must have one, emptying it later is refused there.',
  },
  SL3006: {
    severity: 'error',
    title: 'One server attribute is there twice',
    explanation: 'Two local attributes of one column could be given two values, of which the server can keep only one.',
  },
  SL3007: {
    severity: 'error',
    title: 'An attribute of a key that users give is read-only',
    explanation: 'Whoever creates a row has to give its key.',
  },

  SL3008: {
    severity: 'error',
    title: 'The attribute can not be encrypted',
    explanation:
      'The same value is encrypted differently each time, so that the device can neither compare nor sort it: it can be ' +
      'no part of a key, a reference, an index or a choice of rows.',
  },
  SL3009: {
    severity: 'info',
    title: 'A device can not check that the value is unique',
    explanation: 'An encrypted attribute can not be compared on the device. The server still checks it.',
  },

  SL3010: {
    severity: 'error',
    title: 'The way to another table is broken',
    explanation:
      'A denormalised attribute is read along foreign keys. One of them, or the column at the end, is not in the schema any ' +
      'more: it was dropped or renamed on the server and the schema was imported again.',
  },
  SL3011: {
    severity: 'error',
    title: 'The way to another table goes round in a circle',
    explanation:
      'A path that leaves a table and comes back to it reads another row of the same table by a detour. A table that refers ' +
      'to itself, as employees to their manager, may be followed directly.',
  },
  SL3012: {
    severity: 'error',
    title: 'A denormalised attribute is read from something that can not be tracked',
    explanation:
      'When a row changes from which a value is read, the rows that show it have to be sent again. Changes are tracked by ' +
      'triggers on tables; views and foreign tables have none that would see every change.',
  },
  SL3013: {
    severity: 'error',
    title: 'The expression can not be computed',
    explanation:
      'A computed attribute is one SQL expression over the columns of one row of the server, `b`, and gives the same whenever ' +
      'the row is the same: no subquery, no aggregate, and no function of the time, of chance or of the session.',
  },
  SL3014: {
    severity: 'error',
    title: 'The expression names something that is no column',
    explanation:
      'A computed attribute reads columns of its own table. To read another table, use a denormalised attribute.',
  },
  SL3015: {
    severity: 'error',
    title: 'The attribute can not be pulled on demand',
    explanation:
      'A value on demand comes by itself, when the app asks for that of a row, and is only read on the device. A row can not be ' +
      'without what identifies it, refers, is unique or is compared.',
  },
  SL3016: {
    severity: 'error',
    title: 'The default is no constant of the type',
    explanation:
      'A device fills in the default of a new row by itself, without the server: it has to be a constant that the attribute’s ' +
      'type can hold, `now()`, `current_date` or `gen_random_uuid()`.',
  },
  SL3017: {
    severity: 'warning',
    title: 'A required attribute that nobody writes',
    explanation:
      'Required means that a device may not leave it empty in what it writes. This attribute is never written.',
  },
  SL3018: {
    severity: 'warning',
    title: 'A default without effect',
    explanation:
      'A default is what a row that is made on the device has. A device never gives this attribute its default.',
  },
  SL3019: {
    severity: 'warning',
    title: 'The expression fails for some values',
    explanation:
      'Computed values are worked out while rows are pulled. Where that fails for one row, for a division by zero or the ' +
      'root of a negative number, the whole pull fails, again and again, until the row is another.',
  },
  SL3020: {
    severity: 'error',
    title: 'The attribute can not be a file',
    explanation:
      'Of a file, rows have only the name; its content, bytea or text, travels beside them. A row can not be without what ' +
      'identifies it, refers, is unique or is compared, and contents are not encrypted on the device.',
  },
  SL3021: {
    severity: 'error',
    title: 'PostgreSQL refuses the expression',
    explanation:
      'The expression was put to an empty PostgreSQL with the tables of the schema, as the server puts it. What it refuses ' +
      'there would fail each pull of the entity.',
  },
  SL3022: {
    severity: 'warning',
    title: 'The computed value has another type',
    explanation:
      'The server casts what is worked out to the type that the attribute was given: digits may be lost, numbers become ' +
      'texts that sort differently, and values that do not fit fail the pull.',
  },

  // ── Sync units and flows ──────────────────────────────────────────────────────────────────────
  SL4001: {
    severity: 'warning',
    title: 'A sync unit without entities',
    explanation: 'Running it does nothing.',
  },
  SL4002: {
    severity: 'error',
    title: 'No sync unit',
    explanation: 'Rows travel only when a sync unit runs.',
  },
  SL4003: {
    severity: 'error',
    title: 'In two sync units',
    explanation:
      'An entity’s rows are kept at the moment of one unit. Two units would bring them to different moments.',
  },
  SL4004: {
    severity: 'error',
    title: 'Two sync units have one name',
    explanation: 'The app triggers a unit by its name.',
  },
  SL4005: {
    severity: 'error',
    title: 'A sync unit names an entity that is not there',
    explanation: 'The project file was changed by hand or merged: the entity was removed while the unit kept it.',
  },
  SL4006: {
    severity: 'error',
    title: 'The unit’s flow is missing',
    explanation: 'The project file was changed by hand or merged: each unit runs a flow.',
  },
  SL4007: {
    severity: 'info',
    title: 'The unit runs only when the app asks',
    explanation: 'No trigger is set, so the app has to call `device.sync.trigger` itself.',
  },

  // ── Scopes ────────────────────────────────────────────────────────────────────────────────────
  SL5001: {
    severity: 'error',
    title: 'The scope names something that is not there',
    explanation:
      'A scope speaks of columns of the server’s table `b`, of foreign keys, and of the session: its claims, user_name and at.',
  },
  SL5002: {
    severity: 'error',
    title: 'The scope is not one condition',
    explanation:
      'The server puts the scope into its own statements. It has to be one expression that is true or false for a row: ' +
      'no semicolon, no parameters, each parenthesis closed.',
  },
  SL5003: {
    severity: 'error',
    title: 'The scope compares what can not be compared',
    explanation: 'Claims and constants are read as the type of the attribute that they are compared with.',
  },
  SL5005: {
    severity: 'info',
    title: 'The scope makes each sync a full one',
    explanation:
      'Which rows a session sees depends on something whose changes are not tracked: a view, a function of your own, a table ' +
      'outside the schema. The server can’t tell what changed, so it sends all rows of the scope each time.',
  },
  SL5006: {
    severity: 'warning',
    title: 'A write scope without writes',
    explanation: 'The entity’s rows only go to the device, so that the write scope never applies.',
  },
  SL5007: {
    severity: 'warning',
    title: 'The scope names a word that is not known',
    explanation: 'It is neither a column of the table nor a word of SQL, so the server will most likely refuse it.',
  },
  SL5008: {
    severity: 'error',
    title: 'Scopes follow each other in a circle',
    explanation:
      'Whether a row is in the scope would depend on whether it is in the scope. One of the entities has to say by itself ' +
      'which rows it holds.',
  },
  SL5009: {
    severity: 'error',
    title: 'The scope follows an entity that is not on the device',
    explanation:
      'A row can follow the row that it refers to only where that one has a scope of its own: as a local entity.',
  },
  SL5010: {
    severity: 'warning',
    title: 'References may lead to rows that are not on the device',
    explanation:
      'The entity that is referred to holds only some of the server’s rows, and nothing makes sure that a row on the device ' +
      'refers to one of those. The app finds a reference without its row: bring all rows of the parent, or only the ' +
      'children whose parent is there.',
  },
  SL5011: {
    severity: 'info',
    title: 'Nobody can tell whether references lead somewhere',
    explanation:
      'One of the two scopes is written in SQL, which is not compared with the other. Make sure yourself that a row on the ' +
      'device refers to a row on the device, or let the child follow its parent.',
  },
  SL5012: {
    severity: 'warning',
    title: 'The scope follows rows that a device need not hold',
    explanation:
      'Rows that come on demand, or that are only sent, are not there because they are in the scope. Whoever refers to ' +
      'them may be on the device without them.',
  },
  SL5013: {
    severity: 'warning',
    title: 'The scope compares with an empty list',
    explanation: 'Nothing is in an empty list, so that the condition holds for no row.',
  },
  SL5014: {
    severity: 'error',
    title: 'The scope divides by zero',
    explanation:
      'PostgreSQL takes such a condition and fails with the first row that it is asked of. No device could pull the entity.',
  },
  SL5015: {
    severity: 'warning',
    title: 'The scope fails for some values',
    explanation:
      'A scope is asked of each row while rows are pulled. Where that fails for one row, for a division by zero or the root of ' +
      'a negative number, the whole pull fails, again and again, until the row is another.',
  },
  SL5016: {
    severity: 'error',
    title: 'The scope fails for a test user',
    explanation:
      'The scope was tried on the rows that are here, with the claims of a test user, and PostgreSQL failed with the value of ' +
      'a row or of a claim. On a server that user’s pull would fail as a whole. The problem goes once the scope, the ' +
      'user or the rows are others and it was tried again.',
  },
  SL5021: {
    severity: 'error',
    title: 'PostgreSQL refuses the scope',
    explanation:
      'The scope was put to an empty PostgreSQL with the tables of the schema, as the server puts it. What it refuses there ' +
      'would fail each pull of the entity.',
  },
  SL5022: {
    severity: 'warning',
    title: 'The scope names what is not in the schema',
    explanation:
      'Functions of your own are not imported, nor tables that were left out: whether the scope can be evaluated shows only ' +
      'on the database itself.',
  },

  // ── The offline sync checklist ────────────────────────────────────────────────────────────────
  SL6001: {
    severity: 'warning',
    title: 'Too many attributes',
    explanation:
      'Each attribute is paid for by every row on every device: in storage, in the first sync, and in each change. An entity ' +
      'for the device is lighter than the table that it is made of.',
  },
  SL6002: {
    severity: 'info',
    title: 'Shown together, stored apart',
    explanation:
      'A list on a phone that joins many tables is slow, and incomplete where one of them has not arrived. Attributes that are ' +
      'always shown with a row can be denormalised: the server then sends them with it.',
  },
  SL6003: {
    severity: 'warning',
    title: 'A large entity without a scope',
    explanation:
      'Without a scope each device holds all rows that the server has, also those that its user never looks at, and the number ' +
      'grows with the server’s.',
  },
  SL6004: {
    severity: 'warning',
    title: 'A large entity without a delta',
    explanation: 'A full refresh costs the whole table at each sync, also where nothing has changed.',
  },
  SL6005: {
    severity: 'warning',
    title: 'Sensitive, and in clear text',
    explanation:
      'A device can be lost. What is marked as sensitive is encrypted in its database, with a key that the app keeps elsewhere.',
  },
  SL6006: {
    severity: 'warning',
    title: 'Errors are caught, and nobody is told',
    explanation:
      'A user who is not told that a sync failed believes that his work has arrived. `device.sync.status` tells unless the ' +
      'flow keeps the error to itself.',
  },
  SL6007: {
    severity: 'warning',
    title: 'The end of a sync triggers a sync',
    explanation: 'The device then syncs without end: battery, data volume and the server pay for it.',
  },
  SL6008: {
    severity: 'warning',
    title: 'Each change syncs everything',
    explanation:
      'A unit runs as a whole. After a change on the device only what devices write needs to travel soon; reference data can ' +
      'wait in a unit of its own.',
  },
  SL6009: {
    severity: 'warning',
    title: 'A long first sync',
    explanation:
      'A user waits for the first sync with the app open. What he does not need at once can come later, in a unit of lower ' +
      'priority.',
  },
  SL6010: {
    severity: 'warning',
    title: 'Conflicts wait, and nobody decides',
    explanation:
      'A conflict that is parked needs somebody who looks at it. Where that is nobody’s task, edits stay on their devices, and ' +
      'with `blocksSync` everything else does too.',
  },
  SL6011: {
    severity: 'warning',
    title: 'Too large for a device',
    explanation: 'Browsers evict or refuse what is too large, and phones are full. A database has to leave room.',
  },
  SL6012: {
    severity: 'warning',
    title: 'Large values travel with their rows',
    explanation:
      'Photos and documents make up most of what a device holds, though few are looked at. They also come again whenever ' +
      'another attribute of their row changes.',
  },
  SL6013: {
    severity: 'warning',
    title: 'Devices ask all the time',
    explanation:
      'A sync that finds nothing is small, but not nothing: it wakes the radio. The server can poke devices that are online ' +
      'when something has changed.',
  },
  SL6014: {
    severity: 'warning',
    title: 'Edits will be overwritten',
    explanation:
      'With last write wins the earlier of two edits is gone, and only its author’s device is told. From the number of edits ' +
      'and of people it follows how often that happens.',
  },

  // ── Not available yet ─────────────────────────────────────────────────────────────────────────
  SL9007: {
    severity: 'error',
    title: 'Edited flows are not available yet',
    explanation: 'This version compiles flows that follow their patterns.',
  },
  SL9010: {
    severity: 'error',
    title: 'Custom code and conflict handlers are not available yet',
    explanation: 'This version would leave them out of the bundle, which then would not do what the design says.',
  },
} as const satisfies Record<string, Entry>

export type DiagnosticCode = keyof typeof DIAGNOSTICS

/** What a diagnostic is about, so that it can be shown there. */
export type DiagnosticTarget =
  | { readonly kind: 'project' }
  | { readonly kind: 'serverEntity'; readonly id: string }
  | { readonly kind: 'localEntity'; readonly id: string; readonly scope?: ScopePlace }
  | { readonly kind: 'localAttribute'; readonly entity: string; readonly id: string }
  | { readonly kind: 'syncUnit'; readonly id: string }
  | { readonly kind: 'flow'; readonly id: string }
  | { readonly kind: 'conflictHandler'; readonly id: string }
  | { readonly kind: 'action'; readonly id: string }

/** A place in one of an entity's scopes. */
export interface ScopePlace {
  readonly which: 'read' | 'write'
  /** Indices of terms from the outermost inwards; null for a scope in SQL, and for the scope as a whole. */
  readonly path: readonly number[] | null
}

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly target: DiagnosticTarget
  readonly message: string
  /** What would put it right, to be made by `applyFix`. */
  readonly fix?: Fix
  /** All ways to put it right, `fix` being the first of them; only where there are several. */
  readonly fixes?: readonly Fix[]
}

export interface Fix {
  /** What it does, for a button: `Include the key`. */
  readonly title: string
  readonly edit: FixEdit
}

/** Plain data, so that a fix crosses workers and the command line. */
export type FixEdit =
  | { readonly kind: 'include-attributes'; readonly entity: string; readonly serverAttributes: readonly string[] }
  | { readonly kind: 'add-entity'; readonly root: string }
  | { readonly kind: 'remove-entity'; readonly entity: string }
  | { readonly kind: 'remove-attribute'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'rename-entity'; readonly entity: string; readonly name: string }
  | { readonly kind: 'move-to-unit'; readonly entity: string; readonly unit: string }
  | { readonly kind: 'use-default-direction'; readonly entity: string }
  | { readonly kind: 'use-default-keys'; readonly entity: string }
  | { readonly kind: 'use-built-in-handler'; readonly entity: string }
  | { readonly kind: 'no-blocking'; readonly entity: string }
  | { readonly kind: 'remove-child'; readonly entity: string; readonly child: string }
  | { readonly kind: 'merge-latest'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'choose-by-key'; readonly entity: string }
  | { readonly kind: 'remove-index'; readonly entity: string; readonly index: string }
  | { readonly kind: 'index-not-unique'; readonly entity: string; readonly index: string }
  | { readonly kind: 'not-sensitive'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'not-required'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'no-default'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'take-type'; readonly entity: string; readonly attribute: string; readonly type: string }
  | { readonly kind: 'transfer-inline'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'no-write-scope'; readonly entity: string }
  | { readonly kind: 'widen-scope'; readonly entity: string }
  | { readonly kind: 'add-scope-term'; readonly entity: string; readonly term: ScopeFilter }
  | { readonly kind: 'follow-parent'; readonly entity: string; readonly foreignKey: string }
  | {
      readonly kind: 'remove-scope-term'
      readonly entity: string
      readonly which: ScopePlace['which']
      readonly path: readonly number[]
    }
  | { readonly kind: 'bring-on-demand'; readonly entity: string; readonly foreignKey: string }
  | { readonly kind: 'use-pattern'; readonly entity: string; readonly pattern: PatternKind }
  | { readonly kind: 'make-sensitive'; readonly entity: string; readonly attribute: string }
  | { readonly kind: 'merge-attributes'; readonly entity: string }
  | { readonly kind: 'set-triggers'; readonly unit: string; readonly triggers: Partial<SyncUnit['triggers']> }

/** Of the record that a target is: its ids, joined by dots. By it an accepted finding is known again. */
export function targetKey(target: DiagnosticTarget): string {
  switch (target.kind) {
    case 'project':
      return 'project'
    case 'localAttribute':
      return `${target.entity}.${target.id}`
    case 'serverEntity':
    case 'localEntity':
    case 'syncUnit':
    case 'flow':
    case 'conflictHandler':
    case 'action':
      return target.id
  }
}

/** All that can be offered to put it right, the best way first. */
export const fixesOf = ({ fix, fixes }: Pick<Diagnostic, 'fix' | 'fixes'>): readonly Fix[] =>
  fixes ?? (fix === undefined ? [] : [fix])

/** A diagnostic with several ways to put it right. */
export function withFixes(found: Diagnostic, fixes: readonly Fix[]): Diagnostic {
  const [fix] = fixes
  return { ...found, ...(fix === undefined ? {} : { fix }), ...(fixes.length > 1 ? { fixes } : {}) }
}

/** Makes a diagnostic of the table. */
export const diagnostic = (code: DiagnosticCode, target: DiagnosticTarget, message: string, fix?: Fix): Diagnostic => ({
  code,
  severity: DIAGNOSTICS[code].severity,
  target,
  message,
  ...(fix === undefined ? {} : { fix }),
})

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error')
