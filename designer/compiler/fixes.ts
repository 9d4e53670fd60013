/**
 * Carries out the fix of a diagnostic through the project's own operations, so that it can be undone like any
 * other edit. A fix of a diagnostic that is out of date is refused, as any operation on a record that is gone.
 */
import {
  addLocalAttribute,
  addLocalEntity,
  DIRECTIONS_OF_PATTERN,
  DONE,
  defaultKeyStrategy,
  gone,
  type Ids,
  moveEntityToUnit,
  type OperationResult,
  type Project,
  removeLocalAttribute,
  removeLocalEntity,
  renameLocalEntity,
  setAttributeSensitive,
  setDirection,
  setKeyStrategy,
  setPattern,
  setScope,
  setUnitRetry,
  setUnitTrigger,
} from '@/designer/model'
import type { Fix } from './diagnostics'

export function applyFix(draft: Project, fix: Fix, ids: Ids): OperationResult<unknown> {
  const { edit } = fix
  switch (edit.kind) {
    case 'include-attributes':
      return includeAttributes(draft, edit.entity, edit.serverAttributes, ids)
    case 'add-entity':
      return addLocalEntity(draft, { root: edit.root, ids })
    case 'remove-entity':
      return removeLocalEntity(draft, edit.entity)
    case 'remove-attribute':
      return removeLocalAttribute(draft, edit.entity, edit.attribute)
    case 'rename-entity':
      return renameLocalEntity(draft, edit.entity, edit.name)
    case 'move-to-unit':
      return moveEntityToUnit(draft, edit.entity, edit.unit)
    case 'use-last-write-wins':
      return setPattern(draft, edit.entity, { kind: 'last-write-wins' })
    case 'use-default-direction': {
      const entity = draft.localEntities[edit.entity]
      return entity === undefined
        ? gone('local entity')
        : setDirection(draft, edit.entity, DIRECTIONS_OF_PATTERN[entity.pattern.kind][0])
    }
    case 'use-default-keys': {
      const root = draft.serverEntities[draft.localEntities[edit.entity]?.root ?? '']
      return root === undefined ? gone('server entity') : setKeyStrategy(draft, edit.entity, defaultKeyStrategy(root))
    }
    case 'scope-all':
      return setScope(draft, edit.entity, { kind: 'all' })
    case 'not-sensitive':
      return setAttributeSensitive(draft, edit.entity, edit.attribute, false)
    case 'only-sync-on-online':
      return setUnitTrigger(draft, edit.unit, {
        syncOnOnline: true,
        syncOnLogin: false,
        syncOnResume: false,
        intervalInSeconds: null,
        afterLocalChange: false,
        serverPoke: false,
      })
    case 'no-retry':
      return setUnitRetry(draft, edit.unit, { retryOnError: false })
  }
}

function includeAttributes(
  draft: Project,
  entity: string,
  attributes: readonly string[],
  ids: Ids,
): OperationResult<unknown> {
  for (const attribute of attributes) {
    const result = addLocalAttribute(draft, entity, attribute, ids)
    if (result.kind === 'refused') return result
  }
  return DONE
}
