/**
 * What the document can say and this version can't compile. Each is an error: a setting that is ignored
 * would be a picture that lies.
 */
import { inOrder, type Project, type SyncUnit } from '@/designer/model'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkNotYet(project: Project): Diagnostic[] {
  return [
    ...inOrder(project.syncUnits).flatMap(([, unit]) => unitNotYet(project, unit)),
    ...inOrder(project.conflictHandlers).map(([id, { name }]) =>
      diagnostic(
        'SL9010',
        { kind: 'conflictHandler', id },
        `The conflict handler "${name}" can't be compiled yet. Remove it.`,
      ),
    ),
    ...inOrder(project.actions).map(([id, { name }]) =>
      diagnostic('SL9010', { kind: 'action', id }, `The action "${name}" can't be compiled yet. Remove it.`),
    ),
  ]
}

function unitNotYet(project: Project, unit: SyncUnit): Diagnostic[] {
  const flow = project.flows[unit.flow]
  if (flow?.kind !== 'own') return []
  return [
    diagnostic(
      'SL9007',
      { kind: 'flow', id: unit.flow },
      `The flow of the sync unit "${unit.name}" was edited, which is not available yet. Let it follow its patterns.`,
    ),
  ]
}
