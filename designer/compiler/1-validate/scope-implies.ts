/** Whether a child's filter implies its parent's, by the shape of both. */
import { type ScopeFilter, type ScopeOperand, type ServerEntity, sorted } from '@/designer/model'

/** The conditions that all have to hold. */
export const topTerms = (filter: ScopeFilter): readonly ScopeFilter[] =>
  filter.kind === 'and' ? filter.terms.flatMap(topTerms) : [filter]

/**
 * Whether each row for which `filter` holds refers, by the foreign key, to nothing or to a row for which all of
 * `conditions` hold. Null conditions are SQL: only following the parent implies them.
 */
export function impliesOfParent(
  filter: ScopeFilter,
  root: ServerEntity,
  foreignKey: string,
  conditions: readonly ScopeFilter[] | null,
): boolean {
  const holds = (condition: ScopeFilter | null): boolean =>
    implies(filter, (term) => speaksOf(term, root, foreignKey, condition))
  return conditions === null ? holds(null) : conditions.every(holds)
}

/** Through groups: one term of "and" is enough, all of "or" are needed. */
function implies(filter: ScopeFilter, holds: (term: ScopeFilter) => boolean): boolean {
  if (holds(filter)) return true
  if (filter.kind === 'and') return filter.terms.some((term) => implies(term, holds))
  if (filter.kind === 'or') return filter.terms.every((term) => implies(term, holds))
  return false
}

function speaksOf(term: ScopeFilter, root: ServerEntity, foreignKey: string, condition: ScopeFilter | null): boolean {
  if (term.kind === 'in-scope') return term.foreignKey === foreignKey
  if (term.kind === 'compare' && isEmptyReference(term, root, foreignKey)) return true
  if (condition === null) return false
  if (term.kind === 'exists' && term.foreignKey === foreignKey) {
    const wanted = asText(condition)
    return implies(term.term, (inner) => asText(inner) === wanted)
  }
  const lifted = lift(condition, root, foreignKey).map(asText)
  return lifted.includes(asText(term))
}

type Comparison = Extract<ScopeFilter, { kind: 'compare' }>

function isEmptyReference({ operator, left, right }: Comparison, root: ServerEntity, foreignKey: string): boolean {
  const [only] = right
  return (
    operator === '=' &&
    left.kind === 'attribute' &&
    only?.kind === 'constant' &&
    only.value === null &&
    (root.foreignKeys[foreignKey]?.attributes.includes(left.attribute) ?? false)
  )
}

/** The parent's comparison as the child may write it: with joined attributes, or with its own columns of the reference. */
function lift(condition: ScopeFilter, root: ServerEntity, foreignKey: string): ScopeFilter[] {
  if (condition.kind !== 'compare') return []
  // A reference to nothing joins to nothing, which "is empty" would take for a row that is there.
  if (condition.right.some((item) => item.kind === 'constant' && item.value === null)) return []
  const lefts = liftOperand(condition.left, root, foreignKey)
  const rights = condition.right.map((item) => liftOperand(item, root, foreignKey))
  return lefts.flatMap((left, index) => {
    const right = rights.flatMap((choices) => choices[index] ?? choices[0] ?? [])
    return right.length === condition.right.length ? [{ ...condition, left, right }] : []
  })
}

function liftOperand(operand: ScopeOperand, root: ServerEntity, foreignKey: string): ScopeOperand[] {
  const key = root.foreignKeys[foreignKey]
  if (operand.kind === 'joined') return [{ ...operand, path: [foreignKey, ...operand.path] }]
  if (operand.kind !== 'attribute') return [operand]
  const joined: ScopeOperand = { kind: 'joined', path: [foreignKey], attribute: operand.attribute }
  const own = key?.attributes[key.referencedAttributes.indexOf(operand.attribute)]
  return own === undefined ? [joined] : [joined, { kind: 'attribute', attribute: own }]
}

/** The same for filters that are the same, in whatever order their keys came. */
const asText = (filter: ScopeFilter): string => JSON.stringify(sorted(filter))
