/**
 * Which sync unit runs when: a step function of state and event that answers the next state and what
 * is to be done. It waits for nothing and knows no unit's inside.
 *
 *            trigger                       ended
 *   idle ──────────────► running(unit) ──────────► next in the queue, or idle
 *     │ offline: answered at once            │
 *     └──────────────◄── network ────────────┘
 *
 * Invariants
 * - One unit runs at a time (D2).
 * - A unit waits in the queue at most once; whoever asks again waits for the same run.
 * - Who asks while the unit runs gets a run of its own after it: an edit made meanwhile must be sent.
 * - Who asks from inside the unit's own completion gets that completion: it can't loop.
 * - Each ticket is answered exactly once.
 */
import type { SyncOutcome } from '../contract/api'

export interface QueueState {
  readonly online: boolean
  readonly closed: boolean
  readonly running: Waiting | null
  readonly queue: readonly Waiting[]
  /** The outcome that is being told to listeners at this moment. */
  readonly completing: SyncOutcome | null
}

interface Waiting {
  readonly unit: string
  readonly tickets: readonly number[]
}

export type QueueEvent =
  | {
      readonly kind: 'triggered'
      readonly unit: string
      readonly ticket: number | null
      readonly discardPending: boolean
    }
  | { readonly kind: 'completing'; readonly outcome: SyncOutcome }
  | { readonly kind: 'ended'; readonly outcome: SyncOutcome }
  | { readonly kind: 'network'; readonly online: boolean; readonly unitsToRun: readonly string[] }
  | { readonly kind: 'closed' }

export type QueueEffect =
  | { readonly kind: 'run'; readonly unit: string }
  | { readonly kind: 'answer'; readonly tickets: readonly number[]; readonly outcome: SyncOutcome }

export interface QueueStep {
  readonly state: QueueState
  readonly effects: readonly QueueEffect[]
}

export function initialQueue(online: boolean): QueueState {
  return { online, closed: false, running: null, queue: [], completing: null }
}

export function stepQueue(state: QueueState, event: QueueEvent): QueueStep {
  switch (event.kind) {
    case 'triggered':
      return triggered(state, event)
    case 'completing':
      return { state: { ...state, completing: event.outcome }, effects: [] }
    case 'ended':
      return ended(state, event.outcome)
    case 'network':
      return network(state, event)
    case 'closed':
      return {
        state: { ...state, closed: true, queue: [] },
        effects: state.queue.map(discard),
      }
  }
}

function triggered(state: QueueState, event: Extract<QueueEvent, { kind: 'triggered' }>): QueueStep {
  const tickets = event.ticket === null ? [] : [event.ticket]
  const unit = event.unit
  if (state.closed) return { state, effects: [discard({ unit, tickets })] }
  if (!state.online) return { state, effects: [{ kind: 'answer', tickets, outcome: { kind: 'offline', unit } }] }
  if (state.completing?.unit === unit)
    return { state, effects: [{ kind: 'answer', tickets, outcome: state.completing }] }

  const kept = event.discardPending ? state.queue.filter((waiting) => waiting.unit === unit) : state.queue
  const dropped = state.queue.filter((waiting) => !kept.includes(waiting))
  const isWaiting = kept.some((waiting) => waiting.unit === unit)
  const queue = isWaiting
    ? kept.map((waiting) => (waiting.unit === unit ? { unit, tickets: [...waiting.tickets, ...tickets] } : waiting))
    : [...kept, { unit, tickets }]
  return startNext({ ...state, queue }, dropped.map(discard))
}

function ended(state: QueueState, outcome: SyncOutcome): QueueStep {
  const tickets = state.running?.tickets ?? []
  return startNext({ ...state, running: null, completing: null }, [{ kind: 'answer', tickets, outcome }])
}

function network(state: QueueState, event: Extract<QueueEvent, { kind: 'network' }>): QueueStep {
  if (state.online === event.online || state.closed) return { state, effects: [] }
  if (!event.online) {
    const offline = ({ unit, tickets }: Waiting): QueueEffect => ({
      kind: 'answer',
      tickets,
      outcome: { kind: 'offline', unit },
    })
    return { state: { ...state, online: false, queue: [] }, effects: state.queue.map(offline) }
  }
  const added = event.unitsToRun.filter((unit) => !state.queue.some((waiting) => waiting.unit === unit))
  const queue = [...state.queue, ...added.map((unit) => ({ unit, tickets: [] }))]
  return startNext({ ...state, online: true, queue }, [])
}

function startNext(state: QueueState, effects: readonly QueueEffect[]): QueueStep {
  const [next, ...queue] = state.queue
  if (state.running || !next) return { state, effects }
  return { state: { ...state, running: next, queue }, effects: [...effects, { kind: 'run', unit: next.unit }] }
}

function discard({ unit, tickets }: Waiting): QueueEffect {
  return { kind: 'answer', tickets, outcome: { kind: 'discarded', unit } }
}
