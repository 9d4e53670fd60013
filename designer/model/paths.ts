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
