/**
 * Whose turn it is: every await of a simulated device that reaches the outside passes one of the gates here, and
 * goes on only when the simulator lets it.
 *
 *   device ── gate ──► [ waiting ] ── chosen, one at a time ──► work ──► quiet ──► choose again
 *                          └─ nobody waits: virtual time goes on to the next timer
 *
 * Invariants
 * - One piece of work is under way at a time, whatever threads it uses, so that a seed decides the order of everything.
 * - The choice depends on the seed and on the order in which the gates were reached, on nothing else.
 * - Who is dead never gets a turn again: its promises never settle.
 */
import type { SeededRandom } from '../seeded-random'
import type { VirtualTime } from '../virtual-time'

/** One life of one device: ends with a crash, and the next begins on the same data. */
export interface Life {
  readonly owner: string
  readonly alive: () => boolean
  /** Resolves when it ends. */
  readonly ended: Promise<void>
  readonly end: () => void
}

export interface Scheduler {
  /** Waits for a turn. */
  readonly gate: (life: Life) => Promise<void>
  /** Does something that takes real time, such as asking a database; nobody else gets a turn until it is done. */
  readonly work: <T>(fn: () => Promise<T>) => Promise<T>
  /** Gives turns until all tasks have settled, and throws what one of them threw. Throws `Standstill` where none can come. */
  readonly runUntil: (tasks: readonly Promise<unknown>[]) => Promise<void>
  /** Gives turns until nobody waits for one. */
  readonly runUntilQuiet: () => Promise<void>
  readonly turns: () => number
  /** From now on turns are drawn from these numbers; null for first come, first served. */
  readonly shuffle: (random: SeededRandom | null) => void
  /** From now on nobody holds a lock for long: all work is waited for, however busy the machine is. */
  readonly waitForAll: () => void
}

export interface SchedulerOptions {
  readonly time: VirtualTime
  /** How long work may take before it is left to itself; null where it always ends, which keeps runs repeatable. */
  readonly patienceMs: number | null
}

/** A run that waits for something that will never come (D6). */
export class Standstill extends Error {
  override readonly name = 'Standstill'
}

/** More turns than any honest step takes: whatever goes on so long goes in circles. */
const MOST_TURNS_OF_A_STEP = 100_000
/** Virtual time that a step may take. */
const LONGEST_STEP_MS = 24 * 3_600_000

/** On a busy machine too, a statement on a few rows takes no longer. */
const LONGEST_WORK_MS = 30_000
const LONGEST_LOADING_MS = 10_000
const SHORT_LOADING_MS = 10

export function createLife(owner: string): Life {
  let alive = true
  let tell: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    tell = resolve
  })
  return {
    owner,
    alive: () => alive,
    ended,
    end: () => {
      alive = false
      tell()
    },
  }
}

/** A promise for the dead. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

export function createScheduler({ time, patienceMs }: SchedulerOptions): Scheduler {
  let waiting: { readonly life: Life; readonly go: () => void }[] = []
  let underWay = 0
  let turns = 0
  let random: SeededRandom | null = null
  let patience = patienceMs
  let wake: () => void = () => undefined

  /** Waits until nothing is under way and every promise that could go on by itself has done so. */
  const settle = async () => {
    let leftMs = patience ?? LONGEST_WORK_MS
    while (true) {
      await macrotask()
      if (underWay === 0) {
        await macrotask()
        if (underWay === 0) return
      }
      if (leftMs <= 0) {
        if (patience !== null) return
        throw new Standstill(
          `Something that a storage or a database was asked for has not ended for ${LONGEST_WORK_MS / 1000} seconds.`,
        )
      }
      const started = performance.now()
      let timer: ReturnType<typeof setTimeout> | undefined
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve
        }),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, leftMs)
        }),
      ])
      clearTimeout(timer)
      leftMs -= performance.now() - started
    }
  }

  const giveTurn = (): boolean => {
    waiting = waiting.filter(({ life }) => life.alive())
    if (waiting.length === 0) return false
    const [next] = waiting.splice(random ? random.below(waiting.length) : 0, 1)
    turns += 1
    next?.go()
    return true
  }

  return {
    gate: (life) => (life.alive() ? new Promise<void>((go) => waiting.push({ life, go })) : never()),
    work: async (fn) => {
      underWay += 1
      try {
        return await fn()
      } finally {
        underWay -= 1
        if (underWay === 0) wake()
      }
    },
    runUntil: async (tasks) => {
      let open = tasks.length
      const failures: unknown[] = []
      for (const task of tasks) {
        task
          .catch((error: unknown) => failures.push(error))
          .finally(() => {
            open -= 1
          })
      }
      const startedMs = time.now()
      const startedTurns = turns
      let waitedMs = 0
      while (true) {
        await settle()
        if (open === 0) {
          if (failures.length > 0) throw failures[0]
          return
        }
        if (turns - startedTurns > MOST_TURNS_OF_A_STEP) throw new Standstill('A step goes on and on.')
        if (giveTurn()) {
          waitedMs = 0
          continue
        }
        const nextMs = time.nextDueMs()
        if (nextMs === null && underWay > 0) continue
        // A module that is loaded when it is first needed takes real time that nobody tells of.
        if (waitedMs < (nextMs === null ? LONGEST_LOADING_MS : SHORT_LOADING_MS)) {
          waitedMs += await realPause()
          continue
        }
        waitedMs = 0
        if (nextMs === null || nextMs - startedMs > LONGEST_STEP_MS) {
          throw new Standstill('A step waits for something that never comes: no turn is asked for and no timer runs.')
        }
        await time.advance(Math.max(0, nextMs - time.now()))
      }
    },
    runUntilQuiet: async () => {
      do await settle()
      while (giveTurn())
    },
    turns: () => turns,
    shuffle: (next) => {
      random = next
    },
    waitForAll: () => {
      patience = null
    },
  }
}

async function realPause(): Promise<number> {
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 2))
  return performance.now() - started
}

/** Promises settle before the next macrotask begins; a message is the quickest that browsers and Node both have. */
const macrotask: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () => new Promise((resolve) => setTimeout(resolve, 0))
