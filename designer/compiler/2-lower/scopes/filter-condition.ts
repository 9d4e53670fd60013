/**
 * A filter's terms as SQL over the server's row `b` and `session`. Claims and constants are cast to the type of what
 * they are compared with, so that no index is lost and no text is compared with a number.
 *
 * Invariants
 * - Each row that is read besides `b` has an alias of its own, made of the way to it: `b_e` of `exists`, `b_j1` of a
 *   join, `b_e_e` of an `exists` inside.
 * - A term that follows its parent reads the parent's scope as it is now. Entities that follow each other in a circle
 *   are a problem and never a recursion.
 */
import type { FilterPath, LocalEntity, Project, ScopeFilter, ScopeOperand, ServerEntity } from '@/designer/model'
import { type ComparedType, comparedType, quoted, TEXT, TIMESTAMPTZ } from './compared-types'
import { isTracked, type ScopeFacts, type ScopeProblem, type ScopeProblemCode } from './scope-facts'
import { readSqlScope } from './sql-scope'

/** Where in the tree we are: which entity's row is meant by an attribute. */
export interface Place {
  readonly project: Project
  readonly facts: ScopeFacts
  readonly entity: ServerEntity
  readonly alias: string
  /** Of the row `b` itself, 0; grows with each `exists`, so that aliases differ. */
  readonly depth: number
  /** The term that is read; inside a followed scope, the term that follows it. */
  readonly path: FilterPath
  /** The local entities whose scopes are followed, from outside inwards. */
  readonly followed: readonly LocalEntity[]
}

export const startPlace = (project: Project, facts: ScopeFacts, entity: ServerEntity): Place => ({
  project,
  facts,
  entity,
  alias: 'b',
  depth: 0,
  path: [],
  followed: [],
})

/** Inside a followed scope all is told of the term that follows it. */
export const at = (place: Place, index: number): Place =>
  place.followed.length > 0 ? place : { ...place, path: [...place.path, index] }

export function condition(place: Place, filter: ScopeFilter): string {
  switch (filter.kind) {
    case 'and':
      return joined(place, filter.terms, ' and ', 'true')
    case 'or':
      return joined(place, filter.terms, ' or ', 'false')
    case 'not':
      // Null counts as false inside too: what is not known to be so is not so.
      return `not coalesce((${condition(at(place, 0), filter.term)}), false)`
    case 'compare':
      return comparison(place, filter)
    case 'exists':
      return existence(place, filter.foreignKey, filter.term)
    case 'in-scope':
      return followsParent(place, filter.foreignKey)
  }
}

const joined = (place: Place, terms: readonly ScopeFilter[], word: string, none: string): string =>
  terms.length === 0 ? none : terms.map((term, index) => `(${condition(at(place, index), term)})`).join(word)

export type Comparison = Extract<ScopeFilter, { kind: 'compare' }>

/** The type as which both sides are read. */
export function typeOfComparison(place: Place, { left, right }: Comparison): ComparedType {
  const operands = [left, ...right]
  const known = operands.flatMap((operand) => comparedType(place.project, place.entity, operand) ?? [])
  return known[0] ?? (operands.some(({ kind }) => kind === 'now-minus') ? TIMESTAMPTZ : TEXT)
}

