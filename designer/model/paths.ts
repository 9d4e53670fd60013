/** Ways through the server schema along foreign keys. */
import type { ForeignKey, Project, ServerEntity } from './project'

export interface FollowedPath {
  readonly steps: readonly PathStep[]
  /** The server entity at the end. */
  readonly end: ServerEntity
}

export interface PathStep {
  readonly from: ServerEntity
  readonly foreignKey: ForeignKey
  readonly to: ServerEntity
}

/** Follows foreign keys, by id, from a server entity outwards; null where one is not there. */
export function followPath(
  project: Pick<Project, 'serverEntities'>,
  root: string,
  path: readonly string[],
): FollowedPath | null {
  let end = project.serverEntities[root]
  if (end === undefined) return null
  const steps: PathStep[] = []
  for (const id of path) {
    const from: ServerEntity = end
    const foreignKey = from.foreignKeys[id]
    const to = foreignKey === undefined ? undefined : project.serverEntities[foreignKey.entity]
    if (foreignKey === undefined || to === undefined) return null
    steps.push({ from, foreignKey, to })
    end = to
  }
  return { steps, end }
}

/** Farther away than this nobody looks for an attribute; the number of ways grows with each step. */
const LONGEST_WAY = 3

/**
 * The ways along foreign keys from one server entity to another, as ids of foreign keys: all of the shortest length,
 * none where there is no way of up to three steps. A way that comes back to where it was is none.
 */
export function shortestPaths(
  project: Pick<Project, 'serverEntities'>,
  from: string,
  to: string,
): readonly (readonly string[])[] {
  interface Way {
    readonly path: readonly string[]
    readonly visited: readonly string[]
    readonly end: string
  }
  let ways: readonly Way[] = [{ path: [], visited: [from], end: from }]
  for (let step = 0; step < LONGEST_WAY; step += 1) {
    ways = ways.flatMap(({ path, visited, end }) =>
      Object.values(project.serverEntities[end]?.foreignKeys ?? {})
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .filter(({ entity }) => !visited.includes(entity))
        .map(({ id, entity }): Way => ({ path: [...path, id], visited: [...visited, entity], end: entity })),
    )
    const found = ways.filter(({ end }) => end === to)
    if (found.length > 0) return found.map(({ path }) => path)
  }
  return []
}

/** The names of the attributes that a way leads through, which is how people know it: `customer_id`. */
export function pathLabel(project: Pick<Project, 'serverEntities'>, root: string, path: readonly string[]): string {
  const followed = followPath(project, root, path)
  if (followed === null) return 'a reference that is gone'
  return followed.steps.map(stepLabel).join(' → ')
}

export const stepLabel = ({ from, foreignKey }: PathStep): string =>
  foreignKey.attributes.map((id) => from.attributes[id]?.name ?? '?').join(', ')
