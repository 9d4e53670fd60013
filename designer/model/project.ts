/**
 * What a project is: the schema of the `*.syncline.json` document and its types.
 *
 * Made for git: records keyed by id, order in explicit numbers, layout in a section of its own. Ids
 * never change with names, so renaming is free for files, diffs, devices in the field and the wire.
 */
import { z } from 'zod'
import { Id, records } from './records'
import { Scope } from './scope'

/** Raised with a migration in `migrations.ts` whenever the shape below changes. */
export const FORMAT_VERSION = 3

const Name = z.string().min(1).max(200)
const Order = z.number()

// ── Server schema ───────────────────────────────────────────────────────────────────────────────

export const ServerType = z.discriminatedUnion('kind', [
  z.strictObject({ id: Id, kind: z.literal('enum'), schema: Name, name: Name, values: z.array(z.string()) }),
  z.strictObject({
    id: Id,
    kind: z.literal('domain'),
    schema: Name,
    name: Name,
    baseType: z.string(),
    nullable: z.boolean(),
    default: z.string().nullable(),
    checks: z.array(z.string()),
  }),
])

export const ServerAttribute = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  /** As `format_type` prints it: `character varying(40)`, `numeric(10,2)`, `integer[]`. */
  type: z.string().min(1),
  /** The enum or domain that `type` names, if it is one. */
  typeId: Id.nullable(),
  nullable: z.boolean(),
  /** The default's SQL expression. */
  default: z.string().nullable(),
  identity: z.enum(['always', 'by-default']).nullable(),
  /** The expression of a generated column. */
  generated: z.string().nullable(),
  comment: z.string().nullable(),
  /** Mean size of a value that is there, as it was measured where there was data, 0 where no row has one; null where there was none. */
  averageBytes: z.number().nonnegative().nullable(),
})

export const ReferentialAction = z.enum(['no-action', 'restrict', 'cascade', 'set-null', 'set-default'])

export const ForeignKey = z.strictObject({
  id: Id,
  name: Name,
  attributes: z.array(Id).min(1),
  entity: Id,
  referencedAttributes: z.array(Id).min(1),
  onDelete: ReferentialAction,
  onUpdate: ReferentialAction,
  deferrable: z.boolean(),
})

export const ServerEntity = z.strictObject({
  id: Id,
  schema: Name,
  name: Name,
  kind: z.enum(['table', 'partitioned-table', 'view', 'materialized-view', 'foreign-table']),
  attributes: records(ServerAttribute),
  /** Attribute ids in key order; empty where the table has no primary key. */
  primaryKey: z.array(Id),
  uniques: z.array(z.strictObject({ name: Name, attributes: z.array(Id).min(1) })),
  foreignKeys: records(ForeignKey),
  /** Counted at import where there was data, else the catalogue's estimate, else null. */
  rowEstimate: z.number().int().nonnegative().nullable(),
  comment: z.string().nullable(),
})

// ── Local entities ──────────────────────────────────────────────────────────────────────────────

export const LocalAttribute = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('root'), attribute: Id }),
    /** Read along foreign keys; `path` holds their ids, from the root outwards. */
    z.strictObject({ kind: z.literal('denormalised'), path: z.array(Id).min(1), attribute: Id }),
    z.strictObject({ kind: z.literal('computed'), expression: z.string(), type: z.string() }),
  ]),
  /** Encrypted at rest on the device. */
  sensitive: z.boolean(),
  readOnly: z.boolean(),
  /** A device may not leave it empty, although the server may. */
  required: z.boolean(),
  /** What a new row has on the device, as an SQL constant; null for the server's default. */
  default: z.string().nullable(),
  /**
   * `on-demand`: the value is not pulled with its row but when the app asks for it, and only read. `file`: its row has the
   * name of the content; the content travels beside it, both ways.
   */
  transfer: z.enum(['inline', 'on-demand', 'file']),
})

/** The patterns' ids, as the command line and the documents name them. */
export const PATTERN_KINDS = [
  'read-only',
  'read-only-delta',
  'last-write-wins',
  'conflict-detection',
  'one-to-many',
  'append-only',
  'merge',
  'on-demand',
] as const

/** What a conflict does while it has no handler of its own; the built-in handlers' ids. */
export const RESOLUTIONS = ['park', 'keep-local', 'keep-server', 'merge-attributes'] as const

const conflictSettings = {
  /** A handler of the project; null for the built-in one of `resolution`. */
  handler: Id.nullable(),
  resolution: z.enum(RESOLUTIONS),
  handledOn: z.enum(['server', 'device']),
  /** While a conflict of the entity waits for a person, its unit does not run on that device. */
  blocksSync: z.boolean(),
}

const Granularity = z.enum(['row', 'attribute'])

