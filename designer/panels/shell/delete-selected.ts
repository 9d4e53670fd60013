import { removeGroup } from '@/designer/model/operations/groups'
import { removeLocalAttribute } from '@/designer/model/operations/local-attributes'
import { removeLocalEntity } from '@/designer/model/operations/local-entities'
import { removeNote } from '@/designer/model/operations/notes'
import type { Selection } from '@/designer/stores/selection'
import type { Edit, Session } from '@/designer/stores/session'
import { counted } from '../ui/format'

/** Takes away what is selected, where that is something of the project; one step to undo. */
export function deleteSelected(session: Session, edit: Edit): void {
  const { selection } = session.selection.getState()
  const next = remove(session, edit, selection)
  if (next) session.selection.select(next)
}

/** Answers what is selected then; null where nothing was deleted. */
function remove({ project, announce }: Session, edit: Edit, selection: Selection): Selection | null {
  const { localEntities, groups } = project.getState().history.project
  switch (selection.kind) {
    case 'local-entities': {
      const ids = selection.ids.filter((id) => id in localEntities)
      const [first] = ids
      if (first === undefined) return null
      const what = ids.length === 1 ? `“${localEntities[first]?.name}”` : counted(ids.length, 'entity', 'entities')
      edit(`Delete ${what}`, (draft) => {
        let result = removeLocalEntity(draft, first)
        for (const id of ids.slice(1)) result = removeLocalEntity(draft, id)
        return result
      })
      announce(`Deleted ${what}`)
      return { kind: 'none' }
    }
    case 'local-attribute': {
      const { entity, id } = selection
      const name = localEntities[entity]?.attributes[id]?.name
      if (name === undefined) return null
      const result = edit(`Remove “${name}”`, (draft) => removeLocalAttribute(draft, entity, id))
      if (result.kind === 'refused') return null
      announce(`Removed ${name}`)
      return { kind: 'local-entities', ids: [entity] }
    }
    case 'group':
      if (!groups[selection.id]) return null
      edit(`Ungroup “${groups[selection.id]?.name}”`, (draft) => removeGroup(draft, selection.id))
      return { kind: 'none' }
    case 'note':
      edit('Delete a note', (draft) => removeNote(draft, selection.id))
      return { kind: 'none' }
    case 'none':
    case 'server-entity':
    case 'sync-unit':
    case 'flow-node':
      return null
  }
}
