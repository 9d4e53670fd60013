/** What a condition can be about: columns of the table, and of the tables to which its foreign keys lead. */
import {
  inOrder,
  operandInWords,
  type Project,
  type ScopeOperand,
  type ServerAttribute,
  type ServerEntity,
} from '@/designer/model'

export interface OperandOption {
  readonly operand: ScopeOperand
  /** `city`, `customer.city`. */
  readonly words: string
  readonly type: string
  /** `customers`, `customer → customers`: the table that the column is of. */
  readonly group: string
  readonly isKey: boolean
}

/** As far as a join is of use in a scope; each step makes many more columns. */
const DEEPEST = 4
const MOST = 120

/** Those nearest first. Every word of the search has to be in the path, the column or the table. */
export function operandOptions(project: Project, root: ServerEntity, search: string): readonly OperandOption[] {
  const wanted = search
    .toLowerCase()
    .split(/[\s.]+/)
    .filter((word) => word !== '')
  const options: OperandOption[] = []
  let level: { readonly path: readonly string[]; readonly entity: ServerEntity }[] = [{ path: [], entity: root }]
  for (let depth = 0; depth <= DEEPEST && level.length > 0 && options.length < MOST; depth += 1) {
    const next: typeof level = []
    for (const { path, entity } of level) {
      options.push(...columns(project, root, path, entity).filter((option) => fits(option, wanted)))
      for (const key of Object.values(entity.foreignKeys)) {
        const target = project.serverEntities[key.entity]
        // The same reference twice, such as the lead of a lead, is written in SQL where it is meant.
        if (target !== undefined && !path.includes(key.id)) next.push({ path: [...path, key.id], entity: target })
      }
    }
    // Without a search the columns of what is near are enough to look at.
    level = wanted.length === 0 && depth === 1 ? [] : next
  }
  return options.slice(0, MOST)
}

function columns(project: Project, root: ServerEntity, path: readonly string[], entity: ServerEntity): OperandOption[] {
  return inOrder<ServerAttribute>(entity.attributes).map(([id, attribute]) => {
    const operand: ScopeOperand =
      path.length === 0 ? { kind: 'attribute', attribute: id } : { kind: 'joined', path: [...path], attribute: id }
    const words = operandInWords(project, root, operand)
    return {
      operand,
      words,
      type: attribute.type,
      group: path.length === 0 ? entity.name : `${words.slice(0, -attribute.name.length - 1)} → ${entity.name}`,
      isKey: entity.primaryKey.includes(id),
    }
  })
}

const fits = ({ words, group }: OperandOption, wanted: readonly string[]): boolean => {
  const text = `${words} ${group}`.toLowerCase()
  return wanted.every((word) => text.includes(word))
}

/** Claims that are spoken of anywhere: by test users and in filters. */
export function knownClaims(project: Project): readonly string[] {
  const names = new Set(Object.values(project.testUsers).flatMap(({ claims }) => Object.keys(claims)))
  for (const { scope, writeScope } of Object.values(project.localEntities)) {
    for (const each of [scope, writeScope]) {
      if (each?.kind === 'filter') for (const name of claimsIn(each.filter)) names.add(name)
      if (each?.kind === 'sql')
        for (const [, name] of each.where.matchAll(/claims\s*->>?\s*'([^']+)'/g)) names.add(name ?? '')
    }
  }
  names.delete('')
  return [...names].sort()
}

type Filter = Extract<Project['localEntities'][string]['scope'], { kind: 'filter' }>['filter']

function claimsIn(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(claimsIn)
    case 'not':
    case 'exists':
      return claimsIn(filter.term)
    case 'compare':
      return [filter.left, ...filter.right].flatMap((item) => (item.kind === 'claim' ? [item.name] : []))
    case 'in-scope':
      return []
  }
}
