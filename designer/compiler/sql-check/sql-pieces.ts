/**
 * The SQL of a project that only PostgreSQL itself can judge, as questions: expressions of computed attributes, and
 * scopes. What the compiler refuses by itself is not asked.
 *
 *   project ─► pieces ─► PostgreSQL, with empty tables ─► answers ─► diagnostics
 *
 * Invariants
 * - A piece is put as the runtime's server puts it, and planned without a value for the session's parameters.
 * - Pieces with the same key have the same answer: it holds the question, and the shape of the tables that are named.
 */
import { expressionSql } from '@syncline/runtime/contract'
import {
  type FilterPath,
  inOrder,
  type LocalAttribute,
  type LocalEntity,
  type Project,
  type Scope,
  type ServerEntity,
  type ServerSchema,
  type SqlQuestion,
} from '@/designer/model'
import { readDerived } from '../2-lower/derived'
import { quoted } from '../2-lower/scopes/compared-types'
import { type ExplainedTerm, explainScope } from '../2-lower/scopes/explain-filter'
import { readScope } from '../2-lower/scopes/read-scope'
import { isBearable } from '../2-lower/scopes/scope-facts'
import type { ScopePlace } from '../diagnostics'
import { createShapes, type Shapes } from './table-shapes'

export interface SqlPiece {
  readonly key: string
  readonly question: SqlQuestion
  readonly about: SqlSubject
}

export type SqlSubject =
  | { readonly kind: 'computed'; readonly entity: string; readonly attribute: string; readonly typed: string }
  | {
      readonly kind: 'scope'
      readonly entity: string
      readonly which: ScopePlace['which']
      /** As it was written; null for a filter. */
      readonly typed: string | null
      /** The terms of a filter, in the order of the question's parts. */
      readonly paths: readonly FilterPath[]
    }

export interface SqlCheck {
  readonly pieces: readonly SqlPiece[]
  /** Names and types of the columns that the pieces may name, and no more of the schema. */
  readonly schema: ServerSchema
}

export function sqlPieces(project: Project): SqlCheck {
  const shapes = createShapes(project)
  const pieces = inOrder<LocalEntity>(project.localEntities).flatMap(([, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return [
      ...inOrder<LocalAttribute>(entity.attributes).flatMap(
        ([, attribute]) => computedPiece(project, shapes, entity, root, attribute) ?? [],
      ),
      ...(scopePiece(project, shapes, entity, root, 'read', entity.scope) ?? []),
      ...(scopePiece(project, shapes, entity, root, 'write', entity.writeScope) ?? []),
    ]
  })
  return { pieces, schema: shapes.schemaOf(pieces.flatMap(({ question }) => question.tables)) }
}

function computedPiece(
  project: Project,
  shapes: Shapes,
  entity: LocalEntity,
  root: ServerEntity,
  attribute: LocalAttribute,
): SqlPiece | null {
  const { source } = attribute
  if (source.kind !== 'computed') return null
  const { expression } = source
  const declaredType = source.type.trim() === '' ? null : source.type.trim()
  // Without a type it has no value yet, but PostgreSQL can tell the type.
  const read = readDerived(project, root, { ...attribute, source: { ...source, type: declaredType ?? 'text' } })
  if (read?.kind !== 'derived') return null
  const put = expressionSql({ column: '', derived: read.source })
  const from = `from ${tableName(root)} b`
  // Where a condition stands, an expression can give no more than one value for a row.
  const typed = { before: `select ${from} where ((`, after: `\n)) is null` }
  return pieceOf(
    shapes,
    root,
    [expression, read.source.kind === 'computed' ? read.source.sql : ''],
    {
      statement: `select ${from} where (${put})::text is null`,
      typed: { statement: `${typed.before}${expression}${typed.after}`, start: typed.before.length },
      value: `select (${expression}\n) as value ${from}`,
      declaredType,
      parts: [],
    },
    { kind: 'computed', entity: entity.id, attribute: attribute.id, typed: expression },
  )
}

function scopePiece(
  project: Project,
  shapes: Shapes,
  entity: LocalEntity,
  root: ServerEntity,
  which: ScopePlace['which'],
  scope: Scope | null,
): SqlPiece[] | null {
  if (scope === null || scope.kind === 'all') return null
  const { rule, problems } = readScope(project, root, scope)
  // One wrong name is one problem: what the compiler refuses by itself, PostgreSQL would refuse again.
  if (rule === null || problems.some((problem) => !isBearable(problem))) return null
  const from = `from ${tableName(root)} b cross join ${SESSION}`
  const asked = (condition: string) => `select ${from} where coalesce((${condition}\n), false)`
  const typed = scope.kind === 'sql' ? scope.where : null
  const before = `select ${from} where coalesce((`
  const terms = scope.kind === 'filter' ? placedTerms(explainScope(project, root, scope)) : []
  const question = {
    statement: asked(rule.where),
    typed: typed === null ? null : { statement: asked(typed), start: before.length },
    value: `select (${rule.where}\n) as value ${from}`,
    declaredType: null,
    parts: terms.map(({ sql }) => asked(sql)),
  }
  const about = { kind: 'scope', entity: entity.id, which, typed, paths: terms.map(({ path }) => path) } as const
  return [pieceOf(shapes, root, [rule.where], question, about)]
}

/** What a session is on the server, with parameters for what is only known there. */
const SESSION = '(select $1::jsonb as claims, $2::text as user_name, $3::timestamptz as at) session'

function pieceOf(
  shapes: Shapes,
  root: ServerEntity,
  texts: readonly string[],
  asked: Omit<SqlQuestion, 'tables'>,
  about: SqlSubject,
): SqlPiece {
  const tables = shapes.tablesNamed(root, texts)
  const question: SqlQuestion = { ...asked, tables }
  return { key: JSON.stringify([asked, ...shapes.describe(tables, texts)]), question, about }
}

interface PlacedTerm {
  readonly path: FilterPath
  readonly sql: string
}

/** Outer terms before those inside of them. */
function placedTerms(term: ExplainedTerm | null): PlacedTerm[] {
  if (term === null) return []
  const { path, sql } = term
  return [...(path === null ? [] : [{ path, sql }]), ...term.terms.flatMap(placedTerms)]
}

const tableName = ({ schema, name }: ServerEntity): string => `${quoted(schema)}.${quoted(name)}`
