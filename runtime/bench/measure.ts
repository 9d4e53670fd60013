/**
 * How things are measured: our side and the yardstick take turns in the same run, and medians are compared, so that
 * whatever else the machine does hits both alike.
 */

/** One line of the table. */
export interface BenchResult {
  readonly what: string
  readonly ours: string
  readonly yardstick: string
  /** Of the two medians, the way round that the target is given. */
  readonly ratio: number | null
  readonly target: string
  readonly reached: boolean
  /** All that was measured, in milliseconds or what the names say. */
  readonly samples: { readonly [name: string]: readonly number[] }
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** What both sides of a round share, made anew for each. */
export interface Place<Shared> {
  readonly open: () => Promise<Shared>
  readonly close: (shared: Shared) => Promise<unknown>
}

/** Runs the sides in turns, each first in every second round; the first round only warms up and is not counted. */
export async function interleave<Name extends string, Shared>(
  rounds: number,
  place: Place<Shared>,
  sides: { readonly [N in Name]: (shared: Shared, round: number) => Promise<number> },
): Promise<{ readonly [N in Name]: readonly number[] }> {
  const names = Object.keys(sides) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as { [N in Name]: number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const shared = await place.open()
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const value = await sides[name](shared, round)
      if (round > 0) samples[name].push(value)
    }
    await place.close(shared)
  }
  return samples
}

/** For sides that share nothing. */
export const NOTHING: Place<null> = { open: async () => null, close: async () => undefined }

/** Three significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return String(Number(value.toPrecision(3)))
}

export const ms = (value: number): string => `${figure(value)} ms`

export const perSecond = (rows: number, durationMs: number): string => `${figure(rows / durationMs)} k rows/s`
