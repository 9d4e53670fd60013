/** What kind of field a value is written in. */
import {
  deviceType,
  followPath,
  type Project,
  type ScopeOperand,
  type ServerAttribute,
  type ServerEntity,
} from '@/designer/model'

export type ValueShape =
  | { readonly kind: 'boolean' | 'number' | 'date' | 'uuid' | 'text' }
  | { readonly kind: 'timestamp'; readonly withZone: boolean }
  | { readonly kind: 'enum'; readonly values: readonly string[] }

const TEXT: ValueShape = { kind: 'text' }

/** A claim has the shape of text: it may be anything. */
export function shapeOfOperand(project: Project, entity: ServerEntity, operand: ScopeOperand): ValueShape {
  if (operand.kind === 'now-minus') return { kind: 'timestamp', withZone: true }
  const attribute = attributeOf(project, entity, operand)
  return attribute === null ? TEXT : shapeOfAttribute(project, attribute)
}

export function attributeOf(project: Project, entity: ServerEntity, operand: ScopeOperand): ServerAttribute | null {
  if (operand.kind === 'attribute') return entity.attributes[operand.attribute] ?? null
  if (operand.kind !== 'joined') return null
  return followPath(project, entity.id, operand.path)?.end.attributes[operand.attribute] ?? null
}

function shapeOfAttribute(project: Project, attribute: ServerAttribute): ValueShape {
  const value = deviceType(project, attribute)?.value
  if (value?.kind === 'enum') return { kind: 'enum', values: value.values }
  const named = attribute.typeId === null ? undefined : project.serverTypes[attribute.typeId]
  const type = named?.kind === 'domain' ? named.baseType : attribute.type
  if (type === 'boolean' || type === 'uuid' || type === 'date') return { kind: type }
  if (/^timestamp\b/.test(type)) return { kind: 'timestamp', withZone: type.endsWith('with time zone') }
  if (/^(smallint|integer|bigint|real|double precision|numeric\b.*|oid)$/.test(type)) return { kind: 'number' }
  return TEXT
}
