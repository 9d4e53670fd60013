/**
 * Types as scopes compare them: what a value is cast to, with what it can be compared, and which constants it takes.
 */
import { deviceType, type Project, type ScopeOperand, type ServerAttribute, type ServerEntity } from '@/designer/model'

export interface ComparedType {
  /** As people know it. */
  readonly name: string
  /** As a cast names it. */
  readonly sql: string
  /** Types of one family can be compared with each other. */
  readonly family: string
  readonly comparable: boolean
  readonly accepts: (constant: string) => boolean
}

export const TEXT: ComparedType = { name: 'text', sql: 'text', family: 'text', comparable: true, accepts: () => true }
export const TIMESTAMPTZ: ComparedType = {
  ...TEXT,
  name: 'timestamp with time zone',
  sql: 'timestamp with time zone',
  family: 'time',
}

/** The type that an operand brings; null for claims, constants and times, which take the other side's. */
export function comparedType(project: Project, entity: ServerEntity, item: ScopeOperand): ComparedType | null {
  if (item.kind === 'attribute') return typeOf(project, entity.attributes[item.attribute])
  if (item.kind !== 'joined') return null
  let end: ServerEntity | undefined = entity
  for (const key of item.path) end = project.serverEntities[end?.foreignKeys[key]?.entity ?? '']
  return typeOf(project, end?.attributes[item.attribute])
}

const NUMBERS = /^(smallint|integer|bigint|real|double precision|numeric\b.*|oid)$/
const TEXTS = /^(text|name|"char"|bpchar|character\b.*)$/
const TIMES = /^(date|timestamp\b.*)$/
const WITHOUT_ORDER = /^(json|xml|point|line|lseg|box|path|polygon|circle|jsonpath|xid)$/

function typeOf(project: Project, attribute: ServerAttribute | undefined): ComparedType | null {
  if (attribute === undefined) return null
  const named = attribute.typeId === null ? undefined : project.serverTypes[attribute.typeId]
  const suffix = /(\[\])*$/.exec(attribute.type)?.[0] ?? ''
  const base = named?.kind === 'domain' ? named.baseType : attribute.type
  const values = deviceType(project, attribute)?.value
  const isArray = values?.kind === 'array'
  return {
    name: attribute.type,
    sql: named === undefined ? attribute.type : `${quoted(named.schema)}.${quoted(named.name)}${suffix}`,
    family: NUMBERS.test(base) ? 'number' : TEXTS.test(base) ? 'text' : TIMES.test(base) ? 'time' : base,
    comparable: !WITHOUT_ORDER.test(base) && !isArray,
    accepts: (constant) => {
      if (values?.kind === 'enum') return values.values.includes(constant)
      if (NUMBERS.test(base)) return /^-?\d+(\.\d+)?$/.test(constant)
      if (base === 'boolean') return /^(true|false)$/i.test(constant)
      if (base === 'uuid') return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(constant)
      if (TIMES.test(base)) return isTime(constant)
      return true
    },
  }
}

/** ISO 8601 with a date that exists; words that PostgreSQL knows, such as `infinity`, are its own. */
function isTime(constant: string): boolean {
  const date = /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(
    constant.trim(),
  )
  if (date === null) return /^(-?infinity|epoch)$/i.test(constant.trim())
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