/** Which value of an attribute stays where both sides changed it. */
export const AttributeResolution = z.enum(['local', 'server', 'latest', 'larger', 'smaller', 'park'])

export const MergePolicy = z.enum(['counter', 'set', 'latest'])

export const Pattern = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-only') }),
  z.strictObject({ kind: z.literal('read-only-delta') }),
  z.strictObject({
    kind: z.literal('last-write-wins'),
    decidedBy: z.enum(['arrival', 'edit-time']),
    granularity: Granularity,
  }),
  z.strictObject({
    kind: z.literal('conflict-detection'),
    granularity: Granularity,
    ...conflictSettings,
    /** By local attribute, for the resolution `merge-attributes`: what stays where both sides changed it; `park` where none is given. */
    attributes: z.record(Id, AttributeResolution),
  }),
  /** `children`: local entities whose rows belong to the row that they refer to. */
  z.strictObject({ kind: z.literal('one-to-many'), children: z.array(Id), ...conflictSettings }),
  z.strictObject({ kind: z.literal('append-only') }),
  /** By local attribute; `latest` where none is given. */
  z.strictObject({ kind: z.literal('merge'), attributes: z.record(Id, MergePolicy) }),
  /** `parent`: the root's foreign key to the rows by which these are chosen; null where they are chosen by their own key. */
  z.strictObject({ kind: z.literal('on-demand'), parent: Id.nullable() }),
])

export const LocalEntity = z.strictObject({
  id: Id,
  /** The device's table. */
  name: Name,
  order: Order,
  root: Id,
  attributes: records(LocalAttribute),
  keyStrategy: z.enum(['device-uuid', 'server', 'natural']),
  scope: Scope,
  /** Which rows a session may write, of those in `scope`; null for all of them. */
  writeScope: Scope.nullable(),
  direction: z.enum(['both', 'down', 'up']),
  pattern: Pattern,
  indexes: records(z.strictObject({ id: Id, attributes: z.array(Id).min(1), unique: z.boolean() })),
})

// ── Sync units, flows, handlers ─────────────────────────────────────────────────────────────────

export const SyncUnit = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  /** Ids of local entities, each with its place in the unit. */
  entities: records(z.strictObject({ order: Order })),
  triggers: z.strictObject({
    syncOnOnline: z.boolean(),
    syncOnLogin: z.boolean(),
    syncOnResume: z.boolean(),
    intervalInSeconds: z.number().positive().nullable(),
    /** How long after the last of some local changes; null for never. */
    afterLocalChangeInSeconds: z.number().positive().nullable(),
    serverPoke: z.boolean(),
  }),
  retryOnError: z.boolean(),
  retryIntervalInSeconds: z.number().positive(),
  backoff: z.enum(['fixed', 'exponential']),
  priority: z.number().int(),
  network: z.enum(['any', 'unmetered']),
  flow: Id,
})

export const FLOW_NODE_KINDS = {
  device: [
    'start',
    'pull',
    'push',
    'full-refresh',
    'check-conflicts',
    'if',
    'switch',
    'for-each',
    'parallel',
    'retry',
    'try-catch',
    'delay',
    'query-local',
    'set-variable',
    'transform',
    'server-action',
    'sub-flow',
    'purge',
    'notify',
    'stop',
    'fail',
  ],
  server: ['validate', 'detect-conflicts', 'resolve', 'apply', 'reject', 'action', 'scope', 'transform-rows'],
} as const

export const FlowNode = z.strictObject({
  id: Id,
  kind: z.enum([...FLOW_NODE_KINDS.device, ...FLOW_NODE_KINDS.server]),
  lane: z.enum(['device', 'server']),
  label: z.string().nullable(),
  disabled: z.boolean(),
  /** Local entities that the node works on, where its kind has any. */
  entities: z.array(Id),
  /** The kind's further settings. */
  settings: z.record(z.string(), z.json()),
})

const Edge = z.strictObject({
  id: Id,
  from: z.strictObject({ node: Id, port: z.string() }),
  to: z.strictObject({ node: Id, port: z.string() }),
})

/** A flow that follows its patterns has no graph of its own: `designer/patterns` expands it. */
export const Flow = z.discriminatedUnion('kind', [
  z.strictObject({ id: Id, name: Name, kind: z.literal('from-patterns') }),
  z.strictObject({ id: Id, name: Name, kind: z.literal('own'), nodes: records(FlowNode), edges: records(Edge) }),
])

export const ConflictHandler = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  entity: Id,
  nodes: records(z.strictObject({ id: Id, kind: z.string(), settings: z.record(z.string(), z.json()) })),
  edges: records(Edge),
})

export const Action = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  side: z.enum(['client', 'server']),
  code: z.string(),
})

export const Scenario = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  seed: z.number().int(),
  steps: z.array(z.json()),
})

