/** Which part of an entity's rows one device holds, as far as its scope tells without counting. */
import { inOrder, type LocalEntity, type ScopeFilter, type ScopeOperand, type ServerEntity } from '@/designer/model'
import type { Design } from './design'
import { ASSUMED, CONDITION_LEAVES, ROWS_SINCE_SECONDS } from './figures'

export interface Share {
  /** 0 to 1. */
  readonly value: number
  /** `said` in the requirements, `counted` on data, `all` rows, or `guessed` from the scope. */
  readonly from: 'said' | 'counted' | 'all' | 'guessed'
}

/** What the requirements say, else what was counted, else a guess. `countedRows`: rows in a device's scope, on average. */
export function shareOnDevice(project: Design, entity: LocalEntity, countedRows?: number): Share {
  const said = project.requirements.entities[entity.id]?.shareOnDevice ?? null
  if (said !== null) return { value: said, from: 'said' }
  const rows = rowsOnServer(project, entity)
  if (countedRows !== undefined && rows.value > 0)
    return { value: Math.min(1, countedRows / rows.value), from: 'counted' }
  if (entity.scope.kind === 'all') return { value: 1, from: 'all' }
  return { value: guessedShare(project, entity, []), from: 'guessed' }
}

/** Rows on the server: as the requirements say, as counted at import, or an assumption. */
export function rowsOnServer(
  project: Design,
  entity: LocalEntity,
): { readonly value: number; readonly measured: boolean } {
  const said = project.requirements.entities[entity.id]?.rows ?? null
  if (said !== null) return { value: said, measured: true }
  const counted = project.serverEntities[entity.root]?.rowEstimate ?? null
  return { value: counted ?? ASSUMED.rows, measured: counted !== null }
}

/** `seen` ends a circle of scopes that follow each other. */
function guessedShare(project: Design, entity: LocalEntity, seen: readonly string[]): number {
  const { scope } = entity
  const root = project.serverEntities[entity.root]
  if (scope.kind === 'all' || root === undefined || seen.includes(entity.id)) return 1
  if (scope.kind === 'sql') return /\bsession\b/i.test(scope.where) ? perUser(project) : CONDITION_LEAVES.sql
  return leaves(project, root, scope.filter, [...seen, entity.id])
}

const perUser = (project: Design): number => 1 / (project.requirements.users ?? ASSUMED.users)

function leaves(project: Design, root: ServerEntity, filter: ScopeFilter, seen: readonly string[]): number {
  switch (filter.kind) {
    case 'and':
      return filter.terms.reduce((share, term) => share * leaves(project, root, term, seen), 1)
    case 'or':
      return Math.min(
        1,
        filter.terms.reduce((share, term) => share + leaves(project, root, term, seen), 0),
      )
    case 'not':
      return 1 - leaves(project, root, filter.term, seen)
    case 'exists': {
      const leadsTo = root.foreignKeys[filter.foreignKey]?.entity
      const leadsFrom = Object.values(project.serverEntities).find((other) => filter.foreignKey in other.foreignKeys)
      const related = leadsTo === undefined ? leadsFrom : project.serverEntities[leadsTo]
      return related === undefined ? 1 : leaves(project, related, filter.term, seen)
    }
    case 'in-scope': {
      const parent = root.foreignKeys[filter.foreignKey]?.entity
      const local = inOrder(project.localEntities).find(([, { root: of }]) => of === parent)?.[1]
      if (local === undefined) return 1
      const said = project.requirements.entities[local.id]?.shareOnDevice ?? null
      return said ?? guessedShare(project, local, seen)
    }
    case 'compare':
      return compared(project, filter.operator, [filter.left, ...filter.right])
  }
}

function compared(
  project: Design,
  operator: Extract<ScopeFilter, { kind: 'compare' }>['operator'],
  operands: readonly ScopeOperand[],
): number {
  const since = operands.find((operand) => operand.kind === 'now-minus')
  const byClaim = operands.some(({ kind }) => kind === 'claim')
  switch (operator) {
    case '=':
      return byClaim ? perUser(project) : CONDITION_LEAVES.equals
    case '<>':
      return 1 - (byClaim ? perUser(project) : CONDITION_LEAVES.equals)
    case 'in':
      return byClaim ? Math.min(1, 3 * perUser(project)) : CONDITION_LEAVES.in
    case 'like':
      return CONDITION_LEAVES.like
    case '<':
    case '<=':
    case '>':
    case '>=':
      return since === undefined ? CONDITION_LEAVES.range : Math.min(1, since.seconds / ROWS_SINCE_SECONDS)
  }
}
