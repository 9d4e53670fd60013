/** Rules on sync units: each entity in one of them, each with a flow and a name of its own. */
import { inOrder, type Project } from '@/designer/model'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkUnits(project: Project): Diagnostic[] {
  const units = inOrder(project.syncUnits)
  const entities = inOrder(project.localEntities)
  if (entities.length > 0 && units.length === 0) {
    return [
      diagnostic('SL4002', { kind: 'project' }, 'There is no sync unit. Add one and put the local entities into it.'),
    ]
  }
  return [...eachUnit(project), ...membership(project)]
}

function eachUnit(project: Project): Diagnostic[] {
  const names = new Set<string>()
  return inOrder(project.syncUnits).flatMap(([id, unit]) => {
    const target = { kind: 'syncUnit', id } as const
    const found: Diagnostic[] = []
    if (names.has(unit.name))
      found.push(diagnostic('SL4004', target, `There are two sync units called "${unit.name}". Rename one of them.`))
    names.add(unit.name)
    if (Object.keys(unit.entities).length === 0) {
      found.push(
        diagnostic('SL4001', target, `The sync unit "${unit.name}" has no entities. Put some into it, or remove it.`),
      )
    }
    for (const [entity] of inOrder(unit.entities)) {
      if (project.localEntities[entity] !== undefined) continue
      found.push(
        diagnostic(
          'SL4005',
          target,
          `The sync unit "${unit.name}" names the entity ${entity}, which is not in the project. Take it out of the unit.`,
        ),
      )
    }
    if (project.flows[unit.flow] === undefined) {
      found.push(
        diagnostic(
          'SL4006',
          target,
          `The flow ${unit.flow} of the sync unit "${unit.name}" is not in the project. Remove the unit and make it again.`,
        ),
      )
    }
    if (Object.values(unit.triggers).every((trigger) => trigger === false || trigger === null)) {
      found.push(
        diagnostic(
          'SL4007',
          target,
          `The sync unit "${unit.name}" has no trigger; it runs when the app calls device.sync.trigger('${unit.name}').`,
        ),
      )
    }
    return found
  })
}

function membership(project: Project): Diagnostic[] {
  const units = inOrder(project.syncUnits)
  return inOrder(project.localEntities).flatMap(([id, entity]): Diagnostic[] => {
    const holders = units.filter(([, unit]) => id in unit.entities)
    const target = { kind: 'localEntity', id } as const
    const [first, second] = holders
    if (first === undefined) {
      const [unitId, unit] = units[0] ?? []
      return [
        diagnostic(
          'SL2006',
          target,
          `"${entity.name}" is in no sync unit, so it would never sync. Put it into one.`,
          ...(unitId === undefined || unit === undefined
            ? []
            : [
                {
                  title: `Put it into ${unit.name}`,
                  edit: { kind: 'move-to-unit', entity: id, unit: unitId } as const,
                },
              ]),
        ),
      ]
    }
    if (second === undefined) return []
    return [
      diagnostic(
        'SL4003',
        target,
        `"${entity.name}" is in the sync units "${first[1].name}" and "${second[1].name}". Keep it in one of them.`,
        { title: `Keep it in ${first[1].name}`, edit: { kind: 'move-to-unit', entity: id, unit: first[0] } },
      ),
    ]
  })
}
