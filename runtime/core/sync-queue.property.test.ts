import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SyncOutcome } from '../contract/api'
import { initialQueue, type QueueEvent, type QueueState, stepQueue } from './sync-queue'

const completed = (unit: string): SyncOutcome => ({
  kind: 'completed',
  unit,
  pushedGroups: 0,
  pulledRows: 0,
  durationMs: 0,
})
const trigger = (unit: string, ticket: number, discardPending = false): QueueEvent => ({
  kind: 'triggered',
  unit,
  ticket,
  discardPending,
})

/** Runs events and collects the effects of each. */
function play(events: readonly QueueEvent[], from: QueueState = initialQueue(true)) {
  let state = from
  const effects = events.map((event) => {
    const step = stepQueue(state, event)
    state = step.state
    return step.effects
  })
  return { state, effects }
}

describe('D2 sync queue', () => {
  it('runs one unit at a time, in the order asked', () => {
    const { effects } = play([trigger('A', 1), trigger('B', 2), { kind: 'ended', outcome: completed('A') }])
    expect(effects).toEqual([
      [{ kind: 'run', unit: 'A' }],
      [],
      [
        { kind: 'answer', tickets: [1], outcome: completed('A') },
        { kind: 'run', unit: 'B' },
      ],
    ])
  })

  it('gives those who wait for the same unit one run, and those who ask during a run another', () => {
    const { effects, state } = play([
      trigger('A', 1),
      trigger('A', 2),
      trigger('A', 3),
      { kind: 'ended', outcome: completed('A') },
    ])
    expect(effects[3]).toEqual([
      { kind: 'answer', tickets: [1], outcome: completed('A') },
      { kind: 'run', unit: 'A' },
    ])
    expect(state.running?.tickets).toEqual([2, 3])
  })

  it('empties the queue of other units on discardPending', () => {
    const { effects } = play([trigger('A', 1), trigger('B', 2), trigger('C', 3, true)])
    expect(effects[2]).toEqual([{ kind: 'answer', tickets: [2], outcome: { kind: 'discarded', unit: 'B' } }])
  })

  it('answers a trigger from inside the completion with that completion', () => {
    const { effects } = play([trigger('A', 1), { kind: 'completing', outcome: completed('A') }, trigger('A', 2)])
    expect(effects[2]).toEqual([{ kind: 'answer', tickets: [2], outcome: completed('A') }])
  })

  it('D5 answers at once while offline, and runs the units that ask for it on return', () => {
    const { effects } = play([
      { kind: 'network', online: false, unitsToRun: ['A'] },
      trigger('A', 1),
      { kind: 'network', online: true, unitsToRun: ['A'] },
    ])
    expect(effects).toEqual([
      [],
      [{ kind: 'answer', tickets: [1], outcome: { kind: 'offline', unit: 'A' } }],
      [{ kind: 'run', unit: 'A' }],
    ])
  })

  it('answers every ticket exactly once, whatever happens', () => {
    const unit = fc.constantFrom('A', 'B', 'C')
    const action = fc.oneof(
      fc.record({ do: fc.constant('trigger' as const), unit, discardPending: fc.boolean() }),
      fc.record({ do: fc.constant('end' as const) }),
      fc.record({ do: fc.constant('network' as const), online: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let state = initialQueue(true)
        const answered: number[] = []
        let made = 0
        const apply = (event: QueueEvent) => {
          const step = stepQueue(state, event)
          state = step.state
          for (const effect of step.effects) if (effect.kind === 'answer') answered.push(...effect.tickets)
        }
        for (const act of actions) {
          if (act.do === 'trigger') apply(trigger(act.unit, made++, act.discardPending))
          else if (act.do === 'network') apply({ kind: 'network', online: act.online, unitsToRun: ['A'] })
          else if (state.running) apply({ kind: 'ended', outcome: completed(state.running.unit) })
        }
        apply({ kind: 'closed' })
        if (state.running) apply({ kind: 'ended', outcome: completed(state.running.unit) })
        expect(answered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: made }, (_, ticket) => ticket))
        expect(state.running).toBeNull()
      }),
    )
  })
})
