/**
 * Makes a script that breaks something as short as it gets while it still breaks it: delta debugging (Zeller and
 * Hildebrandt, 2002) on the steps, then on what the steps are made of.
 */
import type { Script, Step } from './script'

/** Answers whether the script still breaks. */
export type StillBreaks = (script: Script) => Promise<boolean>

export interface ShrinkOptions {
  /** How many scripts may be tried. */
  readonly attempts?: number
}

export async function shrinkScript(
  script: Script,
  stillBreaks: StillBreaks,
  { attempts = 300 }: ShrinkOptions = {},
): Promise<Script> {
  let left = attempts
  const breaks = async (steps: readonly Step[]): Promise<boolean> => {
    if (left <= 0) return false
    left -= 1
    return stillBreaks({ ...script, steps })
  }
  let steps = await withoutParts(script.steps, breaks)
  for (let index = 0; index < steps.length; index += 1) {
    for (const simpler of simplerSteps(steps[index])) {
      const changed = [...steps.slice(0, index), ...simpler, ...steps.slice(index + 1)]
      if (!(await breaks(changed))) continue
      steps = changed
      index -= 1
      break
    }
  }
  steps = await withoutParts(steps, breaks)
  return { ...script, steps }
}

/** Takes parts away, first large ones, then smaller ones, as long as the rest still breaks. */
async function withoutParts<T>(
  whole: readonly T[],
  breaks: (rest: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let items = whole
  let size = Math.ceil(items.length / 2)
  while (size >= 1) {
    let removed = false
    for (let start = 0; start < items.length; ) {
      const rest = [...items.slice(0, start), ...items.slice(start + size)]
      if (rest.length < items.length && (await breaks(rest))) {
        items = rest
        removed = true
      } else start += size
    }
    if (size === 1 && !removed) break
    size = removed && size === 1 ? 1 : Math.floor(size / 2)
  }
  return items
}

function simplerSteps(step: Step | undefined): readonly (readonly Step[])[] {
  switch (step?.kind) {
    case 'together':
      return [
        step.steps,
        ...step.steps.map((_, index) => [{ ...step, steps: step.steps.filter((__, other) => other !== index) }]),
      ]
    case 'edit':
    case 'write':
      return step.operations.length < 2
        ? []
        : step.operations.map((_, index) => [
            { ...step, operations: step.operations.filter((__, other) => other !== index) },
          ])
    case 'sync':
      return [
        ...(step.crashAt === null ? [] : [[{ ...step, crashAt: null }]]),
        ...(step.serverCrashAt === null ? [] : [[{ ...step, serverCrashAt: null }]]),
        ...(step.fates.length === 0 ? [] : [[{ ...step, fates: [] }], [{ ...step, fates: step.fates.slice(0, -1) }]]),
      ]
    default:
      return []
  }
}
