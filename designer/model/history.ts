/**
 * Undo and redo over the project's operations, as an immutable value.
 *
 *   past ── step, step, step ──► project ◄── step, step ── future
 *
 * A step holds patches, not copies, so that it can be sent, merged and applied to a project that has
 * meanwhile taken in somebody else's edits.
 */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer'
import type { Refused } from './operations/result'
import type { Project } from './project'

enablePatches()

export interface Step {
  /** What the user did, for the menu: `Rename "orders"`. */
  readonly label: string
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
  /** Steps that follow one another with the same key are one step: a card dragged, a name typed. */
  readonly coalesce: string | null
}

export interface History {
  readonly project: Project
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  readonly limit: number
}

export type Applied<Result> = {
  readonly history: History
  readonly result: Result
  /** Empty where the operation was refused or changed nothing. */
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
}

/** More steps than anybody takes back, few enough to stay small in memory. */
const DEFAULT_LIMIT = 200

export const createHistory = (project: Project, options: { readonly limit?: number } = {}): History => ({
  project,
  past: [],
  future: [],
  limit: options.limit ?? DEFAULT_LIMIT,
})

/** Runs an operation. One that is refused, or changes nothing, leaves no step. */
export function applyOperation<Result>(
  history: History,
  label: string,
  operation: (draft: Project) => Result,
  options: { readonly coalesce?: string } = {},
): Applied<Result> {
  const outcome: { result?: Result } = {}
  const [project, patches, inverse] = produceWithPatches(history.project, (draft: Project) => {
    outcome.result = operation(draft)
  })
  const result = outcome.result as Result
  if (isRefused(result) || patches.length === 0) return { history, result, patches: [], inverse: [] }

  const step: Step = { label, patches, inverse, coalesce: options.coalesce ?? null }
  const last = history.past.at(-1)
  const joins =
    last !== undefined && last.coalesce !== null && last.coalesce === step.coalesce && history.future.length === 0
  const past = joins ? [...history.past.slice(0, -1), joined(last, step)] : [...history.past, step]
  return {
    history: { ...history, project, past: past.slice(-history.limit), future: [] },
    result,
    patches,
    inverse,
  }
}

export const canUndo = (history: History): boolean => history.past.length > 0
export const canRedo = (history: History): boolean => history.future.length > 0

/** Takes the last step back; the same history where there is none. */
export function undo(history: History): History {
  const step = history.past.at(-1)
  if (step === undefined) return history
  return {
    ...history,
    project: applyPatches(history.project, step.inverse),
    past: history.past.slice(0, -1),
    future: [step, ...history.future],
  }
}

/** Makes the last step that was taken back again; the same history where there is none. */
export function redo(history: History): History {
  const step = history.future[0]
  if (step === undefined) return history
  return {
    ...history,
    project: applyPatches(history.project, step.patches),
    // What is done from now on is a step of its own, even with the same key.
    past: [...history.past, { ...step, coalesce: null }],
    future: history.future.slice(1),
  }
}

const isRefused = (result: unknown): result is Refused =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'refused'

const joined = (first: Step, second: Step): Step => ({
  label: second.label,
  coalesce: second.coalesce,
  patches: compacted([...first.patches, ...second.patches]),
  inverse: compacted([...second.inverse, ...first.inverse]),
})

/** Of replacements at one place only the last counts. Additions and removals depend on their order and stay. */
function compacted(patches: readonly Patch[]): readonly Patch[] {
  if (patches.some((patch) => patch.op !== 'replace')) return patches
  const lastAt = new Map(patches.map((patch, index) => [JSON.stringify(patch.path), index]))
  return patches.filter((patch, index) => lastAt.get(JSON.stringify(patch.path)) === index)
}
