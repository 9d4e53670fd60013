import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SyncOutcome } from '../contract/api'
import { initialQueue, type QueuedUnit, type QueueEvent, type QueueState, stepQueue } from './sync-queue'

const unit = (name: string, rest: Partial<QueuedUnit> = {}): QueuedUnit => ({
  name,
  priority: 0,
  network: 'any',
  ...rest,
})
const completed = (name: string): SyncOutcome => ({
  kind: 'completed',
  unit: name,
  pushedGroups: 0,
  pulledRows: 0,
  durationMs: 0,
})
const ended = (name: string): QueueEvent => ({ kind: 'ended', outcome: completed(name) })
const network = (online: boolean, metered = false, ...unitsToRun: QueuedUnit[]): QueueEvent => ({
  kind: 'network',
  online,
  metered,
  unitsToRun,
})

interface Asking {
  readonly discardPending?: boolean
  readonly newEdits?: boolean
}
const trigger = (asked: string | QueuedUnit, ticket: number | null, rest: Asking = {}): QueueEvent => ({
  kind: 'triggered',
  unit: typeof asked === 'string' ? unit(asked) : asked,
  ticket,
  discardPending: false,
  newEdits: false,
  ...rest,
})
const telling = (outcome: SyncOutcome): QueueEvent => ({ kind: 'telling', outcome, chain: null })
const told = (outcome: SyncOutcome): QueueEvent => ({ kind: 'told', outcome })

/** Runs events and collects the effects of each, in short. */
function play(events: readonly QueueEvent[], from: QueueState = initialQueue(true)) {
  let state = from
  const effects = events.map((event) => {
    const step = stepQueue(state, event)
    state = step.state
    return step.effects.map((effect) =>
      effect.kind === 'run' ? `run ${effect.unit}` : `${effect.outcome.kind} ${effect.outcome.unit} ${effect.tickets}`,
    )
  })
  return { state, effects }
}

/** Where a queue can be, and a way to get there. */
const STATES = {
  idle: [],
  offline: [network(false)],
  running: [trigger('A', 1)],
  waiting: [trigger('A', 1), trigger('B', 2)],
  metered: [network(true, true), trigger(unit('C', { network: 'unmetered' }), null)],
  'running, gone offline': [trigger('A', 1), trigger('B', 2), network(false)],
  telling: [trigger('A', 1), telling(completed('A'))],
  'telling, run over': [trigger('A', 1), telling(completed('A')), ended('A')],
  closed: [trigger('A', 1), { kind: 'closed' }],
} satisfies Record<string, QueueEvent[]>

const EVENTS = {
  'the app asks': trigger('A', 9),
  'the app asks for another, dropping what waits': trigger('D', 9, { discardPending: true }),
  'it runs by itself': trigger('A', null),
  'the run ends': ended('A'),
  'the run breaks off': { kind: 'ended', outcome: { kind: 'offline', unit: 'A' } },
  'listeners are told': telling(completed('A')),
  'listeners were told': told(completed('A')),
  'the network goes': network(false),
  'the network comes': network(true, false, unit('N')),
  'it is closed': { kind: 'closed' },
} satisfies Record<string, QueueEvent>

/** What each event does in each state; in the order of `EVENTS`. A run that is not there can't end or be told of. */
const TABLE: Record<keyof typeof STATES, readonly (readonly string[])[]> = {
  idle: [['run A'], ['run D'], ['run A'], [], [], [], [], [], [], []],
  offline: [['offline A 9'], ['offline D 9'], [], [], [], [], [], [], ['run N'], []],
  running: [[], [], [], ['completed A 1'], ['offline A 1', 'run A'], [], [], [], [], []],
  waiting: [
    [],
    ['discarded B 2'],
    [],
    ['completed A 1', 'run B'],
    ['offline A 1', 'run B'],
    [],
    [],
    ['offline B 2'],
    [],
    ['discarded B 2'],
  ],
  metered: [['run A'], ['run D'], ['run A'], [], [], [], [], [], ['run C'], []],
  'running, gone offline': [
    ['offline A 9'],
    ['offline D 9'],
    [],
    ['completed A 1'],
    ['offline A 1'],
    [],
    [],
    [],
    [],
    [],
  ],
  telling: [['completed A 9'], [], [], ['completed A 1'], ['offline A 1', 'run A'], [], [], [], [], []],
  'telling, run over': [['completed A 9'], ['run D'], ['run A'], [], [], [], [], [], [], []],
  closed: [
    ['discarded A 9'],
    ['discarded D 9'],
    ['discarded A '],
    ['completed A 1'],
    ['offline A 1'],
    [],
    [],
    [],
    [],
    [],
  ],
}

describe('D2 sync queue, by state and event', () => {
  for (const [name, path] of Object.entries(STATES))
    it(`D2 knows what to do when it is ${name}`, () => {
      const from = play(path).state
      const cells = Object.values(EVENTS).map((event) => play([event], from).effects[0])
      expect(cells).toEqual(TABLE[name as keyof typeof STATES])
    })
})

