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

/**
 * The local entities that an estimate of this one reads: itself, and those whose scopes its own follows, however far.
 * Whoever keeps an estimate need not reckon it anew while these and the rest of the design are the same.
 */
export function entitiesRead(
  project: Pick<Design, 'localEntities' | 'serverEntities'>,
  entity: LocalEntity,
): Readonly<Record<string, LocalEntity>> {
  const read: Record<string, LocalEntity> = {}
  const visit = (local: LocalEntity | undefined): void => {
    if (local === undefined || local.id in read) return
    read[local.id] = local
    const root = project.serverEntities[local.root]
    if (root !== undefined && local.scope.kind === 'filter') follow(root, local.scope.filter)
  }
  const follow = (root: ServerEntity, filter: ScopeFilter): void => {
    switch (filter.kind) {
      case 'and':
      case 'or':
        for (const term of filter.terms) follow(root, term)
        return
      case 'not':
        follow(root, filter.term)
        return
      case 'exists': {
        const related = relatedBy(project, root, filter.foreignKey)
        if (related !== undefined) follow(related, filter.term)
        return
      }
      case 'in-scope':
        visit(parentBy(project, root, filter.foreignKey))
        return
      case 'compare':
        return
    }
  }
  visit(entity)
  return read
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
      const related = relatedBy(project, root, filter.foreignKey)
      return related === undefined ? 1 : leaves(project, related, filter.term, seen)
    }
    case 'in-scope': {
      const local = parentBy(project, root, filter.foreignKey)
      if (local === undefined) return 1
      const said = project.requirements.entities[local.id]?.shareOnDevice ?? null
      return said ?? guessedShare(project, local, seen)
    }
    case 'compare':
      return compared(project, filter.operator, [filter.left, ...filter.right])
  }
}

/** The table at the other end of a foreign key, whichever of the two it leads from. */
function relatedBy(
  { serverEntities }: Pick<Design, 'serverEntities'>,
  root: ServerEntity,
  foreignKey: string,
): ServerEntity | undefined {
  const leadsTo = root.foreignKeys[foreignKey]?.entity
  return leadsTo === undefined
    ? Object.values(serverEntities).find((other) => foreignKey in other.foreignKeys)
    : serverEntities[leadsTo]
}

/** The local entity of the table that a foreign key leads to. */
function parentBy(
  { localEntities }: Pick<Design, 'localEntities'>,
  root: ServerEntity,
  foreignKey: string,
): LocalEntity | undefined {
  const parent = root.foreignKeys[foreignKey]?.entity
  const ofParent = Object.entries(localEntities).filter(([, local]) => local.root === parent)
  return inOrder(Object.fromEntries(ofParent))[0]?.[1]
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
