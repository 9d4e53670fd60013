/**
 * Which sync unit runs when: a step function of state and event that answers the next state and what
 * is to be done. It waits for nothing and knows no unit's inside.
 *
 *            triggered                      ended
 *   idle ──────────────► running(unit) ───────────► next in the queue, or idle
 *     │ offline: the app is answered at once, what runs by itself is deferred
 *     └──────────────◄── network: what was deferred is queued
 *
 * Invariants
 * - One unit runs at a time (D2); of those that wait, the one of the highest priority is next, then the one that came first.
 * - A unit waits at most once; whoever asks again waits for the same run.
 * - Who asks while the unit runs gets a run of its own after it: an edit made meanwhile must be sent.
 * - Who asks from inside a completion, his own unit's or that of one which led to it, gets that completion; only an edit
 *   made since makes one more run, and never a second: it can't loop.
 * - What runs by itself uses no network that its unit does not want, and is not forgotten over it (D5).
 * - Each ticket is answered exactly once.
 */
import type { SyncOutcome } from '../contract/api'

export interface QueuedUnit {
  readonly name: string
  readonly priority: number
  readonly network: 'any' | 'unmetered'
}

export interface QueueState {
  readonly online: boolean
  readonly metered: boolean
  readonly closed: boolean
  readonly running: Waiting | null
  readonly queue: readonly Waiting[]
  /** What would run by itself, but for the network. */
  readonly deferred: readonly Waiting[]
  /** Completions that listeners are being told of, in this tab or another. */
  readonly telling: readonly Completion[]
}

export interface Waiting {
  readonly unit: QueuedUnit
  /** Of those in the app who wait for it; empty where it runs by itself. */
  readonly tickets: readonly number[]
  /** The completions from inside of which it was asked for, the oldest first. */
  readonly chain: readonly SyncOutcome[]
}

export interface Completion {
  readonly outcome: SyncOutcome
  /** Ends with the outcome itself. */
  readonly chain: readonly SyncOutcome[]
}

export type QueueEvent =
  | {
      readonly kind: 'triggered'
      readonly unit: QueuedUnit
      /** Null where nobody waits for the answer: a trigger that is not the app's own. */
      readonly ticket: number | null
      readonly discardPending: boolean
      /** Whether edits were made since the last run began. */
      readonly newEdits: boolean
    }
  /** The run is over, and its listeners are about to be told. `chain` is given for a run of another tab. */
  | { readonly kind: 'telling'; readonly outcome: SyncOutcome; readonly chain: readonly SyncOutcome[] | null }
  | { readonly kind: 'ended'; readonly outcome: SyncOutcome }
  /** All listeners of the completion have finished. */
  | { readonly kind: 'told'; readonly outcome: SyncOutcome }
  | {
      readonly kind: 'network'
      readonly online: boolean
      readonly metered: boolean
      /** Units to run by themselves if the device has just come back online. */
      readonly unitsToRun: readonly QueuedUnit[]
    }
  | { readonly kind: 'closed' }

export type QueueEffect =
  | { readonly kind: 'run'; readonly unit: string }
  | { readonly kind: 'answer'; readonly tickets: readonly number[]; readonly outcome: SyncOutcome }

export interface QueueStep {
  readonly state: QueueState
  readonly effects: readonly QueueEffect[]
}

export function initialQueue(online: boolean, metered = false): QueueState {
  return { online, metered, closed: false, running: null, queue: [], deferred: [], telling: [] }
}

export function stepQueue(state: QueueState, event: QueueEvent): QueueStep {
  switch (event.kind) {
    case 'triggered':
      return triggered(state, event)
    case 'telling': {
      const { outcome } = event
      const chain = event.chain ?? [...(state.running?.chain ?? []), outcome]
      return { state: { ...state, telling: [...state.telling, { outcome, chain }] }, effects: [] }
    }
    case 'ended':
      return ended(state, event.outcome)
    case 'told':
      return {
        state: { ...state, telling: state.telling.filter(({ outcome }) => outcome !== event.outcome) },
        effects: [],
      }
    case 'network':
      return network(state, event)
    case 'closed':
      return { state: { ...state, closed: true, queue: [], deferred: [] }, effects: state.queue.map(discard) }
  }
}

