/**
 * What trying scopes on rows has shown: that a test user's sync would fail. It is known only by asking the rows, so it
 * is kept here while it holds, and told as a problem like those that the compiler finds.
 *
 * Invariant: a finding holds for the condition, the users' claims and the tables that it was made with, and goes when
 * one of them changes.
 */
import { readScope } from '@/designer/compiler/2-lower/scopes/read-scope'
import { type Diagnostic, diagnostic } from '@/designer/compiler/diagnostics'
import type { Project } from '@/designer/model/project'

export interface ScopeTrial {
  readonly entity: string
  readonly which: 'read' | 'write'
  readonly failing: readonly FailingUser[]
}

export interface FailingUser {
  readonly user: string
  /** Why, and for which row: whole sentences. */
  readonly message: string
}

export interface ScopeTrials {
  /** Takes the place of what was known of this scope. */
  readonly tried: (project: Project, trial: ScopeTrial) => void
  /** The rows are others now. */
  readonly forget: () => void
  readonly findings: (project: Project) => Diagnostic[]
}

interface Known extends ScopeTrial {
  readonly condition: string
  readonly serverEntities: Project['serverEntities']
  readonly testUsers: Project['testUsers']
}

export function createScopeTrials(): ScopeTrials {
  const known = new Map<string, Known>()
  return {
    tried: (project, trial) => {
      const key = `${trial.entity} ${trial.which}`
      const condition = conditionOf(project, trial)
      if (condition === null || trial.failing.length === 0) known.delete(key)
      else {
        const { serverEntities, testUsers } = project
        known.set(key, { ...trial, condition, serverEntities, testUsers })
      }
    },
    forget: () => known.clear(),
    findings: (project) =>
      [...known.values()].flatMap((trial) => {
        const entity = project.localEntities[trial.entity]
        const isHeld =
          trial.serverEntities === project.serverEntities &&
          trial.testUsers === project.testUsers &&
          trial.condition === conditionOf(project, trial)
        if (!isHeld || entity === undefined) return []
        const label = `The ${trial.which === 'read' ? 'scope' : 'write scope'} of "${entity.name}"`
        return trial.failing.map(({ user, message }) =>
          diagnostic(
            'SL5016',
            { kind: 'localEntity', id: entity.id, scope: { which: trial.which, path: null } },
            `${label} fails for the test user "${user}". ${message}`,
          ),
        )
      }),
  }
}

/** It has in it what the scopes of parents say; what may be written is within what is read. */
function conditionOf(project: Project, { entity: id, which }: Pick<ScopeTrial, 'entity' | 'which'>): string | null {
  const entity = project.localEntities[id]
  const root = project.serverEntities[entity?.root ?? '']
  if (entity === undefined || root === undefined) return null
  const read = readScope(project, root, entity.scope).rule?.where ?? null
  const write =
    which === 'write' && entity.writeScope !== null ? readScope(project, root, entity.writeScope).rule?.where : null
  return JSON.stringify([read, write ?? null])
}
