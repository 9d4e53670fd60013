/**
 * Scopes in words: one line that an architect reads aloud, for the card, the inspector and the builder. It says what
 * the filter says, by the names of the schema, and never more.
 */
import { inOrder } from './operations/order'
import { followPath } from './paths'
import type { LocalEntity, Project, ServerEntity } from './project'
import type { Scope, ScopeFilter, ScopeOperand } from './scope'

type Schema = Pick<Project, 'serverEntities' | 'localEntities'>

/** Which rows a scope of the entity brings: `all rows`, `city is the claim city, and closed_at is empty`. */
export function scopeInWords(project: Schema, entity: Pick<LocalEntity, 'root'>, scope: Scope): string {
  switch (scope.kind) {
    case 'all':
      return 'all rows'
    case 'filter': {
      const root = project.serverEntities[entity.root]
      return root === undefined ? 'rows of a table that is not there' : filterInWords(project, root, scope.filter)
    }
    case 'sql':
      return `rows where ${scope.where.replace(/\s+/g, ' ').trim()}`
  }
}

/** One term of a filter over rows of the server entity. */
export function filterInWords(project: Schema, entity: ServerEntity, filter: ScopeFilter): string {
  switch (filter.kind) {
    case 'and':
      return filter.terms.length === 0 ? 'all rows' : listed(project, entity, filter.terms, 'and')
    case 'or':
      return filter.terms.length === 0 ? 'no row' : listed(project, entity, filter.terms, 'or')
    case 'not':
      return `not (${filterInWords(project, entity, filter.term)})`
    case 'compare':
      return comparisonInWords(project, entity, filter)
    case 'exists':
      return existenceInWords(project, entity, filter.foreignKey, filter.term)
    case 'in-scope': {
      const parent = entity.foreignKeys[filter.foreignKey]?.entity ?? ''
      const local = inOrder(project.localEntities).find(([, { root }]) => root === parent)?.[1]
      return `its ${referenceName(entity, filter.foreignKey)} is in the scope of ${local?.name ?? 'an entity that is not on the device'}`
    }
  }
}

function listed(project: Schema, entity: ServerEntity, terms: readonly ScopeFilter[], word: 'and' | 'or'): string {
  const said = terms.map((term) => {
    const words = filterInWords(project, entity, term)
    return isJoined(term) && terms.length > 1 ? `(${words})` : words
  })
  const [last] = said.slice(-1)
  return said.length < 2 ? (last ?? '') : `${said.slice(0, -1).join(', ')}, ${word} ${last}`
}

const isJoined = (filter: ScopeFilter): boolean =>
  (filter.kind === 'and' || filter.kind === 'or') && filter.terms.length > 1

export const OPERATOR_WORDS = {
  '=': 'is',
  '<>': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  like: 'is like',
  in: 'is one of',
} as const

/** Times are not less and more, but earlier and later. */
export const TIME_WORDS = {
  ...OPERATOR_WORDS,
  '<': 'is before',
  '<=': 'is at or before',
  '>': 'is after',
  '>=': 'is at or after',
} as const

type Comparison = Extract<ScopeFilter, { kind: 'compare' }>

function comparisonInWords(project: Schema, entity: ServerEntity, { left, operator, right }: Comparison): string {
  const from = operandInWords(project, entity, left)
  const [only] = right
  if (operator === 'in') {
    if (right.length === 0) return `${from} is one of nothing`
    return `${from} is one of ${right.map((item) => operandInWords(project, entity, item)).join(', ')}`
  }
  if (only?.kind === 'constant' && only.value === null) {
    if (operator === '=') return `${from} is empty`
    if (operator === '<>') return `${from} is not empty`
  }
  if (only?.kind === 'constant' && only.value !== null && (operator === '=' || operator === '<>')) {
    const flag = flagInWords(project, entity, left, only.value, operator === '<>')
    if (flag !== null) return flag
  }
  if (only?.kind === 'now-minus' && only.seconds > 0) {
    if (operator === '>' || operator === '>=') return `${from} is newer than ${durationInWords(only.seconds)}`
    if (operator === '<' || operator === '<=') return `${from} is older than ${durationInWords(only.seconds)}`
  }
  const words = isTime(project, entity, left) ? TIME_WORDS : OPERATOR_WORDS
  return `${from} ${words[operator]} ${only === undefined ? 'nothing' : operandInWords(project, entity, only)}`
}