describe('D2 sync queue', () => {
  it('D2 runs one unit at a time, in the order asked', () => {
    expect(play([trigger('A', 1), trigger('B', 2), ended('A')]).effects).toEqual([
      ['run A'],
      [],
      ['completed A 1', 'run B'],
    ])
  })

  it('D2 runs what has the higher priority first', () => {
    const events = [trigger('A', 1), trigger('B', 2), trigger(unit('C', { priority: 5 }), 3), trigger('D', 4)]
    const { effects } = play([...events, ended('A'), ended('C'), ended('B'), ended('D')])
    expect(effects.flat().filter((effect) => effect.startsWith('run'))).toEqual(['run A', 'run C', 'run B', 'run D'])
  })

  it('D2 gives those who wait for the same unit one run, and those who ask during a run another', () => {
    const { effects, state } = play([trigger('A', 1), trigger('A', 2), trigger('A', 3), ended('A')])
    expect(effects[3]).toEqual(['completed A 1', 'run A'])
    expect(state.running?.tickets).toEqual([2, 3])
  })

  it('D2 runs once more for an edit made in a completion, and not again', () => {
    const [first, second] = [completed('A'), { ...completed('A'), pushedGroups: 1 }] as const
    const { effects } = play([
      trigger('A', 1),
      telling(first),
      trigger('A', 2, { newEdits: true }),
      { kind: 'ended', outcome: first },
      told(first),
      telling(second),
      trigger('A', 3, { newEdits: true }),
      { kind: 'ended', outcome: second },
    ])
    expect(effects.flat()).toEqual(['run A', 'completed A 1', 'run A', 'completed A 3', 'completed A 2'])
  })

  it('D2 two units whose completions ask for each other come to rest', () => {
    const { effects, state } = play([
      trigger('A', 1),
      telling(completed('A')),
      trigger('B', 2),
      ended('A'),
      told(completed('A')),
      telling(completed('B')),
      trigger('A', 3),
      ended('B'),
    ])
    expect(effects.flat()).toEqual(['run A', 'completed A 1', 'run B', 'completed A 3', 'completed B 2'])
    expect(state.running).toBeNull()
  })

  it('D2 counts the completion of another tab as one', () => {
    const outcome = completed('A')
    expect(play([{ kind: 'telling', outcome, chain: [outcome] }, trigger('A', 1)]).effects.flat()).toEqual([
      'completed A 1',
    ])
  })

  it('D5 keeps what runs by itself for the return of the network, and for one that costs nothing', () => {
    const large = unit('L', { network: 'unmetered' })
    expect(play([network(false), trigger('A', null), network(true)]).effects.flat()).toEqual(['run A'])
    const { effects } = play([network(true, true), trigger(large, null), trigger(large, 1), ended('L')])
    expect(effects.flat()).toEqual(['run L', 'completed L 1'])
    expect(play([network(true, true), trigger(large, null), network(false), network(true)]).effects.flat()).toEqual([
      'run L',
    ])
  })

  it('answers every ticket exactly once and runs one unit at a time, whatever happens', () => {
    const name = fc.constantFrom('A', 'B', 'C')
    const action = fc.oneof(
      fc.record({
        do: fc.constant('trigger' as const),
        name,
        discardPending: fc.boolean(),
        newEdits: fc.boolean(),
        app: fc.boolean(),
        priority: fc.nat(2),
        metered: fc.boolean(),
      }),
      fc.record({ do: fc.constant('tell' as const) }),
      fc.record({ do: fc.constant('told' as const) }),
      fc.record({ do: fc.constant('end' as const), offline: fc.boolean() }),
      fc.record({ do: fc.constant('network' as const), online: fc.boolean(), metered: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let state = initialQueue(true)
        const answered: number[] = []
        let made = 0
        const apply = (event: QueueEvent) => {
          const wasRunning = state.running
          const step = stepQueue(state, event)
          state = step.state
          for (const effect of step.effects)
            if (effect.kind === 'answer') answered.push(...effect.tickets)
            else expect(wasRunning === null || event.kind === 'ended').toBe(true)
          expect(new Set(state.queue.map((waiting) => waiting.unit.name)).size).toBe(state.queue.length)
          if (!state.running && state.online) expect(state.queue).toEqual([])
        }
        for (const act of actions) {
          const running = state.running?.unit.name
          if (act.do === 'trigger') {
            const asked = unit(act.name, { priority: act.priority, network: act.metered ? 'unmetered' : 'any' })
            apply(trigger(asked, act.app ? made++ : null, act))
          } else if (act.do === 'network') apply(network(act.online, act.metered, unit('A')))
          else if (act.do === 'told' && state.telling[0]) apply(told(state.telling[0].outcome))
          else if (act.do === 'tell' && running) apply(telling(completed(running)))
          else if (act.do === 'end' && running)
            apply(act.offline ? { kind: 'ended', outcome: { kind: 'offline', unit: running } } : ended(running))
        }
        apply({ kind: 'closed' })
        if (state.running) apply(ended(state.running.unit.name))
        expect(answered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: made }, (_, ticket) => ticket))
        expect(state.running).toBeNull()
      }),
    )
  })
})
