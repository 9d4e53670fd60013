/**
 * What the document can say and this version can't compile. Each is an error: a setting that is ignored
 * would be a picture that lies.
 */
import { inOrder, type LocalEntity, type Project, type SyncUnit } from '@/designer/model'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkNotYet(project: Project): Diagnostic[] {
  return [
    ...inOrder(project.localEntities).flatMap(([id, entity]) => attributesNotYet(id, entity)),
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

function attributesNotYet(id: string, entity: LocalEntity): Diagnostic[] {
  return inOrder(entity.attributes).flatMap(([attributeId, attribute]) => {
    const target = { kind: 'localAttribute', entity: id, id: attributeId } as const
    const label = `"${attribute.name}" of "${entity.name}"`
    const remove = {
      title: `Leave out ${attribute.name}`,
      edit: { kind: 'remove-attribute', entity: id, attribute: attributeId },
    } as const
    const found: Diagnostic[] = []
    if (attribute.source.kind === 'denormalised') {
      found.push(
        diagnostic(
          'SL9003',
          target,
          `${label} is read from another table, which is not available yet. Leave it out.`,
          remove,
        ),
      )
    }
    if (attribute.source.kind === 'computed') {
      found.push(
        diagnostic('SL9004', target, `${label} is computed, which is not available yet. Leave it out.`, remove),
      )
    }
    return found
  })
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
