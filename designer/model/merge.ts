/**
 * Joins two sets of edits that were made from the same project: what one side alone changed is taken,
 * record by record and field by field. Where both changed the same field, `mine` wins and the place is
 * reported; where one side removed what the other edited, the edited one stays, so that no work is lost.
 */
import { Project } from './project'

export type Path = readonly string[]

export interface Merge {
  readonly project: Project
  /** Where both sides changed the same thing differently. */
  readonly overlaps: readonly Path[]
}

/** `base` is the project that both started from. */
export function mergeProjects(base: Project, mine: Project, theirs: Project): Merge {
  const overlaps: Path[] = []
  const merged = merge(base, mine, theirs, [], overlaps)
  // Each side alone is valid and values are merged only between objects of one kind, so this holds; the
  // parse makes sure that a future field can't break it unnoticed.
  const parsed = Project.safeParse(merged)
  if (parsed.success) return { project: parsed.data, overlaps }
  return { project: mine, overlaps: [...overlaps, []] }
}

type PlainObject = { readonly [key: string]: unknown }

function merge(base: unknown, mine: unknown, theirs: unknown, path: Path, overlaps: Path[]): unknown {
  if (isSame(mine, theirs) || isSame(theirs, base)) return mine
  if (isSame(mine, base)) return theirs
  if (isObject(mine) && isObject(theirs) && mine.kind === theirs.kind) {
    // Two variants of a union (`kind`) have different fields: a mixture of them would be neither.
    if (base === undefined) return mergeFields({}, mine, theirs, path, overlaps)
    if (isObject(base) && base.kind === mine.kind) return mergeFields(base, mine, theirs, path, overlaps)
  }
  overlaps.push(path)
  return mine === undefined ? theirs : mine
}

function mergeFields(
  base: PlainObject,
  mine: PlainObject,
  theirs: PlainObject,
  path: Path,
  overlaps: Path[],
): PlainObject {
  const merged: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const value = merge(base[key], mine[key], theirs[key], [...path, key], overlaps)
    if (value !== undefined) merged[key] = value
  }
  return merged
}

const isObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}
