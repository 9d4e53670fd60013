/**
 * All that the compiler can say about a project: one table of codes, which is also their documentation.
 *
 * Invariants
 * - A code never changes its meaning and is never used again after it went.
 * - An error means that no bundle is made; a warning that one is made which may not do what was meant.
 * - A message names what it is about and says what to do; the explanation says why it matters.
 */

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
      'unless the app gives a value.',
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

  // ── Not available yet ─────────────────────────────────────────────────────────────────────────
  SL9003: {
    severity: 'error',
    title: 'Denormalised attributes are not available yet',
    explanation: 'This version brings attributes of the root table only.',
  },
  SL9004: {
    severity: 'error',
    title: 'Computed attributes are not available yet',
    explanation: 'This version brings attributes of the root table only.',
  },
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
  | { readonly kind: 'localEntity'; readonly id: string }
  | { readonly kind: 'localAttribute'; readonly entity: string; readonly id: string }
  | { readonly kind: 'syncUnit'; readonly id: string }
  | { readonly kind: 'flow'; readonly id: string }
  | { readonly kind: 'conflictHandler'; readonly id: string }
  | { readonly kind: 'action'; readonly id: string }

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly target: DiagnosticTarget
  readonly message: string
  /** What would put it right, to be made by `applyFix`. */
  readonly fix?: Fix
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
  | { readonly kind: 'no-write-scope'; readonly entity: string }

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
