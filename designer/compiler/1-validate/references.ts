/** Foreign keys that a device can't hold, or can hold only at times. */
import { inOrder, type Project, syncable } from '@/designer/model'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkReferences(project: Project): Diagnostic[] {
  const localOfRoot = new Map(inOrder(project.localEntities).map(([id, entity]) => [entity.root, id]))
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const target = { kind: 'localEntity', id } as const
    const foreignKeys = Object.values(project.serverEntities[entity.root]?.foreignKeys ?? {})
    const absent = new Set<string>()
    return foreignKeys
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((foreignKey): Diagnostic[] => {
        const other = project.serverEntities[foreignKey.entity]
        if (other === undefined) return []
        const otherLocal = localOfRoot.get(other.id)
        if (otherLocal === undefined) {
          // Of several ways to one table the first says it for all: what mends one mends them.
          if (absent.has(other.id)) return []
          absent.add(other.id)
          return [
            diagnostic(
              'SL2010',
              target,
              `"${entity.name}" refers to "${other.name}", which is not on the device.`,
              ...(syncable(other).kind === 'syncable'
                ? [{ title: `Add ${other.name}`, edit: { kind: 'add-entity', root: other.id } as const }]
                : []),
            ),
          ]
        }
        const missing = foreignKey.attributes.filter((attribute) => !hasRoot(project, id, attribute))
        if (missing.length > 0) {
          const names = missing.map(
            (attribute) => `"${project.serverEntities[entity.root]?.attributes[attribute]?.name ?? attribute}"`,
          )
          return [
            diagnostic(
              'SL2011',
              target,
              `"${entity.name}" leaves out ${names.join(', ')}, with which it refers to "${other.name}".`,
              {
                title: 'Include the reference',
                edit: { kind: 'include-attributes', entity: id, serverAttributes: missing },
              },
            ),
          ]
        }
        const unit = unitOf(project, id)
        const otherUnit = unitOf(project, otherLocal)
        if (unit === null || otherUnit === null || unit === otherUnit) return []
        return [
          diagnostic(
            'SL2012',
            target,
            `"${entity.name}" refers to "${project.localEntities[otherLocal]?.name ?? other.name}", which is in another sync unit. Put both into one unit if a reference must never lead nowhere.`,
            { title: 'Move it to that unit', edit: { kind: 'move-to-unit', entity: id, unit: otherUnit } },
          ),
        ]
      })
  })
}

const hasRoot = (project: Project, entity: string, serverAttribute: string): boolean =>
  Object.values(project.localEntities[entity]?.attributes ?? {}).some(
    ({ source }) => source.kind === 'root' && source.attribute === serverAttribute,
  )

const unitOf = (project: Project, entity: string): string | null =>
  inOrder(project.syncUnits).find(([, unit]) => entity in unit.entities)?.[0] ?? null
