/**
 * What the document can say and this version can't compile. Each is an error: a setting that is ignored
 * would be a picture that lies.
 */
import { inOrder, type LocalEntity, type Project, type SyncUnit } from '@/designer/model'
import { PATTERNS, patternOf } from '@/designer/patterns'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkNotYet(project: Project): Diagnostic[] {
  return [
    ...inOrder(project.localEntities).flatMap(([id, entity]) => [
      ...entityNotYet(id, entity),
      ...attributesNotYet(id, entity),
    ]),
    ...inOrder(project.syncUnits).flatMap(([id, unit]) => unitNotYet(project, id, unit)),
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

function entityNotYet(id: string, entity: LocalEntity): Diagnostic[] {
  const target = { kind: 'localEntity', id } as const
  const found: Diagnostic[] = []
  if (patternOf(entity.pattern.kind) === null) {
    found.push(
      diagnostic(
        'SL9001',
        target,
        `"${entity.name}" uses the pattern ${entity.pattern.kind}, which is not available yet. Choose ${PATTERNS.map((pattern) => pattern.id).join(' or ')}.`,
        { title: 'Use last-write-wins', edit: { kind: 'use-last-write-wins', entity: id } },
      ),
    )
  } else if (entity.direction === 'up') {
    found.push(
      diagnostic(
        'SL9011',
        target,
        `"${entity.name}" only sends, which is not available yet. Choose the direction "both".`,
        { title: 'Use the direction both', edit: { kind: 'use-default-direction', entity: id } },
      ),
    )
  }
  if (entity.scope.kind !== 'all') {
    found.push(
      diagnostic(
        'SL9002',
        target,
        `"${entity.name}" has a row scope, which is not available yet: all rows would reach every device. Remove the scope if that is meant.`,
        { title: 'Bring all rows', edit: { kind: 'scope-all', entity: id } },
      ),
    )
  }
  if (Object.keys(entity.indexes).length > 0) {
    found.push(
      diagnostic(
        'SL9008',
        target,
        `"${entity.name}" has indexes of its own, which are not available yet. Remove them.`,
      ),
    )
  }
  return found
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
    if (attribute.sensitive) {
      found.push(
        diagnostic(
          'SL9005',
          target,
          `${label} is to be encrypted on the device, which is not available yet. Leave it out, or allow clear text.`,
          {
            title: 'Allow clear text',
            edit: { kind: 'not-sensitive', entity: id, attribute: attributeId },
          },
        ),
      )
    }
    return found
  })
}

const TRIGGERS_NOT_YET: readonly (readonly [keyof SyncUnit['triggers'], string])[] = [
  ['syncOnLogin', 'SyncOnLogin'],
  ['syncOnResume', 'SyncOnResume'],
  ['intervalInSeconds', 'an interval'],
  ['afterLocalChange', 'after a local change'],
  ['serverPoke', 'when the server asks'],
]

function unitNotYet(project: Project, id: string, unit: SyncUnit): Diagnostic[] {
  const target = { kind: 'syncUnit', id } as const
  const found: Diagnostic[] = []
  const triggers = TRIGGERS_NOT_YET.filter(
    ([trigger]) => unit.triggers[trigger] !== false && unit.triggers[trigger] !== null,
  )
  if (triggers.length > 0) {
    found.push(
      diagnostic(
        'SL9006',
        target,
        `The sync unit "${unit.name}" is triggered by ${triggers.map(([, name]) => name).join(', ')}, which is not available yet. Use SyncOnOnline, or trigger it from the app.`,
        { title: 'Use SyncOnOnline only', edit: { kind: 'only-sync-on-online', unit: id } },
      ),
    )
  }
  if (unit.retryOnError) {
    found.push(
      diagnostic(
        'SL9009',
        target,
        `The sync unit "${unit.name}" is to retry on errors, which is not available yet. Switch it off; the next trigger syncs again.`,
        {
          title: 'Switch retries off',
          edit: { kind: 'no-retry', unit: id },
        },
      ),
    )
  }
  if (unit.priority !== 0 || unit.network !== 'any') {
    found.push(
      diagnostic(
        'SL9009',
        target,
        `The sync unit "${unit.name}" has a priority or a network condition, which is not available yet. Use priority 0 on any network.`,
      ),
    )
  }
  const flow = project.flows[unit.flow]
  if (flow?.kind === 'own') {
    found.push(
      diagnostic(
        'SL9007',
        { kind: 'flow', id: unit.flow },
        `The flow of the sync unit "${unit.name}" was edited, which is not available yet. Let it follow its patterns.`,
      ),
    )
  }
  return found
}
