/** Where the values of a local attribute come from, followed through the server schema. */
import { followPath, type PathStep, stepLabel } from './paths'
import type { LocalAttribute, LocalEntity, Project, ServerAttribute, ServerEntity } from './project'

export type AttributeOrigin =
  | { readonly kind: 'column'; readonly table: ServerEntity; readonly server: ServerAttribute }
  | {
      readonly kind: 'path'
      readonly steps: readonly PathStep[]
      readonly table: ServerEntity
      readonly server: ServerAttribute
    }
  | { readonly kind: 'computed'; readonly expression: string; readonly type: string }
  /** What it was read from is not in the schema any more. */
  | { readonly kind: 'missing' }

type Schema = Pick<Project, 'serverEntities'>

export function attributeOrigin(
  project: Schema,
  entity: Pick<LocalEntity, 'root'>,
  { source }: LocalAttribute,
): AttributeOrigin {
  switch (source.kind) {
    case 'root': {
      const table = project.serverEntities[entity.root]
      const server = table?.attributes[source.attribute]
      return table === undefined || server === undefined ? { kind: 'missing' } : { kind: 'column', table, server }
    }
    case 'denormalised': {
      const followed = followPath(project, entity.root, source.path)
      const server = followed?.end.attributes[source.attribute]
      return followed === null || server === undefined
        ? { kind: 'missing' }
        : { kind: 'path', steps: followed.steps, table: followed.end, server }
    }
    case 'computed':
      return { kind: 'computed', expression: source.expression, type: source.type }
  }
}

/** The PostgreSQL type of its values; null where what it was read from is gone. */
export function originType(origin: AttributeOrigin): Pick<ServerAttribute, 'type' | 'typeId'> | null {
  switch (origin.kind) {
    case 'column':
    case 'path':
      return origin.server
    case 'computed':
      return { type: origin.type, typeId: null }
    case 'missing':
      return null
  }
}

/** In words that fit a line: `customers.company_name`, `customer_id → regions.name`, `computed`. */
export function originInWords(origin: AttributeOrigin): string {
  switch (origin.kind) {
    case 'column':
      return `${origin.table.name}.${origin.server.name}`
    case 'path':
      return [...origin.steps.map(stepLabel), `${origin.table.name}.${origin.server.name}`].join(' → ')
    case 'computed':
      return 'computed'
    case 'missing':
      return 'not in the schema any more'
  }
}

/** What an attribute is to its entity: reasons for which some of its settings are not free. */
export interface AttributeRole {
  readonly isKey: boolean
  /** The table that it refers to, as its only attribute or one of several. */
  readonly refersTo: ServerEntity | null
  /** Only the server can give its value: generated, or numbered always. */
  readonly madeByServer: boolean
  readonly derived: boolean
}

export function attributeRole(project: Schema, entity: LocalEntity, attribute: LocalAttribute): AttributeRole {
  const { source } = attribute
  const root = project.serverEntities[entity.root]
  const server = source.kind === 'root' ? root?.attributes[source.attribute] : undefined
  const key = Object.values(root?.foreignKeys ?? {}).find(
    ({ attributes }) => server !== undefined && attributes.includes(server.id),
  )
  return {
    isKey: server !== undefined && (root?.primaryKey.includes(server.id) ?? false),
    refersTo: key === undefined ? null : (project.serverEntities[key.entity] ?? null),
    madeByServer: server !== undefined && (server.generated !== null || server.identity === 'always'),
    derived: source.kind !== 'root',
  }
}
