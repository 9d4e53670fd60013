/** The enums and domains that the device's columns use, each under a name that is free there. */

import type { TypeContract } from '@syncline/runtime/contract'
import {
  attributeOrigin,
  baseValueKind,
  freeName,
  inOrder,
  namedType,
  originType,
  type Project,
  type ServerType,
  splitArray,
} from '@/designer/model'

export interface LoweredTypes {
  /** In an order in which they can be created. */
  readonly contracts: readonly TypeContract[]
  /** Name on the device, by the server type's id. */
  readonly nameOf: ReadonlyMap<string, string>
}

export function lowerTypes(project: Project): LoweredTypes {
  const inUse = usedTypes(project)
  // In PostgreSQL a table is also a type, so a type can't have a table's name.
  const taken = new Set(Object.values(project.localEntities).map((entity) => entity.name))
  const nameOf = new Map<string, string>()
  for (const type of inUse) {
    const name = freeName(type.name, (candidate) => taken.has(candidate) || baseValueKind(candidate) !== null)
    taken.add(name)
    nameOf.set(type.id, name)
  }
  return { contracts: inUse.map((type) => contract(project, type, nameOf)), nameOf }
}

/** Those that attributes name, and those under them; each after what it stands on. */
function usedTypes(project: Project): ServerType[] {
  const used = new Map<string, ServerType>()
  const visit = (type: ServerType, path: readonly string[]): void => {
    if (used.has(type.id) || path.includes(type.id)) return
    const below = type.kind === 'domain' ? namedType(project, splitArray(type.baseType).element, type.schema) : null
    if (below !== null) visit(below, [...path, type.id])
    used.set(type.id, type)
  }
  for (const [, entity] of inOrder(project.localEntities)) {
    for (const [, attribute] of inOrder(entity.attributes)) {
      const typeId = originType(attributeOrigin(project, entity, attribute))?.typeId
      const type = typeId === null || typeId === undefined ? undefined : project.serverTypes[typeId]
      if (type !== undefined) visit(type, [])
    }
  }
  return [...used.values()]
}

function contract(project: Project, type: ServerType, nameOf: ReadonlyMap<string, string>): TypeContract {
  const name = nameOf.get(type.id) ?? type.name
  if (type.kind === 'enum') return { kind: 'enum', name, values: [...type.values] }
  const { element, suffix } = splitArray(type.baseType)
  const below = namedType(project, element, type.schema)
  const base = below === null ? null : (nameOf.get(below.id) ?? null)
  return { kind: 'domain', name, baseType: base === null ? type.baseType : `${base}${suffix}` }
}
