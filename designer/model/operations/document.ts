/**
 * The operation behind the project's text: makes the draft equal to another version of the same project.
 *
 * Only what differs is written, field by field and record by record, so that undo has small patches, records that did
 * not change keep their identity, and others' edits elsewhere stay apart.
 */
import { current } from 'immer'
import type { Project } from '../project'
import { same } from '../same'
import { DONE, type OperationResult, refused } from './result'

/** `next` is a whole project that fits the schema; refused where it is another project. */
export function replaceDocument(draft: Project, next: Project): OperationResult {
  if (next.id !== draft.id) {
    return refused('The id of a project can not be changed: it is how devices and saved copies know it.')
  }
  mergeObject(draft, current(draft), next)
  return DONE
}

type Fields = { [key: string]: unknown }

/** `before` is what `target` holds, as a plain value: reading that does not make drafts of all that stays as it is. */
function mergeObject(target: Fields, before: Readonly<Fields>, next: Readonly<Fields>): void {
  for (const key of Object.keys(before)) {
    if (next[key] === undefined) delete target[key]
  }
  for (const [key, value] of Object.entries(next)) {
    const present = before[key]
    if (value === undefined || same(present, value)) continue
    const draft = target[key]
    if (isObject(present) && isObject(value) && isObject(draft) && present.kind === value.kind) {
      mergeObject(draft, present, value)
    }
    // An array is one value: its elements have no names by which to tell what moved from what changed.
    else target[key] = value
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
