import type { ForeignKey, Project, ServerEntity } from '@/designer/model/project'

export interface Relation {
  /** `out`: the table refers to the other one. */
  readonly direction: 'out' | 'in'
  readonly foreignKey: ForeignKey
  readonly other: ServerEntity
  /** Names of the attributes that refer. */
  readonly by: string
}

/** References of a table to others, then references of others to it; one to itself is told once. */
export function relationsOf(project: Pick<Project, 'serverEntities'>, root: ServerEntity): readonly Relation[] {
  const byOf = (from: ServerEntity, key: ForeignKey) =>
    key.attributes.map((id) => from.attributes[id]?.name ?? '?').join(', ')
  const out = Object.values(root.foreignKeys).flatMap((foreignKey): Relation[] => {
    const other = project.serverEntities[foreignKey.entity]
    return other === undefined ? [] : [{ direction: 'out', foreignKey, other, by: byOf(root, foreignKey) }]
  })
  const into = Object.values(project.serverEntities).flatMap((other) =>
    other.id === root.id
      ? []
      : Object.values(other.foreignKeys).flatMap((foreignKey): Relation[] =>
          foreignKey.entity === root.id ? [{ direction: 'in', foreignKey, other, by: byOf(other, foreignKey) }] : [],
        ),
  )
  const byName = (a: Relation, b: Relation) => a.other.name.localeCompare(b.other.name) || a.by.localeCompare(b.by)
  return [...out.sort(byName), ...into.sort(byName)]
}
