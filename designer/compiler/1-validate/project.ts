/** Rules on the project as a whole: that there is something to sync, and names and ids that tell records apart. */
import { entityNameKey, freeName, inOrder, isTooLong, type Project, pascalCase } from '@/designer/model'
import { type Diagnostic, type DiagnosticTarget, diagnostic } from '../diagnostics'

export function checkProject(project: Project): Diagnostic[] {
  const entities = inOrder(project.localEntities)
  if (entities.length === 0) {
    return [
      diagnostic('SL1001', { kind: 'project' }, 'There are no local entities. Drag a server entity onto the canvas.'),
    ]
  }
  return [...idProblems(project), ...sameNames(project), ...badNames(project)]
}

function idProblems(project: Project): Diagnostic[] {
  const kept: [string, Readonly<Record<string, { readonly id: string }>>, (id: string) => DiagnosticTarget][] = [
    ['server entity', project.serverEntities, (id) => ({ kind: 'serverEntity', id })],
    ['local entity', project.localEntities, (id) => ({ kind: 'localEntity', id })],
    ['sync unit', project.syncUnits, (id) => ({ kind: 'syncUnit', id })],
    ...Object.entries(project.localEntities).map(([entity, { attributes }]): (typeof kept)[number] => [
      'attribute',
      attributes,
      (id) => ({ kind: 'localAttribute', entity, id }),
    ]),
    ...Object.entries(project.serverEntities).map(([entity, { attributes }]): (typeof kept)[number] => [
      'server attribute',
      attributes,
      () => ({ kind: 'serverEntity', id: entity }),
    ]),
  ]
  return kept.flatMap(([what, records, target]) =>
    Object.entries(records)
      .filter(([key, record]) => record.id !== key)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, record]) =>
        diagnostic(
          'SL1004',
          target(key),
          `The ${what} kept under "${key}" says that its id is "${record.id}". Make both the same in the file.`,
        ),
      ),
  )
}

function sameNames(project: Project): Diagnostic[] {
  const first = new Map<string, string>()
  return inOrder(project.localEntities).flatMap(([id, { name }]) => {
    const key = entityNameKey(name)
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, name)
      return []
    }
    const taken = new Set(Object.values(project.localEntities).map((entity) => entityNameKey(entity.name)))
    const free = freeName(name, (candidate) => taken.has(entityNameKey(candidate)))
    return [
      diagnostic(
        'SL1002',
        { kind: 'localEntity', id },
        `"${name}" and "${other}" would both be device.entities.${pascalCase(name)}. Rename one of them.`,
        { title: `Rename to ${free}`, edit: { kind: 'rename-entity', entity: id, name: free } },
      ),
    ]
  })
}

/** Columns that every PostgreSQL table has. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])

function badNames(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([entity, { name, attributes }]) => [
    ...nameFault(name).map((fault) =>
      diagnostic('SL1003', { kind: 'localEntity', id: entity }, `The local entity "${name}" ${fault} Rename it.`),
    ),
    ...inOrder(attributes).flatMap(([id, attribute]) =>
      [
        ...nameFault(attribute.name),
        ...(SYSTEM_COLUMNS.has(attribute.name) ? ['has the name of a system column.'] : []),
      ].map((fault) =>
        diagnostic(
          'SL1003',
          { kind: 'localAttribute', entity, id },
          `The attribute "${attribute.name}" of "${name}" ${fault} Rename it.`,
        ),
      ),
    ),
  ])
}

function nameFault(name: string): string[] {
  if (name.trim() === '') return ['has an empty name.']
  if (name.includes('\0')) return ['has a name with a null character.']
  // In JavaScript it is no property like others: a row's value under it would be lost.
  if (name === '__proto__') return ['has a name that JavaScript keeps for itself.']
  return isTooLong(name) ? ['has a name of more than 63 bytes.'] : []
}
