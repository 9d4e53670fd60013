import type { DiagnosticTarget } from '@/designer/compiler/diagnostics'
import type { Project } from '@/designer/model/project'
import type { Selection } from '@/designer/stores/selection'
import type { JsonPath } from './json-places'

/** Where in the document the record is that a diagnostic is about. */
export function pathOfTarget(target: DiagnosticTarget): JsonPath {
  switch (target.kind) {
    case 'project':
      return ['name']
    case 'serverEntity':
      return ['serverEntities', target.id]
    case 'localEntity':
      return ['localEntities', target.id]
    case 'localAttribute':
      return ['localEntities', target.entity, 'attributes', target.id]
    case 'syncUnit':
      return ['syncUnits', target.id]
    case 'flow':
      return ['flows', target.id]
    case 'conflictHandler':
      return ['conflictHandlers', target.id]
    case 'action':
      return ['actions', target.id]
  }
}

/** Where in the document what is selected is; null where nothing is, or more than one record. */
export function pathOfSelection(selection: Selection): JsonPath | null {
  switch (selection.kind) {
    case 'local-entities': {
      const [only, another] = selection.ids
      return only === undefined || another !== undefined ? null : ['localEntities', only]
    }
    case 'local-attribute':
      return ['localEntities', selection.entity, 'attributes', selection.id]
    case 'server-entity':
      return ['serverEntities', selection.id]
    case 'sync-unit':
      return ['syncUnits', selection.id]
    case 'group':
      return ['groups', selection.id]
    case 'note':
      return ['notes', selection.id]
    case 'flow-node':
    case 'none':
      return null
  }
}

/** What a caret inside of that path selects in Data mode; null where there is nothing to select. */
export function selectionAt(path: JsonPath, project: Project): Selection | null {
  const [part, id = '', inside, attribute = ''] = path
  if (part === 'serverEntities' && id in project.serverEntities) return { kind: 'server-entity', id }
  const entity = part === 'localEntities' ? project.localEntities[id] : undefined
  if (entity === undefined) return null
  return inside === 'attributes' && attribute in entity.attributes
    ? { kind: 'local-attribute', entity: id, id: attribute }
    : { kind: 'local-entities', ids: [id] }
}