function comparison(place: Place, filter: Comparison): string {
  const { operator, left, right } = filter
  const type = typeOfComparison(place, filter)
  const other = [left, ...right]
    .flatMap((operand) => comparedType(place.project, place.entity, operand) ?? [])
    .find(({ family }) => family !== type.family)
  if (other !== undefined) problem(place, 'SL5003', `compares ${type.name} with ${other.name}, which are never equal.`)
  if (!type.comparable) problem(place, 'SL5003', `compares values of the type ${type.name}, which have no order.`)
  if (operator !== 'in' && right.length !== 1)
    problem(place, 'SL5003', `compares with ${right.length} values by ${operator}.`)
  if (operator === 'in' && right.length === 0) problem(place, 'SL5013', 'has an empty list, in which nothing is.')
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

/** The operand's value, as the type that it is compared as. */
export function operand(place: Place, item: ScopeOperand, type: ComparedType): string {
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

export const claimOf = (place: Place, name: string): string => `(session.claims -> ${text(named(place, name))})`

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

// ── Rows that are related ───────────────────────────────────────────────────────────────────────

export interface Followed {
  readonly place: Place
  /** Name and alias, for FROM. */
  readonly table: string
  readonly on: string
}

/** A foreign key may be this entity's own, or another's that leads here. */
function existence(place: Place, foreignKey: string, term: ScopeFilter): string {
  const step = related(place, foreignKey)
  return step === null ? 'false' : whereOf(step, condition(at(step.place, 0), term))
}

const whereOf = ({ table, on }: Followed, term: string): string =>
  `exists (select from ${table} where ${on} and (${term}))`

/** The rows to which the foreign key leads, or from which it leads here; null, and a problem, where it does neither. */
export function related(place: Place, foreignKey: string): Followed | null {
  const alias = `${place.alias}_e`
  const step = follow(place, foreignKey, alias) ?? followBack(place, foreignKey, alias)
  if (step === null) {
    const says = `follows a foreign key that neither leads from nor to "${place.entity.name}" (${foreignKey}).`
    problem(place, 'SL5001', says)
  }
  return step
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
    const says = `reads "${entity.name}", whose changes can’t be tracked, so each sync brings all of its rows anew.`
    problem(place, 'SL5005', says)
  }
  return { ...place, entity, alias, depth: place.depth + 1 }
}

// ── The scope of a parent ───────────────────────────────────────────────────────────────────────

/** What a term that follows a parent's scope comes down to. */
export interface FollowedParent {
  readonly parent: LocalEntity
  readonly step: Followed
  /** True where the row refers to nothing, which is no reason to leave it out; null where it always refers. */
  readonly refersToNothing: string | null
}

function followsParent(place: Place, foreignKey: string): string {
  const found = followedParent(place, foreignKey)
  if (found === null) return 'false'
  const { parent, step, refersToNothing } = found
  const exists = whereOf(step, parentCondition(step.place, parent))
  return refersToNothing === null ? exists : `${refersToNothing} or ${exists}`
}

export function followedParent(place: Place, foreignKey: string): FollowedParent | null {
  const key = place.entity.foreignKeys[foreignKey]
  const target = key === undefined ? undefined : place.project.serverEntities[key.entity]
  if (key === undefined || target === undefined) {
    problem(place, 'SL5001', `follows a foreign key that "${place.entity.name}" does not have (${foreignKey}).`)
    return null
  }
  const parent = firstOfRoot(place.project, target.id)
  if (parent === null) {
    const says = `follows "${target.name}", which is not on the device.`
    problem(place, 'SL5009', says, { missing: target.id })
    return null
  }
  const circle = place.followed.findIndex(({ id }) => id === parent.id)
  if (circle >= 0) {
    const names = [...place.followed.slice(circle), parent].map(({ name }) => `"${name}"`)
    problem(place, 'SL5008', `goes in a circle: ${names.join(' follows ')}.`)
    return null
  }
  if (parent.pattern.kind === 'on-demand' || parent.direction === 'up') {
    const why = parent.direction === 'up' ? 'is only sent' : 'comes on demand'
    problem(
      place,
      'SL5012',
      `follows "${parent.name}", which ${why}: a row of it in the scope need not be on the device.`,
    )
  }
  const step = follow(place, foreignKey, `${place.alias}_e`)
  if (step === null) return null
  const empty = key.attributes
    .filter((attribute) => place.entity.attributes[attribute]?.nullable !== false)
    .map((attribute) => `${column(place, attribute)} is null`)
  return {
    parent,
    step: { ...step, place: { ...step.place, followed: [...place.followed, parent] } },
    refersToNothing: empty.length === 0 ? null : empty.join(' or '),
  }
}

/** Whether a row of the parent, to which `place` leads, lies in the parent's own scope. */
export function parentCondition(place: Place, { scope, name }: LocalEntity): string {
  switch (scope.kind) {
    case 'all':
      return 'true'
    case 'filter':
      return condition(place, scope.filter)
    case 'sql': {
      const { rule, problems } = readSqlScope(place.project, place.entity, scope.where)
      for (const { code, says } of problems) problem(place, code, `follows "${name}", whose scope ${says}`)
      if (rule === null) return 'false'
      const { facts } = place
      for (const claim of rule.claims ?? []) facts.claims.add(claim)
      facts.anyClaims ||= rule.claims === null
      facts.readsTime ||= rule.readsTime
      if (rule.tables === null) facts.anyTables = true
      for (const { id } of rule.tables ?? []) {
        const table = place.project.serverEntities[id]
        if (table !== undefined) facts.tables.set(id, table)
      }
      // Its names are `b` and `session`, and what it leaves unqualified must find no row around it.
      return `exists (select from (select ${place.alias}.*) b cross join (select session.*) session where (${rule.where}\n))`
    }
  }
}

/** The local entity of a table: the first, where a faulty project has two. */
export function firstOfRoot(project: Project, root: string): LocalEntity | null {
  const of = Object.values(project.localEntities).filter((entity) => entity.root === root)
  return of.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))[0] ?? null
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────

function problem(place: Place, code: ScopeProblemCode, says: string, more: Pick<ScopeProblem, 'missing'> = {}): void {
  const { problems } = place.facts
  const known = problems.some((other) => other.says === says && other.path?.join() === place.path.join())
  if (!known) problems.push({ code, says, path: place.path, ...more })
}

const fromTable = (entity: ServerEntity, alias: string): string =>
  `${quoted(entity.schema)}.${quoted(entity.name)} ${alias}`

const text = (value: string): string =>
  value.includes('\\')
    ? `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${value.replaceAll("'", "''")}'`