const perEntity = {
  /** Edits of all users together. */
  editsPerDay: z.number().nonnegative().nullable(),
  /** How many people edit the same record within the time that a device is offline. */
  editorsPerRecord: z.number().nonnegative().nullable(),
}

/** What the advice and the budget are computed from; null where nobody has said. */
export const Requirements = z.strictObject({
  users: z.number().int().positive().nullable(),
  devicesPerUser: z.number().positive().nullable(),
  ...perEntity,
  daysOffline: z.number().nonnegative().nullable(),
  connection: z.enum(['3g', '4g', 'wifi']).nullable(),
  /** By local entity, where it differs from what is said for all. */
  entities: records(
    z.strictObject({
      /** Rows on the server. */
      rows: z.number().int().nonnegative().nullable(),
      /** The part of them that one device holds, 0 to 1. */
      shareOnDevice: z.number().min(0).max(1).nullable(),
      ...perEntity,
    }),
  ),
})

/** Somebody as whom a scope is tried out. */
export const TestUser = z.strictObject({
  id: Id,
  /** The session's user. */
  name: Name,
  order: Order,
  claims: z.record(z.string().min(1).max(200), z.json()),
})

/** A finding of the checklist that the team lives with, and why. */
export const AcceptedFinding = z.strictObject({
  id: Id,
  /** The diagnostic's code. */
  code: z.string().min(1),
  /** The record that it is about: ids joined by dots, as `targetKey` writes them. */
  target: z.string(),
  reason: z.string().min(1),
})

// ── Layout and the whole ────────────────────────────────────────────────────────────────────────

const Placement = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
})

/** Cards that are drawn as belonging together. Its frame is drawn around them, so it has no place of its own. */
export const CardGroup = z.strictObject({
  id: Id,
  name: Name,
  order: Order,
  /** Which of the workbench's hues. */
  hue: z.number().int().min(0).max(7),
  /** Local entities; each is in one group at most. */
  entities: records(z.strictObject({})),
})

/** A text on the canvas. */
export const Note = z.strictObject({ id: Id, order: Order, text: z.string().max(20_000) })

export const Layout = z.strictObject({
  /** Places of the local entities' cards. */
  data: records(Placement),
  notes: records(Placement),
  /** Places of the nodes, by flow. */
  flows: records(records(Placement)),
  handlers: records(records(Placement)),
})

export const Project = z.strictObject({
  format: z.literal(FORMAT_VERSION),
  id: Id,
  name: Name,
  serverTypes: records(ServerType),
  serverEntities: records(ServerEntity),
  localEntities: records(LocalEntity),
  syncUnits: records(SyncUnit),
  flows: records(Flow),
  conflictHandlers: records(ConflictHandler),
  actions: records(Action),
  scenarios: records(Scenario),
  requirements: Requirements,
  testUsers: records(TestUser),
  acceptedFindings: records(AcceptedFinding),
  groups: records(CardGroup),
  notes: records(Note),
  layout: Layout,
})

export type ServerType = z.infer<typeof ServerType>
export type ServerAttribute = z.infer<typeof ServerAttribute>
export type ReferentialAction = z.infer<typeof ReferentialAction>
export type ForeignKey = z.infer<typeof ForeignKey>
export type ServerEntity = z.infer<typeof ServerEntity>
export type LocalAttribute = z.infer<typeof LocalAttribute>
export type Pattern = z.infer<typeof Pattern>
export type PatternKind = Pattern['kind']
export type ConflictSettings = Pick<
  Extract<Pattern, { kind: 'conflict-detection' }>,
  'handler' | 'resolution' | 'handledOn' | 'blocksSync'
>
export type Resolution = (typeof RESOLUTIONS)[number]
export type MergePolicy = z.infer<typeof MergePolicy>
export type LocalEntity = z.infer<typeof LocalEntity>
export type SyncUnit = z.infer<typeof SyncUnit>
export type FlowNode = z.infer<typeof FlowNode>
export type FlowEdge = z.infer<typeof Edge>
export type Flow = z.infer<typeof Flow>
export type ConflictHandler = z.infer<typeof ConflictHandler>
export type Action = z.infer<typeof Action>
export type Scenario = z.infer<typeof Scenario>
export type AttributeResolution = z.infer<typeof AttributeResolution>
export type Requirements = z.infer<typeof Requirements>
export type TestUser = z.infer<typeof TestUser>
export type AcceptedFinding = z.infer<typeof AcceptedFinding>
export type CardGroup = z.infer<typeof CardGroup>
export type Note = z.infer<typeof Note>
export type Placement = z.infer<typeof Placement>
export type Layout = z.infer<typeof Layout>
export type Project = z.infer<typeof Project>

/** What reading a schema answers, whatever it was read from. */
export type ServerSchema = Pick<Project, 'serverTypes' | 'serverEntities'>
