/**
 * The script of a run: plain data, drawn from a seed, that can be kept as JSON, shortened and run again.
 *
 * A step says what is tried, not what it will meet: rows are named by a number that picks among those that are there.
 * So a step still means something when those before it are taken away, which is how a script is shrunk.
 */

import type { JsonValue } from '../../contract/api'
import type { Bundle, EntityContract } from '../../contract/bundle'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

export interface Script {
  readonly seed: number
  readonly devices: readonly DeviceSetting[]
  readonly steps: readonly Step[]
}

export interface DeviceSetting {
  readonly user: string
  /** Milliseconds by which its clock is off. */
  readonly skewMs: number
  /** Which of the simulation's sets of claims it has at first. */
  readonly claims: number
}

/** What becomes of one request on its way. */
export type Fate =
  | 'ok'
  | 'lost'
  | 'answer-lost'
  | 'doubled'
  /** Reaches the server when the device has given it up and gone on. */
  | 'late-request'
  | 'late-answer'

/** `n` is unique in a script: values are made from it, so that each can be told from every other. */
export type LocalOperation =
  | { readonly op: 'create'; readonly entity: string; readonly n: number; readonly pick: number }
  | { readonly op: 'update'; readonly entity: string; readonly n: number; readonly pick: number }
  | { readonly op: 'delete'; readonly entity: string; readonly pick: number }

export type Step =
  | {
      readonly kind: 'edit'
      readonly device: number
      /** One local transaction. */
      readonly operations: readonly LocalOperation[]
      /** By plain SQL where the storage has it. */
      readonly sql: boolean
    }
  | {
      readonly kind: 'sync'
      readonly device: number
      readonly unit: string
      /** Of its requests, in order; further ones arrive. */
      readonly fates: readonly Fate[]
      /** Dies at this await. */
      readonly crashAt: number | null
      /** The server dies at this statement. */
      readonly serverCrashAt: number | null
    }
  /** All at once; `order` decides how they take turns. */
  | { readonly kind: 'together'; readonly order: number; readonly steps: readonly Step[] }
  | { readonly kind: 'crash'; readonly device: number }
  | { readonly kind: 'network'; readonly device: number; readonly online: boolean }
  | { readonly kind: 'clock'; readonly device: number; readonly skewMs: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'claims'; readonly device: number; readonly claims: number }
  | {
      readonly kind: 'resolve'
      readonly device: number
      readonly pick: number
      readonly how: 'local' | 'server' | 'values'
      readonly n: number
    }
  | {
      readonly kind: 'quarantine'
      readonly device: number
      readonly pick: number
      readonly how: 'retry' | 'discard'
    }
  | {
      readonly kind: 'choose'
      readonly device: number
      readonly entity: string
      readonly pick: number
      readonly release: boolean
    }
  | {
      readonly kind: 'write'
      readonly writer: number
      /** One transaction of another program; each operation in a savepoint of its own. */
      readonly operations: readonly LocalOperation[]
      /** `open`: goes on until a later step of the writer ends it, where the server can. */
      readonly end: 'commit' | 'rollback' | 'open'
    }
  | { readonly kind: 'end'; readonly writer: number; readonly end: 'commit' | 'rollback' }
  | { readonly kind: 'restart-server' }
  | { readonly kind: 'purge' }
  /** The device's storage forgets its last local transactions, as one with relaxed durability may. */
  | { readonly kind: 'lapse'; readonly device: number }

export type StepKind = Step['kind']

export interface Faults {
  /** Requests and answers that don't arrive, arrive twice or late. */
  readonly network: boolean
  /** Devices that die at any await. */
  readonly crashes: boolean
  /** A server that dies at any statement. */
  readonly serverCrashes: boolean
  /** Clocks that are off and jump. */
  readonly clocks: boolean
  readonly claims: boolean
  /** Writers with transactions that stay open; needs a server with several connections. */
  readonly openWriters: boolean
  /** Local transactions that are lost after they were said to be committed; needs a storage that can. */
  readonly lapses: boolean
}

export const ALL_FAULTS: Faults = {
  network: true,
  crashes: true,
  serverCrashes: true,
  clocks: true,
  claims: true,
  openWriters: true,
  lapses: true,
}

export const NO_FAULTS: Faults = {
  network: false,
  crashes: false,
  serverCrashes: false,
  clocks: false,
  claims: false,
  openWriters: false,
  lapses: false,
}

export interface ScriptOptions {
  readonly bundle: Bundle
  readonly seed: number
  readonly devices: number
  readonly steps: number
  readonly writers: number
  readonly faults: Faults
  /** How many sets of claims there are to change between. */
  readonly claims: number
}

export interface SimClaims {
  readonly [name: string]: JsonValue
}

