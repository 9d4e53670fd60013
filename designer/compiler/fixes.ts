/**
 * Carries out the fix of a diagnostic through the project's own operations, so that it can be undone like any
 * other edit. A fix of a diagnostic that is out of date is refused, as any operation on a record that is gone.
 */
import {
  addLocalAttribute,
  addLocalEntity,
  addScopeTerm,
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
  removeScopeTerm,
  renameLocalEntity,
  setAttributeDefault,
  setAttributeSwitch,
  setAttributeTransfer,
  setComputation,
  setDirection,
  setIndexUnique,
  setKeyStrategy,
  setPattern,
  setPatternKind,
  setScope,
  setUnitTrigger,
  setWriteScope,
} from '@/designer/model'
import { checkScopeRelations } from './1-validate/scope-relations'
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
        if (pattern.kind === 'merge') return { ...pattern, attributes: without(pattern.attributes, edit.attribute) }
        return pattern.kind === 'conflict-detection'
          ? { ...pattern, attributes: without(pattern.attributes, edit.attribute) }
          : pattern
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
    case 'not-required':
      return setAttributeSwitch(draft, edit.entity, edit.attribute, 'required', false)
    case 'no-default':
      return setAttributeDefault(draft, edit.entity, edit.attribute, null)
    case 'take-type': {
      const source = draft.localEntities[edit.entity]?.attributes[edit.attribute]?.source
      return source?.kind === 'computed'
        ? setComputation(draft, edit.entity, edit.attribute, { expression: source.expression, type: edit.type })
        : gone('computed attribute')
    }
    case 'transfer-inline':
      return setAttributeTransfer(draft, edit.entity, edit.attribute, 'inline')
    case 'no-write-scope':
      return setWriteScope(draft, edit.entity, null)
    case 'widen-scope':
      return setScope(draft, edit.entity, { kind: 'all' })
    case 'add-scope-term':
      return addScopeTerm(draft, edit.entity, edit.term)
    case 'follow-parent':
      return followParent(draft, edit.entity, edit.foreignKey)
    case 'remove-scope-term':
      return removeScopeTerm(draft, edit.entity, edit.which, edit.path)
    case 'use-pattern':
      return setPatternKind(draft, edit.entity, edit.pattern)
    case 'make-sensitive':
      return setAttributeSwitch(draft, edit.entity, edit.attribute, 'sensitive', true)
    case 'merge-attributes':
      return changePattern(draft, edit.entity, (pattern) =>
        'resolution' in pattern ? { ...pattern, resolution: 'merge-attributes', blocksSync: false } : pattern,
      )
    case 'set-triggers':
      return setUnitTrigger(draft, edit.unit, edit.triggers)
    case 'bring-on-demand':
      return setPattern(draft, edit.entity, { kind: 'on-demand', parent: edit.foreignKey })
  }
}

/**
 * Cascades: an entity that now holds fewer rows leaves references of its own children without a row, so that those
 * follow in turn. What was wrong with them before is not touched.
 */
function followParent(draft: Project, entity: string, foreignKey: string): OperationResult {
  const known = new Set(checkScopeRelations(draft).map(({ message }) => message))
  const result = addScopeTerm(draft, entity, { kind: 'in-scope', foreignKey })
  if (result.kind === 'refused') return result
  // Each round lets one more entity follow, so there are no more rounds than entities.
  for (let round = Object.keys(draft.localEntities).length; round > 0; round -= 1) {
    const next = checkScopeRelations(draft).find(
      ({ code, message, fix }) => code === 'SL5010' && !known.has(message) && fix?.edit.kind === 'follow-parent',
    )
    if (next?.fix?.edit.kind !== 'follow-parent') return DONE
    addScopeTerm(draft, next.fix.edit.entity, { kind: 'in-scope', foreignKey: next.fix.edit.foreignKey })
  }
  return DONE
}

const without = <Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== key))

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
