import { useMemo } from 'react'
import { addDenormalisedAttribute } from '@/designer/model/operations/derived-attributes'
import { addLocalAttribute } from '@/designer/model/operations/local-attributes'
import { addLocalEntity, setPattern, setPatternKind } from '@/designer/model/operations/local-entities'
import { done, type OperationResult } from '@/designer/model/operations/result'
import type { PatternKind, Project } from '@/designer/model/project'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { counted } from '../../ui/format'
import { type Point, useDataModeStore } from '../data-mode-context'
import type { DropChoice } from './drop-meaning'

export interface NewEntity {
  readonly root: string
  readonly attributes: readonly string[]
  readonly pattern: PatternKind
  readonly position?: Point
  readonly childOf?: string
}

/** Carries out what a drop, a menu or a dialog of Data mode has decided; each is one step to undo. */
export function useDropActions() {
  const session = useSession()
  const edit = useEdit()
  const store = useDataModeStore()

  return useMemo(() => {
    const project = () => session.project.getState().history.project
    const entityName = (id: string) => project().localEntities[id]?.name ?? ''

    const show = (entity: string, attributes: readonly string[]) => {
      const [only] = attributes
      session.selection.select(
        only !== undefined && attributes.length === 1
          ? { kind: 'local-attribute', entity, id: only }
          : { kind: 'local-entities', ids: [entity] },
      )
    }

    const addAttributes = (entity: string, attributes: readonly string[]) => {
      const { localEntities, serverEntities } = project()
      const names = attributes.map(
        (id) => serverEntities[localEntities[entity]?.root ?? '']?.attributes[id]?.name ?? '',
      )
      const what = attributes.length === 1 ? `“${names[0]}”` : counted(attributes.length, 'attribute')
      const result = edit(`Add ${what} to “${entityName(entity)}”`, (draft) =>
        inTurn(attributes, (attribute) => addLocalAttribute(draft, entity, attribute, newIds)),
      )
      if (result.kind !== 'done') return
      show(entity, result.value)
      session.announce(`Added ${names.join(', ')} to ${entityName(entity)}`)
    }

    const denormalise = (entity: string, path: readonly string[], attributes: readonly string[]) => {
      const what = attributes.length === 1 ? 'an attribute' : counted(attributes.length, 'attribute')
      const result = edit(`Denormalise ${what} into “${entityName(entity)}”`, (draft) =>
        inTurn(attributes, (attribute) => addDenormalisedAttribute(draft, { entity, path, attribute, ids: newIds })),
      )
      if (result.kind !== 'done') return
      show(entity, result.value)
      session.announce(`Denormalised ${counted(result.value.length, 'attribute')} into ${entityName(entity)}`)
    }

    const addEntity = ({ root, attributes, pattern, position, childOf }: NewEntity) => {
      const name = project().serverEntities[root]?.name ?? ''
      const result = edit(childOf ? `Add “${name}” to “${entityName(childOf)}”` : `Add “${name}”`, (draft) => {
        const added = addLocalEntity(draft, { root, attributes, pattern, ids: newIds, ...(position && { position }) })
        return added.kind === 'done' && childOf !== undefined ? adopt(draft, childOf, added.value) : added
      })
      if (result.kind !== 'done') return
      session.selection.select({ kind: 'local-entities', ids: [result.value] })
      session.announce(`Added ${name} to the canvas`)
      if (!position) session.panels.setState({ reveal: { id: result.value, among: 'all' } })
    }

    const run = (choice: DropChoice, position?: Point) => {
      switch (choice.kind) {
        case 'add-entity':
          store.setState({ dialog: { ...choice, kind: 'add-entity', ...(position && { position }) } })
          return
        case 'add-child':
          store.setState({
            dialog: { kind: 'add-entity', root: choice.root, attributes: null, childOf: choice.parent },
          })
          return
        case 'denormalise-many':
          store.setState({ dialog: { kind: 'denormalise', entity: choice.entity, path: choice.path } })
          return
        case 'add-attributes':
          return addAttributes(choice.entity, choice.attributes)
        case 'denormalise':
          return denormalise(choice.entity, choice.path, [choice.attribute])
      }
    }

    return { run, addEntity, denormalise }
  }, [session, edit, store])
}

export type DropActions = ReturnType<typeof useDropActions>

/** The first refusal ends it; the edit then changes nothing at all. */
function inTurn(
  ids: readonly string[],
  operation: (id: string) => OperationResult<string>,
): OperationResult<readonly string[]> {
  const made: string[] = []
  for (const id of ids) {
    const result = operation(id)
    if (result.kind === 'refused') return result
    made.push(result.value)
  }
  return done(made)
}

/** Makes one local entity's rows part of another's, which others may be part of already. */
function adopt(draft: Project, parent: string, child: string): OperationResult<string> {
  if (draft.localEntities[parent]?.pattern.kind !== 'one-to-many') {
    const changed = setPatternKind(draft, parent, 'one-to-many')
    if (changed.kind === 'refused') return changed
  }
  const pattern = draft.localEntities[parent]?.pattern
  if (pattern?.kind !== 'one-to-many' || pattern.children.includes(child)) return done(child)
  const result = setPattern(draft, parent, { ...pattern, children: [...pattern.children, child] })
  return result.kind === 'refused' ? result : done(child)
}
