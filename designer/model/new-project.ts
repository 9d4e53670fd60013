/** Projects to begin with: an empty one, and one made of a schema in one step, as `syncline init` does. */
import { gridLayout } from './card-layout'
import { createNamedIds, type Ids } from './ids'
import { syncable } from './keys'
import { entityNameKey } from './names'
import { addLocalEntity, attributesOnDevice, keyNotOnDevice, setPatternKind } from './operations/local-entities'
import { inOrder } from './operations/order'
import { FORMAT_VERSION, type PatternKind, type Project, type ServerEntity, type ServerSchema } from './project'

export const emptyProject = ({ id, name }: { readonly id: string; readonly name: string }): Project => ({
  format: FORMAT_VERSION,
  id,
  name,
  serverTypes: {},
  serverEntities: {},
  localEntities: {},
  syncUnits: {},
  flows: {},
  conflictHandlers: {},
  actions: {},
  scenarios: {},
  requirements: {
    users: null,
    devicesPerUser: null,
    editsPerDay: null,
    editorsPerRecord: null,
    daysOffline: null,
    connection: null,
    entities: {},
  },
  testUsers: {},
  acceptedFindings: {},
  groups: {},
  notes: {},
  layout: { data: {}, notes: {}, flows: {}, handlers: {} },
})

export interface FromSchema {
  readonly schema: ServerSchema
  readonly name: string
  /** Names of tables, `name` or `schema.name`; `all` takes each table that can be synced. */
  readonly entities?: readonly string[] | 'all'
  readonly pattern?: PatternKind
  /** Ids derived from names if not given: the same schema then gives the same project. */
  readonly ids?: Ids
}

export type ProjectFromSchema =
  | {
      readonly kind: 'ok'
      readonly project: Project
      /** Tables (`name`) and attributes (`table.attribute`) that were left out because a device can't have them, with why. */
      readonly leftOut: readonly { readonly name: string; readonly reason: string }[]
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** A project with local entities for the named tables, all in the unit `Default`. */
export function projectFromSchema(options: FromSchema): ProjectFromSchema {
  const ids = options.ids ?? createNamedIds()
  const project: Project = {
    ...emptyProject({ id: ids('project', options.name, () => false), name: options.name }),
    serverTypes: structuredClone(options.schema.serverTypes),
    serverEntities: structuredClone(options.schema.serverEntities),
  }
  const known = Object.values(project.serverEntities).sort(
    (a, b) => compare(a.schema, b.schema) || compare(a.name, b.name),
  )
  const named = options.entities === undefined || options.entities === 'all' ? null : options.entities
  const leftOut: { name: string; reason: string }[] = []
  const chosen: ServerEntity[] = []
  if (named === null) {
    for (const entity of known) {
      const canSync = syncable(entity)
      const reason = canSync.kind === 'not-syncable' ? canSync.reason : keyNotOnDevice(project, entity)
      if (reason === null) chosen.push(entity)
      else leftOut.push({ name: entity.name, reason })
    }
  } else {
    for (const name of named) {
      const found = find(known, name)
      if (found.kind === 'refused') return found
      if (!chosen.includes(found.entity)) chosen.push(found.entity)
    }
  }

  // Of tables with one name, the first keeps it plain; where there are any, those in `public` come first.
  if (new Set(chosen.map((entity) => entityNameKey(entity.name))).size < chosen.length) {
    chosen.sort((a, b) => Number(b.schema === 'public') - Number(a.schema === 'public'))
  }
  for (const entity of chosen) {
    const result = addLocalEntity(project, {
      root: entity.id,
      ids,
      // All are placed together in the end.
      position: { x: 0, y: 0 },
    })
    if (result.kind === 'refused') return result
    const taken = new Set(attributesOnDevice(project, entity))
    for (const attribute of Object.values(entity.attributes)) {
      if (taken.has(attribute.id)) continue
      leftOut.push({
        name: `${entity.name}.${attribute.name}`,
        reason: `A device does not have the type ${attribute.type}.`,
      })
    }
  }
  // Only now, because some patterns speak of the other entities.
  const { pattern } = options
  if (pattern !== undefined) for (const [id] of inOrder(project.localEntities)) setPatternKind(project, id, pattern)
  project.layout.data = gridLayout(project)
  return { kind: 'ok', project, leftOut }
}

type Found =
  | { readonly kind: 'found'; readonly entity: ServerEntity }
  | { readonly kind: 'refused'; readonly reason: string }

function find(known: readonly ServerEntity[], name: string): Found {
  const exact = known.filter((entity) => entity.name === name || `${entity.schema}.${entity.name}` === name)
  // A table in `public` is meant where the name alone is given.
  const entity = exact.length > 1 ? exact.find((candidate) => candidate.schema === 'public') : exact[0]
  if (entity !== undefined) return { kind: 'found', entity }
  if (exact.length > 1) {
    const choices = exact.map((candidate) => `${candidate.schema}.${candidate.name}`).join(', ')
    return { kind: 'refused', reason: `"${name}" could be ${choices}. Name it with its schema.` }
  }
  const near = known.filter((candidate) => candidate.name.toLowerCase() === name.toLowerCase())[0]
  const hint =
    near === undefined
      ? `The schema has: ${known.map((candidate) => candidate.name).join(', ')}.`
      : `Did you mean "${near.name}"?`
  return { kind: 'refused', reason: `The schema has no table "${name}". ${hint}` }
}

/** By code unit, which is the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
