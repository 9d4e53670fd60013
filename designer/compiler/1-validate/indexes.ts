/** Rules on the device's own indexes. */
import { deviceType, inOrder, type LocalEntity, type Project, type ServerEntity } from '@/designer/model'
import { localIds } from '../2-lower/local-ids'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkIndexes(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return Object.entries(entity.indexes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([index, { attributes, unique }]): Diagnostic[] => {
        const target = { kind: 'localEntity', id } as const
        const why = attributes.map((attribute) => unusable(project, entity, root, attribute)).find((reason) => reason)
        if (why) {
          return [
            diagnostic('SL2019', target, `An index of "${entity.name}" ${why}. Remove it.`, {
              title: 'Remove the index',
              edit: { kind: 'remove-index', entity: id, index },
            }),
          ]
        }
        if (!unique || holdsOnServer(entity, root, attributes)) return []
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

const WITHOUT_ORDER = /^(json|xml|point|line|lseg|box|path|polygon|circle|jsonpath|xid)$/

function unusable(project: Project, entity: LocalEntity, root: ServerEntity, id: string): string | null {
  const attribute = entity.attributes[id]
  if (attribute === undefined) return `names an attribute that it does not have (${id})`
  const server = attribute.source.kind === 'root' ? root.attributes[attribute.source.attribute] : undefined
  if (server === undefined || deviceType(project, server) === null) return null
  return WITHOUT_ORDER.test(server.type) ? `names "${attribute.name}", whose type ${server.type} has no order` : null
}

/** A set of attributes is unique where it holds one that is. */
function holdsOnServer(entity: LocalEntity, root: ServerEntity, attributes: readonly string[]): boolean {
  const local = localIds(entity)
  return [root.primaryKey, ...root.uniques.map((unique) => unique.attributes)].some(
    (set) => set.length > 0 && set.every((part) => attributes.includes(local.get(part) ?? '')),
  )
}
