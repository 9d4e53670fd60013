/** What a rule of the checklist is: it looks at a whole design and names evidence, never a feeling. */
import { inOrder, type LocalEntity, type Project, type ServerEntity } from '@/designer/model'
import type { Budget, EntityEstimate } from '@/designer/patterns'
import type { Diagnostic, DiagnosticCode } from '../diagnostics'

export interface ChecklistRule {
  readonly code: DiagnosticCode
  /** What is checked, as a line of the list: `Large entities have a scope`. */
  readonly asks: string
  readonly check: (design: Checked) => readonly Diagnostic[]
}

/** A project with what it costs. */
export interface Checked {
  readonly project: Project
  readonly budget: Budget
  /** Entities in order, with their tables and estimates; those whose table is gone are left out. */
  readonly entities: readonly CheckedEntity[]
}

export interface CheckedEntity {
  readonly entity: LocalEntity
  readonly root: ServerEntity
  readonly estimate: EntityEstimate
}

export function checkedOf(project: Project, budget: Budget): Checked {
  const estimates = new Map(budget.entities.map((estimate) => [estimate.entity, estimate]))
  const entities = inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    const estimate = estimates.get(id)
    return root === undefined || estimate === undefined ? [] : [{ entity, root, estimate }]
  })
  return { project, budget, entities }
}

/** Whether its rows were counted or said: a guess is no evidence. */
export const rowsAreKnown = ({ project }: Pick<Checked, 'project'>, { entity, root }: CheckedEntity): boolean =>
  root.rowEstimate !== null || (project.requirements.entities[entity.id]?.rows ?? null) !== null

/** Whether rows come down to devices. */
export const isPulled = ({ direction, pattern }: LocalEntity): boolean =>
  direction !== 'up' && pattern.kind !== 'append-only'
