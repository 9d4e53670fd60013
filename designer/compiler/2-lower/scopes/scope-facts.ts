/** What is found out about a scope while it is read: all that a rule tells besides its condition, and what is wrong. */
import type { ScopeRule, ScopeTable } from '@syncline/runtime/contract'
import type { FilterPath, ServerEntity } from '@/designer/model'

export type ScopeProblemCode =
  | 'SL5001'
  | 'SL5002'
  | 'SL5003'
  | 'SL5005'
  | 'SL5007'
  | 'SL5008'
  | 'SL5009'
  | 'SL5012'
  | 'SL5013'
  | 'SL5014'
  | 'SL5015'

export interface ScopeProblem {
  readonly code: ScopeProblemCode
  /** Goes on after "The scope of … ". */
  readonly says: string
  /** The term of the filter that it is about; null for a scope in SQL. */
  readonly path: FilterPath | null
  /** The server entity that a device would have to hold. */
  readonly missing?: string
}

export interface ReadScope {
  /** Null where there is no bound, or where the scope can't be used. */
  readonly rule: ScopeRule | null
  readonly problems: readonly ScopeProblem[]
}

export interface ScopeFacts {
  readonly columns: Set<string>
  readonly claims: Set<string>
  readonly tables: Map<string, ServerEntity>
  readonly problems: ScopeProblem[]
  anyClaims: boolean
  anyTables: boolean
  readsTime: boolean
}

export const createFacts = (): ScopeFacts => ({
  columns: new Set(),
  claims: new Set(),
  tables: new Map(),
  problems: [],
  anyClaims: false,
  anyTables: false,
  readsTime: false,
})

/** Whether a scope can be used in spite of the problem. */
export const isBearable = ({ code }: ScopeProblem): boolean => BEARABLE.has(code)

const BEARABLE: ReadonlySet<ScopeProblemCode> = new Set(['SL5005', 'SL5007', 'SL5012', 'SL5013', 'SL5015'])

/** Sorted throughout, so that the same scope gives the same rule. */
export function factsToRule(where: string, facts: ScopeFacts): ScopeRule {
  return {
    where,
    columns: [...facts.columns].sort(),
    claims: facts.anyClaims ? null : [...facts.claims].sort(),
    tables: facts.anyTables ? null : [...facts.tables.values()].sort(byId).map(scopeTable),
    readsTime: facts.readsTime,
  }
}

const byId = (a: ServerEntity, b: ServerEntity): number => (a.id < b.id ? -1 : 1)

/** A server entity as the runtime knows it. */
export const scopeTable = ({ id, schema, name, primaryKey, attributes }: ServerEntity): ScopeTable => ({
  id,
  schema,
  table: name,
  key: primaryKey.flatMap((attribute) => attributes[attribute]?.name ?? []),
})

/** Whether changes of the table can be tracked, so that a scope may say that it reads it. */
export const isTracked = ({ kind }: ServerEntity): boolean => kind === 'table' || kind === 'partitioned-table'
