/** Rules on the device's own indexes. */
import { inOrder, isUniqueOnServer, type LocalEntity, type Project, whyNotIndexed } from '@/designer/model'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkIndexes(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return Object.entries(entity.indexes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([index, { attributes, unique }]): Diagnostic[] => {
        const target = { kind: 'localEntity', id } as const
        const why = attributes.map((attribute) => unusable(project, entity, attribute)).find((reason) => reason)
        if (why) {
          return [
            diagnostic('SL2019', target, `An index of "${entity.name}" ${why}. Remove it.`, {
              title: 'Remove the index',
              edit: { kind: 'remove-index', entity: id, index },
            }),
          ]
        }
        if (!unique || isUniqueOnServer(entity, root, attributes)) return []
        return [
          diagnostic(
            'SL2020',
            target,
            `An index of "${entity.name}" is unique, which the server does not promise: rows that it has could not be applied. Make it an ordinary index.`,
            { title: 'Make it an ordinary index', edit: { kind: 'index-not-unique', entity: id, index } },
          ),
        ]
      })
  })
}

function unusable(project: Project, entity: LocalEntity, id: string): string | null {
  const attribute = entity.attributes[id]
  if (attribute === undefined) return `names an attribute that it does not have (${id})`
  const why = whyNotIndexed(project, entity, attribute)
  return why === null ? null : `names "${attribute.name}": ${why}`
}
