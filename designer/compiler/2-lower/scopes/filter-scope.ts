/**
 * Turns a scope that is a tree of comparisons into SQL over the server's row `b` and `session`. Claims and constants are
 * cast to the type of what they are compared with, so that no index is lost and no text is compared with a number.
 */
import {
  deviceType,
  type Project,
  type ScopeFilter,
  type ScopeOperand,
  type ServerAttribute,
  type ServerEntity,
} from '@/designer/model'
import {
  createFacts,
  factsToRule,
  isTracked,
  type ReadScope,
  type ScopeFacts,
  type ScopeProblemCode,
} from './scope-facts'

export function readFilterScope(project: Project, root: ServerEntity, filter: ScopeFilter): ReadScope {
  const facts = createFacts()
  const where = condition({ project, facts, entity: root, alias: 'b', depth: 0 }, filter)
  const { problems } = facts
  return { rule: problems.some(({ code }) => code !== 'SL5005') ? null : factsToRule(where, facts), problems }
}

/** Where in the tree we are: which entity's row is meant by an attribute. */
interface Place {
  readonly project: Project
  readonly facts: ScopeFacts
  readonly entity: ServerEntity
  readonly alias: string
  /** Of the row `b` itself, 0; grows with each `exists`, so that aliases differ. */
  readonly depth: number
}

function condition(place: Place, filter: ScopeFilter): string {
  switch (filter.kind) {
    case 'and':
      return joined(place, filter.terms, ' and ', 'true')
    case 'or':
      return joined(place, filter.terms, ' or ', 'false')
    case 'not':
      // Null counts as false inside too: what is not known to be so is not so.
      return `not coalesce((${condition(place, filter.term)}), false)`
    case 'compare':
      return comparison(place, filter)
    case 'exists':
      return existence(place, filter.foreignKey, filter.term)
    case 'in-scope':
      return followsParent(place, filter.foreignKey)
  }
}

const joined = (place: Place, terms: readonly ScopeFilter[], word: string, none: string): string =>
  terms.length === 0 ? none : terms.map((term) => `(${condition(place, term)})`).join(word)

type Comparison = Extract<ScopeFilter, { kind: 'compare' }>

function comparison(place: Place, { operator, left, right }: Comparison): string {
  const operands = [left, ...right]
  const types = operands.flatMap((operand) => comparedType(place, operand) ?? [])
  const type = types[0] ?? (operands.some(({ kind }) => kind === 'now-minus') ? TIMESTAMPTZ : TEXT)
  const other = types.find(({ family }) => family !== type.family)
  if (other !== undefined) problem(place, 'SL5003', `compares ${type.name} with ${other.name}, which are never equal.`)
  if (!type.comparable) problem(place, 'SL5003', `compares values of the type ${type.name}, which have no order.`)
  if (operator !== 'in' && right.length !== 1)
    problem(place, 'SL5003', `compares with ${right.length} values by ${operator}.`)
  const from = operand(place, left, type)
  if (operator === 'in') return oneOf(place, from, right, type)
  const [only] = right
  if (only === undefined) return 'false'
  if (only.kind === 'constant' && only.value === null) {
    if (operator === '=') return `${from} is null`
    if (operator === '<>') return `${from} is not null`
    problem(place, 'SL5003', `compares with nothing by ${operator}: nothing is neither more nor less than a value.`)
  }
  const to = operand(place, only, type)
  return operator === 'like' ? `${from}::text like ${to}::text` : `${from} ${operator} ${to}`
}

/** A claim may be a list: the row is in scope where any of its elements fits. */
function oneOf(place: Place, from: string, right: readonly ScopeOperand[], type: ComparedType): string {
  const terms = right.map((item) => {
    if (item.kind === 'constant' && item.value === null) return `${from} is null`
    if (item.kind !== 'claim') return `${from} = ${operand(place, item, type)}`
    const claim = claimOf(place, item.name)
    const list = `case jsonb_typeof(${claim}) when 'array' then ${claim} else jsonb_build_array(${claim}) end`
    return `${from} = any (array(select element::${type.sql} from jsonb_array_elements_text(${list}) as element))`
  })
  return terms.length === 0 ? 'false' : terms.map((term) => (terms.length === 1 ? term : `(${term})`)).join(' or ')
}

function operand(place: Place, item: ScopeOperand, type: ComparedType): string {
  switch (item.kind) {
    case 'attribute':
      return column(place, item.attribute)
    case 'joined':
      return alongKeys(place, item.path, item.attribute)
    case 'claim':
      return `(session.claims ->> ${text(named(place, item.name))})::${type.sql}`
    case 'constant':
      if (item.value !== null && !type.accepts(item.value)) {
        problem(place, 'SL5003', `compares with "${item.value}", which is no ${type.name}.`)
      }
      return item.value === null ? 'null' : `${text(item.value)}::${type.sql}`
    case 'now-minus':
      place.facts.readsTime = true
      if (type.family !== 'time') problem(place, 'SL5003', `compares a time with ${type.name}.`)
      return `(session.at - interval '${item.seconds} seconds')::${type.sql}`
  }
}

const claimOf = (place: Place, name: string): string => `(session.claims -> ${text(named(place, name))})`

function named(place: Place, name: string): string {
  if (name.trim() === '') problem(place, 'SL5001', 'reads a claim without a name.')
  place.facts.claims.add(name)
  return name
}