/** `is_active is true` reads better than a comparison with a text. */
function flagInWords(
  project: Schema,
  entity: ServerEntity,
  left: ScopeOperand,
  value: string,
  isNot: boolean,
): string | null {
  if (operandType(project, entity, left) !== 'boolean') return null
  return `${operandInWords(project, entity, left)} is ${isNot ? 'not ' : ''}${value.toLowerCase()}`
}

const isTime = (project: Schema, entity: ServerEntity, operand: ScopeOperand): boolean =>
  /^(date|timestamp\b)/.test(operandType(project, entity, operand) ?? '')

function operandType(project: Schema, entity: ServerEntity, operand: ScopeOperand): string | null {
  if (operand.kind === 'attribute') return entity.attributes[operand.attribute]?.type ?? null
  if (operand.kind !== 'joined') return null
  return followPath(project, entity.id, operand.path)?.end.attributes[operand.attribute]?.type ?? null
}

export function operandInWords(project: Schema, entity: ServerEntity, operand: ScopeOperand): string {
  switch (operand.kind) {
    case 'attribute':
      return entity.attributes[operand.attribute]?.name ?? 'a column that is not there'
    case 'joined': {
      const found = followPath(project, entity.id, operand.path)
      const attribute = found?.end.attributes[operand.attribute]
      if (found === null || attribute === undefined) return 'a column that is not there'
      return [...found.steps.map(({ from, foreignKey }) => referenceName(from, foreignKey.id)), attribute.name].join(
        '.',
      )
    }
    case 'claim':
      return `the claim ${operand.name === '' ? '?' : operand.name}`
    case 'constant':
      return operand.value === null
        ? 'nothing'
        : /^-?\d+(\.\d+)?$/.test(operand.value)
          ? operand.value
          : `“${operand.value}”`
    case 'now-minus':
      return operand.seconds === 0 ? 'now' : `${durationInWords(operand.seconds)} ago`
  }
}

/**
 * What people call the row that a foreign key leads to: the table, or the column without its `_id` where another of the
 * entity's foreign keys leads to the same table.
 */
export function referenceName(entity: ServerEntity, foreignKey: string): string {
  const key = entity.foreignKeys[foreignKey]
  const [column] = (key?.attributes ?? []).flatMap((id) => entity.attributes[id]?.name ?? [])
  if (key === undefined || column === undefined) return 'a relation that is not there'
  return column.replace(/_?(id|key|code|no|number)$/i, '') || column
}

function existenceInWords(project: Schema, entity: ServerEntity, foreignKey: string, term: ScopeFilter): string {
  const key = entity.foreignKeys[foreignKey]
  const parent = key === undefined ? undefined : project.serverEntities[key.entity]
  const isAny = term.kind === 'and' && term.terms.length === 0
  if (parent !== undefined) {
    const name = referenceName(entity, foreignKey)
    return isAny ? `it has a ${name}` : `its ${name} is one where ${nested(project, parent, term)}`
  }
  const child = Object.values(project.serverEntities).find(
    (other) => other.foreignKeys[foreignKey]?.entity === entity.id,
  )
  if (child === undefined) return 'a relation that is not there'
  return isAny ? `it has ${child.name}` : `it has ${child.name} where ${nested(project, child, term)}`
}

/** In parentheses where what follows would be taken for a part of it. */
function nested(project: Schema, entity: ServerEntity, term: ScopeFilter): string {
  const words = filterInWords(project, entity, term)
  return isJoined(term) ? `(${words})` : words
}

const UNITS = [
  ['year', 365 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** In the largest unit that leaves no rest: `30 days`, `90 minutes`. */
export function durationInWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1]
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
