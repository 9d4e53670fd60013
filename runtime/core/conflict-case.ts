/**
 * From a conflict as the wire tells it to what its handler sees, and from the handler's decision back to a row: one
 * way for server and device, so that both decide alike (F3).
 *
 *   report (images by attribute id) ─► ConflictCase (by name) ─► handler ─► Decision ─► what becomes of the row
 *
 * Invariants
 * - A handler can't harm: one that throws, hangs on to a promise or answers something else parks the conflict.
 * - It gets copies, so that it can change nothing.
 * - What it may not write (keys, read-only attributes) stays as it is.
 */
import type {
  ConflictCase,
  ConflictKind,
  Decision,
  EntityContract,
  HandlerContract,
  NamedValues,
} from '../contract/bundle'

/** Attribute id to PostgreSQL's text form. */
type Image = { readonly [attribute: string]: string | null }

/** The part of a `ConflictReport` that decides. */
export interface ConflictImages {
  readonly kind: ConflictKind
  readonly base: Image | null
  readonly local: Image | null
  readonly server: Image | null
  readonly localAt: number
  readonly serverUser: string | null
  readonly serverAt: number | null
}

/** What becomes of the row: `write` with null deletes it. `park` where nobody but a person can tell. */
export type ConflictResult =
  | { readonly kind: 'write'; readonly row: Image | null }
  | { readonly kind: 'keep-server' }
  | { readonly kind: 'park' }

export function toConflictCase(entity: EntityContract, conflict: ConflictImages, localUser: string): ConflictCase {
  // What is derived is no part of a conflict: a server that pushes does not read it.
  const stored = { ...entity, attributes: entity.attributes.filter(({ derived }) => derived === undefined) }
  const named = (image: Image | null) => (image === null ? null : toNames(stored, image))
  return {
    kind: conflict.kind,
    entity: entity.name,
    base: named(conflict.base),
    local: named(conflict.local),
    server: named(conflict.server),
    localUser,
    localAt: conflict.localAt,
    serverUser: conflict.serverUser,
    serverAt: conflict.serverAt,
  }
}

/** Asks the handler; `park` where there is none, or none that answers as it should. */
export function runHandler(handler: HandlerContract | undefined, conflict: ConflictCase): Decision {
  if (!handler) return PARK
  try {
    const decision: unknown = handler.decide(structuredClone(conflict))
    return isDecision(decision) ? decision : PARK
  } catch {
    return PARK
  }
}

/**
 * The row that a decision asks for.
 *
 * `keep-local` is the row as its author left it; where the pattern looks at attributes, what he did not touch is the
 * server's. A value or a parent that is taken or gone can't be kept: it parks. `resolve` puts its values over the server's row,
 * or over the local one where the server has none.
 */
export function decisionResult(entity: EntityContract, conflict: ConflictImages, decision: Decision): ConflictResult {
  switch (decision.kind) {
    case 'park':
      return { kind: 'park' }
    case 'keep-server':
      return { kind: 'keep-server' }
    case 'keep-local':
      if (conflict.kind === 'unique-taken' || conflict.kind === 'parent-missing') return { kind: 'park' }
      return { kind: 'write', row: localRow(entity, conflict) }
    case 'resolve': {
      const values = toIds(entity, decision.values)
      const under = conflict.server ?? conflict.local ?? conflict.base
      if (values === null || under === null) return { kind: 'park' }
      return { kind: 'write', row: { ...under, ...values } }
    }
  }
}

/** Attribute ids to names. */
export function toNames(entity: EntityContract, image: Image): NamedValues {
  return Object.fromEntries(
    entity.attributes.flatMap(({ id, name }) => {
      const value = image[id]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const PARK: Decision = { kind: 'park' }

function isDecision(decision: unknown): decision is Decision {
  if (typeof decision !== 'object' || decision === null || !('kind' in decision)) return false
  switch (decision.kind) {
    case 'keep-local':
    case 'keep-server':
    case 'park':
      return true
    case 'resolve':
      return 'values' in decision && isNamedValues(decision.values)
    default:
      return false
  }
}

function isNamedValues(values: unknown): values is NamedValues {
  return (
    typeof values === 'object' &&
    values !== null &&
    Object.values(values).every((value) => value === null || typeof value === 'string')
  )
}

function localRow(entity: EntityContract, { base, local, server }: ConflictImages): Image | null {
  if (local === null || server === null) return local
  const wholeRow = entity.pattern.kind === 'conflict-detection' && entity.pattern.granularity === 'row'
  const kept = Object.entries(local).filter(([id, value]) => wholeRow || base === null || base[id] !== value)
  return { ...server, ...Object.fromEntries(kept) }
}

/** Null where a name is unknown: then the handler is not one of this entity's. */
function toIds(entity: EntityContract, values: NamedValues): Image | null {
  const byName = new Map(entity.attributes.map((attribute) => [attribute.name, attribute]))
  const image: Record<string, string | null> = {}
  for (const [name, value] of Object.entries(values)) {
    const attribute = byName.get(name)
    if (!attribute) return null
    if (!attribute.readOnly && !entity.key.includes(attribute.id)) image[attribute.id] = value
  }
  return image
}