/** Values of initial rows are made from numbers below. */
export const FIRST_SCRIPT_NUMBER = 1000

/** The same options give the same script, on every machine. */
export function drawScript(options: ScriptOptions): Script {
  const random = createSeededRandom(options.seed, 'script')
  const draw = createDraw(options, random)
  const devices = Array.from({ length: options.devices }, (_, index) => ({
    user: `user-${index}`,
    skewMs: options.faults.clocks ? draw.skewMs() : 0,
    claims: index % Math.max(1, options.claims),
  }))
  return { seed: options.seed, devices, steps: Array.from({ length: options.steps }, () => draw.step()) }
}

function createDraw(options: ScriptOptions, random: SeededRandom) {
  const { bundle, faults } = options
  let numbers = FIRST_SCRIPT_NUMBER
  const chance = (likelihood: number) => random.fraction() < likelihood
  const one = <T>(items: readonly T[]): T => {
    const item = items[random.below(items.length)]
    if (item === undefined) throw new Error('There is nothing to draw from.')
    return item
  }
  const weighted = <T>(items: readonly (readonly [number, T])[]): T => {
    let left = random.fraction() * items.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, item] of items) {
      left -= weight
      if (left < 0) return item
    }
    return one(items)[1]
  }
  const device = () => random.below(options.devices)
  // Half of the time one of the first rows, so that devices and writers meet on them.
  const pick = () => (chance(0.5) ? random.below(2) : random.below(1_000_000))
  const editable = bundle.entities.filter(isEditable)
  const units = bundle.units
  const onDemand = bundle.entities.filter(({ pattern }) => pattern.kind === 'on-demand')

  const operation = (entities: readonly EntityContract[], byDevice: boolean): LocalOperation => {
    const duel =
      chance(0.35) && entities.find(({ id, pattern }) => id === target.entity && pattern.kind !== 'append-only')
    if (duel) {
      while (numbers % 12 !== target.residue) numbers += 1
      return { op: 'update', entity: duel.id, n: numbers++, pick: target.pick }
    }
    const entity = one(entities)
    const about = { entity: entity.id, n: numbers++, pick: pick() }
    // Numbers that leave the same remainder by 12 choose the same attribute, whether there are 1, 2, 3, 4, 6 or 12.
    if (chance(0.2)) target = { entity: entity.id, pick: about.pick, residue: about.n % 12 }
    if (byDevice && entity.pattern.kind === 'append-only') return { op: 'create', ...about }
    const op = weighted<LocalOperation['op']>([
      [3, 'create'],
      [6, 'update'],
      [1.5, 'delete'],
    ])
    return op === 'delete' ? { op, entity: about.entity, pick: about.pick } : { op, ...about }
  }
  /** A row and an attribute over which devices and writers fight for a while. */
  let target = { entity: '', pick: 0, residue: 0 }
  // A run turns around a few entities, so that writes meet.
  const focus = new Set([0, 1, 2].map(() => one(bundle.entities.filter(isEditable)).id))
  const operations = (entities: readonly EntityContract[], byDevice: boolean) => {
    const few = entities.filter(({ id }) => focus.has(id))
    const some = chance(0.8) ? few : chance(0.5) ? [one(entities)] : entities
    return Array.from(
      {
        length: weighted([
          [5, 1],
          [3, 2],
          [2, 3],
          [1, 6],
        ] as const),
      },
      () => operation(some, byDevice),
    )
  }
  const edit = (by = device()): Step => ({
    kind: 'edit',
    device: by,
    operations: operations(editable, true),
    sql: chance(0.2),
  })
  const fates = (): Fate[] =>
    faults.network && chance(0.42)
      ? [
          weighted<Fate>([
            [2, 'ok'],
            [2, 'lost'],
            [4, 'answer-lost'],
            [2, 'doubled'],
            [1, 'late-request'],
            [1, 'late-answer'],
          ]),
          weighted<Fate>([
            [6, 'ok'],
            [1, 'answer-lost'],
            [1, 'doubled'],
          ]),
        ]
      : []
  const sync = (by = device()): Extract<Step, { kind: 'sync' }> => ({
    kind: 'sync',
    device: by,
    unit: units.length === 1 || chance(0.8) ? (units[0]?.name ?? '') : one(units).name,
    fates: fates(),
    crashAt: faults.crashes && chance(0.22) ? 1 + random.below(chance(0.5) ? 25 : 120) : null,
    serverCrashAt: faults.serverCrashes && chance(0.15) ? 1 + random.below(16) : null,
  })
  const write = (): Step => ({
    kind: 'write',
    writer: random.below(options.writers),
    operations: operations(bundle.entities, false),
    end: weighted([
      [8, 'commit'],
      [1, 'rollback'],
      [faults.openWriters ? 5 : 0, 'open'],
    ] as const),
  })
  const together = (): Step => {
    const order = random.below(1_000_000)
    // An edit while its own device syncs, and somebody else writes: what a rebase is for.
    if (chance(0.5)) {
      const by = device()
      const about = { op: 'update', entity: one(editable).id, pick: pick() } as const
      const n = numbers
      numbers += 13
      return {
        kind: 'together',
        order,
        steps: [
          { ...sync(by), fates: [], crashAt: null, serverCrashAt: null },
          { kind: 'edit', device: by, operations: [{ ...about, n }], sql: chance(0.2) },
          ...(options.writers > 0
            ? [
                {
                  kind: 'write',
                  writer: random.below(options.writers),
                  operations: [{ ...about, n: n + 12 }],
                  end: 'commit',
                } as const,
              ]
            : []),
        ],
      }
    }
    const some = () =>
      weighted<() => Step>([
        [4, () => sync()],
        [3, () => edit()],
        [options.writers > 0 ? 2 : 0, write],
      ])()
    return { kind: 'together', order, steps: Array.from({ length: 2 + random.below(3) }, some) }
  }
  /** Keys that the server makes: a row is made while the row that it refers to is on its way to its key. */
  const parents = editable.filter(
    ({ id, keyStrategy, pattern }) =>
      keyStrategy === 'server' &&
      pattern.kind !== 'append-only' &&
      editable.some(({ references }) => references.some(({ entity }) => entity === id)),
  )
  const newborn = (): Step[] => {
    const by = device()
    const parent = one(parents).id
    const child = one(editable.filter(({ references }) => references.some(({ entity }) => entity === parent))).id
    const create = (entity: string, pickOf: number): Step => ({
      kind: 'edit',
      device: by,
      // Temporary keys come first.
      operations: [{ op: 'create', entity, n: numbers++, pick: pickOf }],
      sql: false,
    })
    const order = random.below(1_000_000)
    return [create(parent, pick()), { kind: 'together', order, steps: [sync(by), create(child, 0)] }]
  }
  /** Steps that only make sense one after the other. */
  const queued: Step[] = []

  const skewMs = () =>
    weighted([
      [4, 0],
      [2, random.below(5000)],
      [1, 86_400_000],
      [1, -31_536_000_000],
    ] as const)

  const step = (): Step =>
    queued.shift() ??
    weighted<() => Step>([
      [
        parents.length > 0 ? 1.5 : 0,
        () => {
          const [first, ...rest] = newborn()
          queued.push(...rest)
          return first ?? edit()
        },
      ],
      [10, () => edit()],
      [8, () => sync()],
      [5, together],
      [options.writers > 0 ? 5 : 0, write],
      [
        faults.openWriters && options.writers > 0 ? 3 : 0,
        () => ({
          kind: 'end',
          writer: random.below(options.writers),
          end: chance(0.75) ? 'commit' : 'rollback',
        }),
      ],
      [faults.crashes ? 1 : 0, () => ({ kind: 'crash', device: device() })],
      [faults.network ? 1 : 0, () => ({ kind: 'network', device: device(), online: chance(0.6) })],
      [faults.clocks ? 0.5 : 0, () => ({ kind: 'clock', device: device(), skewMs: skewMs() })],
      [
        1,
        () => ({
          kind: 'wait',
          ms: weighted([
            [3, 500],
            [2, 20_000],
            [1, 200_000],
          ] as const),
        }),
      ],
      [
        faults.claims && options.claims > 1 ? 0.7 : 0,
        () => ({ kind: 'claims', device: device(), claims: random.below(options.claims) }),
      ],
      [
        2,
        () => ({
          kind: 'resolve',
          device: device(),
          pick: pick(),
          how: weighted([
            [2, 'local'],
            [2, 'server'],
            [1, 'values'],
          ] as const),
          n: numbers++,
        }),
      ],
      [1, () => ({ kind: 'quarantine', device: device(), pick: pick(), how: chance(0.5) ? 'retry' : 'discard' })],
      [
        onDemand.length > 0 ? 1.5 : 0,
        () => ({ kind: 'choose', device: device(), entity: one(onDemand).id, pick: pick(), release: chance(0.25) }),
      ],
      [faults.serverCrashes ? 0.4 : 0, () => ({ kind: 'restart-server' })],
      [0.3, () => ({ kind: 'purge' })],
      [faults.lapses ? 1.5 : 0, () => ({ kind: 'lapse', device: device() })],
    ])()

  return { step, skewMs }
}

/** Whether an app on a device may write the entity. */
export function isEditable({ direction, pattern }: EntityContract): boolean {
  return direction !== 'down' && pattern.kind !== 'read-only' && pattern.kind !== 'read-only-delta'
}
