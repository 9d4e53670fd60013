import type { Path, Project } from '@/designer/model'

/** A place in the project in words: `the name of "orders"`, for the message after a merge. */
export function describeOverlap(project: Project, path: Path): string {
  const [section, id, field] = path
  switch (section) {
    case undefined:
      return 'the project'
    case 'name':
      return 'the project’s name'
    case 'layout':
      return 'where things stand on the canvas'
    case 'localEntities':
      return place(project.localEntities[id ?? '']?.name, field, 'an entity')
    case 'syncUnits':
      return place(project.syncUnits[id ?? '']?.name, field, 'a sync unit')
    case 'serverEntities':
    case 'serverTypes':
      return 'the server schema'
    default:
      return section
  }
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: 'name',
  pattern: 'pattern',
  direction: 'direction',
  keyStrategy: 'key',
  attributes: 'attributes',
  entities: 'entities',
  triggers: 'triggers',
}

function place(name: string | undefined, field: string | undefined, unknown: string): string {
  if (name === undefined) return unknown
  const what = field === undefined ? undefined : FIELD_WORDS[field]
  return what ? `the ${what} of “${name}”` : `“${name}”`
}
