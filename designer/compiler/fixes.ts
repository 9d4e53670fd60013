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
  type Pattern,
  type Project,
  removeIndex,
  removeLocalAttribute,
  removeLocalEntity,
  renameLocalEntity,
  setAttributeSwitch,
  setDirection,
  setIndexUnique,
  setKeyStrategy,
  setPattern,
  setWriteScope,
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
    case 'use-built-in-handler':
      return changePattern(draft, edit.entity, (pattern) =>
        'handler' in pattern ? { ...pattern, handler: null } : pattern,
      )
    case 'no-blocking':
      return changePattern(draft, edit.entity, (pattern) =>
        'blocksSync' in pattern ? { ...pattern, blocksSync: false } : pattern,
      )
    case 'remove-child':
      return changePattern(draft, edit.entity, (pattern) =>
        pattern.kind === 'one-to-many'
          ? { ...pattern, children: pattern.children.filter((child) => child !== edit.child) }
          : pattern,
      )
    case 'merge-latest':
      return changePattern(draft, edit.entity, (pattern) => {
        if (pattern.kind !== 'merge') return pattern
        const { [edit.attribute]: _, ...attributes } = pattern.attributes
        return { ...pattern, attributes }
      })
    case 'choose-by-key':
      return changePattern(draft, edit.entity, (pattern) =>
        pattern.kind === 'on-demand' ? { ...pattern, parent: null } : pattern,
      )
    case 'remove-index':
      return removeIndex(draft, edit.entity, edit.index)
    case 'index-not-unique':
      return setIndexUnique(draft, edit.entity, edit.index, false)
    case 'not-sensitive':
      return setAttributeSwitch(draft, edit.entity, edit.attribute, 'sensitive', false)
    case 'no-write-scope':
      return setWriteScope(draft, edit.entity, null)
  }
}

function changePattern(draft: Project, id: string, change: (pattern: Pattern) => Pattern): OperationResult {
  const entity = draft.localEntities[id]
  return entity === undefined ? gone('local entity') : setPattern(draft, id, change(entity.pattern))
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
