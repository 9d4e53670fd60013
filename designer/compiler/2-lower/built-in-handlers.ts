/**
 * The conflict handlers that come with the compiler, as the text that is emitted: pure functions that anybody can read,
 * and copy to write one of his own.
 */
import type { Resolution } from '@/designer/model'

export interface HandlerText {
  readonly name: string
  readonly functionName: string
  readonly text: string
  /** Functions that the text calls; each stands once in the file. */
  readonly helpers: readonly string[]
  /** Names of the contract's types that the text uses. */
  readonly types: readonly string[]
}

const DECISION = ['ConflictCase', 'Decision']

/** What another version of a row has otherwise. */
export const CHANGED = `function changed(from: NamedValues, to: NamedValues): NamedValues {
  return Object.fromEntries(Object.entries(to).filter(([name, value]) => name in from && from[name] !== value))
}`

export const BUILT_IN_HANDLERS: Readonly<Record<Resolution, HandlerText>> = {
  park: {
    name: 'Park',
    functionName: 'park',
    types: ['Decision'],
    helpers: [],
    text: `/** A person decides; until then the edit waits on its device. */
function park(): Decision {
  return { kind: 'park' }
}`,
  },
  'keep-local': {
    name: 'Keep local',
    functionName: 'keepLocal',
    types: ['Decision'],
    helpers: [],
    text: `/** The edit stays, whatever others wrote meanwhile. */
function keepLocal(): Decision {
  return { kind: 'keep-local' }
}`,
  },
  'keep-server': {
    name: 'Keep server',
    functionName: 'keepServer',
    types: ['Decision'],
    helpers: [],
    text: `/** What others wrote meanwhile stays; the edit is given up. */
function keepServer(): Decision {
  return { kind: 'keep-server' }
}`,
  },
  'merge-attributes': {
    name: 'Merge attributes',
    functionName: 'mergeAttributes',
    types: [...DECISION, 'NamedValues'],
    helpers: [CHANGED],
    text: `/** Edits of different attributes are both kept; where both changed one to different values, a person decides. */
function mergeAttributes({ base, local, server }: ConflictCase): Decision {
  if (base === null || local === null || server === null) return { kind: 'park' }
  const mine = changed(base, local)
  const theirs = changed(base, server)
  const overlap = Object.keys(mine).some((name) => name in theirs && theirs[name] !== mine[name])
  return overlap ? { kind: 'park' } : { kind: 'resolve', values: mine }
}`,
  },
}