function triggered(state: QueueState, event: Extract<QueueEvent, { kind: 'triggered' }>): QueueStep {
  const { unit, ticket } = event
  const tickets = ticket === null ? [] : [ticket]
  const answer = (outcome: SyncOutcome): QueueEffect => ({ kind: 'answer', tickets, outcome })
  if (state.closed) return { state, effects: [answer({ kind: 'discarded', unit: unit.name })] }

  const chain = ticket === null ? [] : (state.telling.at(-1)?.chain ?? [])
  const before = chain.filter((outcome) => outcome.unit === unit.name)
  const last = before.at(-1)
  if (last && (!event.newEdits || before.length > 1)) return { state, effects: [answer(last)] }
  if (ticket !== null && !state.online) return { state, effects: [answer({ kind: 'offline', unit: unit.name })] }

  const kept = event.discardPending ? state.queue.filter((waiting) => waiting.unit.name === unit.name) : state.queue
  const dropped = state.queue.filter((waiting) => !kept.includes(waiting))
  return startNext({ ...state, queue: enqueue(kept, { unit, tickets, chain }) }, dropped.map(discard))
}

function ended(state: QueueState, outcome: SyncOutcome): QueueStep {
  const { running } = state
  const effects: QueueEffect[] = running ? [{ kind: 'answer', tickets: running.tickets, outcome }] : []
  // What the network broke off goes on when it returns (D5).
  const isBroken = outcome.kind === 'offline' && running && !state.closed
  const queue = isBroken ? enqueue(state.queue, { unit: running.unit, tickets: [], chain: [] }) : state.queue
  return startNext({ ...state, running: null, queue }, effects)
}

function network(state: QueueState, event: Extract<QueueEvent, { kind: 'network' }>): QueueStep {
  if (state.closed) return { state, effects: [] }
  const returned = event.online && !state.online
  const { online, metered } = event
  const queue = returned
    ? event.unitsToRun.reduce((queue, unit) => enqueue(queue, { unit, tickets: [], chain: [] }), state.queue)
    : state.queue
  if (online) return startNext({ ...state, online, metered, queue }, [])
  const asked = queue.filter(({ tickets }) => tickets.length > 0)
  const effects = asked.map(({ unit, tickets }): QueueEffect => {
    return { kind: 'answer', tickets, outcome: { kind: 'offline', unit: unit.name } }
  })
  return startNext({ ...state, online, metered, queue: queue.filter((waiting) => !asked.includes(waiting)) }, effects)
}

/** Adds to the queue, or to the waiting entry of the same unit. */
function enqueue(queue: readonly Waiting[], added: Waiting): readonly Waiting[] {
  const present = queue.find((waiting) => waiting.unit.name === added.unit.name)
  if (!present) {
    const place = queue.findIndex((waiting) => waiting.unit.priority < added.unit.priority)
    return place < 0 ? [...queue, added] : [...queue.slice(0, place), added, ...queue.slice(place)]
  }
  const merged = {
    unit: added.unit,
    tickets: [...present.tickets, ...added.tickets],
    // Somebody outside of any completion asked, too.
    chain: present.chain.length < added.chain.length ? present.chain : added.chain,
  }
  return queue.map((waiting) => (waiting === present ? merged : waiting))
}

/** Sorts who may use the network from who has to wait for another, and starts the first where nothing runs. */
function startNext(state: QueueState, effects: readonly QueueEffect[]): QueueStep {
  const all = state.deferred.reduce(enqueue, state.queue)
  const ready = all.filter((waiting) => mayUse(state, waiting))
  const settled = { ...state, queue: ready, deferred: all.filter((waiting) => !ready.includes(waiting)) }
  const [next, ...queue] = ready
  if (state.running || !next || state.closed) return { state: settled, effects }
  return { state: { ...settled, running: next, queue }, effects: [...effects, { kind: 'run', unit: next.unit.name }] }
}

function mayUse({ online, metered }: QueueState, { unit, tickets }: Waiting): boolean {
  return online && (tickets.length > 0 || unit.network === 'any' || !metered)
}

function discard({ unit, tickets }: Waiting): QueueEffect {
  return { kind: 'answer', tickets, outcome: { kind: 'discarded', unit: unit.name } }
}