function column(place: Place, attribute: string): string {
  const found = place.entity.attributes[attribute]
  if (found === undefined) {
    problem(place, 'SL5001', `names an attribute that "${place.entity.name}" does not have (${attribute}).`)
    return 'null'
  }
  if (place.depth === 0) place.facts.columns.add(found.name)
  return `${place.alias}.${quoted(found.name)}`
}

/** The attribute at the end of the foreign keys, of the one row to which they lead. */
function alongKeys(place: Place, path: readonly string[], attribute: string): string {
  let from = place
  const steps: Followed[] = []
  for (const [index, id] of path.entries()) {
    const step = follow(from, id, `${place.alias}_j${index + 1}`)
    if (step === null) {
      problem(place, 'SL5001', `follows a foreign key that "${from.entity.name}" does not have (${id}).`)
      return 'null'
    }
    steps.push(step)
    from = step.place
  }
  const tables = steps.map(({ table, on }, index) => (index === 0 ? table : `join ${table} on ${on}`)).join(' ')
  return `(select ${column(from, attribute)} from ${tables} where ${steps[0]?.on ?? 'false'})`
}

/** The row that is referred to lies in the scope of its own local entity; a row that refers to nothing is kept. */
function followsParent(place: Place, foreignKey: string): string {
  const key = place.entity.foreignKeys[foreignKey]
  const parent = Object.values(place.project.localEntities).find(({ root }) => root === key?.entity)
  if (key === undefined || parent === undefined) {
    problem(place, 'SL5001', `follows a foreign key to a table that is not on the device (${foreignKey}).`)
    return 'false'
  }
  const term: ScopeFilter = parent.scope.kind === 'filter' ? parent.scope.filter : { kind: 'and', terms: [] }
  return existence(place, foreignKey, term)
}

/** A foreign key may be this entity's own, or another's that leads here. */
function existence(place: Place, foreignKey: string, term: ScopeFilter): string {
  const alias = `${place.alias}_e`
  const step = follow(place, foreignKey, alias) ?? followBack(place, foreignKey, alias)
  if (step === null) {
    problem(
      place,
      'SL5001',
      `follows a foreign key that neither leads from nor to "${place.entity.name}" (${foreignKey}).`,
    )
    return 'false'
  }
  return `exists (select from ${step.table} where ${step.on} and (${condition(step.place, term)}))`
}

interface Followed {
  readonly place: Place
  /** Name and alias, for FROM. */
  readonly table: string
  readonly on: string
}

function follow(place: Place, foreignKey: string, alias: string): Followed | null {
  const key = place.entity.foreignKeys[foreignKey]
  const target = key === undefined ? undefined : place.project.serverEntities[key.entity]
  if (key === undefined || target === undefined) return null
  const there = enter(place, target, alias)
  const on = key.attributes.map(
    (attribute, index) => `${column(there, key.referencedAttributes[index] ?? '')} = ${column(place, attribute)}`,
  )
  return { place: there, table: fromTable(target, alias), on: on.join(' and ') }
}

function followBack(place: Place, foreignKey: string, alias: string): Followed | null {
  const owners = Object.values(place.project.serverEntities).filter(
    ({ foreignKeys }) => foreignKeys[foreignKey]?.entity === place.entity.id,
  )
  const owner = owners.sort((a, b) => (a.id < b.id ? -1 : 1))[0]
  const key = owner?.foreignKeys[foreignKey]
  if (owner === undefined || key === undefined) return null
  const there = enter(place, owner, alias)
  const on = key.attributes.map(
    (attribute, index) => `${column(there, attribute)} = ${column(place, key.referencedAttributes[index] ?? '')}`,
  )
  return { place: there, table: fromTable(owner, alias), on: on.join(' and ') }
}

function enter(place: Place, entity: ServerEntity, alias: string): Place {
  if (isTracked(entity)) place.facts.tables.set(entity.id, entity)
  else {
    place.facts.anyTables = true
    problem(
      place,
      'SL5005',
      `reads "${entity.name}", whose changes can’t be tracked, so each sync brings all of its rows anew.`,
    )
  }
  return { ...place, entity, alias, depth: place.depth + 1 }
}

// ── Types ───────────────────────────────────────────────────────────────────────────────────────

interface ComparedType {
  /** As people know it. */
  readonly name: string
  /** As a cast names it. */
  readonly sql: string
  /** Types of one family can be compared with each other. */
  readonly family: string
  readonly comparable: boolean
  readonly accepts: (constant: string) => boolean
}

const TEXT: ComparedType = { name: 'text', sql: 'text', family: 'text', comparable: true, accepts: () => true }
const TIMESTAMPTZ: ComparedType = {
  ...TEXT,
  name: 'timestamp with time zone',
  sql: 'timestamp with time zone',
  family: 'time',
}

function comparedType(place: Place, item: ScopeOperand): ComparedType | null {
  if (item.kind === 'attribute') return typeOf(place.project, place.entity.attributes[item.attribute])
  if (item.kind !== 'joined') return null
  let entity: ServerEntity | undefined = place.entity
  for (const key of item.path) entity = place.project.serverEntities[entity?.foreignKeys[key]?.entity ?? '']
  return typeOf(place.project, entity?.attributes[item.attribute])
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
      return true
    },
  }
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────

function problem(place: Place, code: ScopeProblemCode, says: string): void {
  if (!place.facts.problems.some((known) => known.says === says)) place.facts.problems.push({ code, says })
}

const fromTable = (entity: ServerEntity, alias: string): string =>
  `${quoted(entity.schema)}.${quoted(entity.name)} ${alias}`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const text = (value: string): string =>
  value.includes('\\')
    ? `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${value.replaceAll("'", "''")}'`
