import { useMemo } from 'react'
import { adoptChild, parentChange } from '@/designer/model/operations/children'
import { addDenormalisedAttribute } from '@/designer/model/operations/derived-attributes'
import { addLocalAttribute } from '@/designer/model/operations/local-attributes'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import { mapByName } from '@/designer/model/operations/map-by-name'
import { done, type OperationResult } from '@/designer/model/operations/result'
import type { PatternKind } from '@/designer/model/project'
import { patternOf } from '@/designer/patterns'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { counted } from '../../ui/format'
import { type Point, useDataModeStore } from '../data-mode-context'
import type { DropChoice } from './drop-choice'

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

    const showCard = (entity: string) => {
      const { localEntities, serverEntities } = project()
      const table = serverEntities[localEntities[entity]?.root ?? '']?.name ?? ''
      session.selection.select({ kind: 'local-entities', ids: [entity] })
      session.panels.setState({ reveal: { id: entity } })
      session.tell(`“${table}” is on the device already as “${entityName(entity)}”.`)
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
      const change = childOf === undefined ? null : parentChange(project(), childOf)
      const result = edit(childOf ? `Add “${name}” to “${entityName(childOf)}”` : `Add “${name}”`, (draft) => {
        const added = addLocalEntity(draft, { root, attributes, pattern, ids: newIds, ...(position && { position }) })
        return added.kind === 'done' && childOf !== undefined ? adoptChild(draft, childOf, added.value) : added
      })
      if (result.kind !== 'done') return
      session.selection.select({ kind: 'local-entities', ids: [result.value] })
      if (childOf !== undefined && change !== null) {
        const before = patternOf(change.from).title
        session.offerUndo(
          `Added “${name}”. “${entityName(childOf)}” is now ${patternOf('one-to-many').title} instead of ${before}.`,
        )
      } else session.announce(`Added ${name} to the canvas`)
      if (!position) session.panels.setState({ reveal: { id: result.value, among: 'all' } })
    }

    const mapToTable = (entity: string, table: string, take: readonly string[]) => {
      const target = project().serverEntities[table]?.name ?? ''
      const result = edit(`Map “${entityName(entity)}” to “${target}”`, (draft) =>
        mapByName(draft, { entity, table, take, ids: newIds }),
      )
      if (result.kind !== 'done') return
      show(entity, [])
      session.offerUndo(`“${entityName(entity)}” now takes its rows from “${target}”.`)
    }

    const run = (choice: DropChoice, position?: Point) => {
      switch (choice.kind) {
        case 'add-entity':
          store.setState({ dialog: { ...choice, kind: 'add-entity', ...(position && { position }) } })
          return
        case 'show-card':
          return showCard(choice.entity)
        case 'add-child':
          store.setState({
            dialog: { kind: 'add-entity', root: choice.root, attributes: null, childOf: choice.parent },
          })
          return
        case 'map-by-name':
          store.setState({ dialog: choice })
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

    return { run, addEntity, denormalise, mapToTable }
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
