/** What PostgreSQL answered about a project's SQL, as diagnostics at their places. */
import { type DeviceType, deviceType, type Project, type SqlAnswer, type SqlType } from '@/designer/model'
import { type Diagnostic, type DiagnosticTarget, diagnostic, type Fix } from '../diagnostics'
import type { SqlPiece, SqlSubject } from './sql-pieces'
import { refusalInWords } from './sql-refusal'

/** `answerOf`: null for what is not answered yet, of which nothing is said. */
export function sqlFindings(
  project: Project,
  pieces: readonly SqlPiece[],
  answerOf: (piece: SqlPiece) => SqlAnswer | null,
): Diagnostic[] {
  return pieces.flatMap((piece) => {
    const answer = answerOf(piece)
    const entity = project.localEntities[piece.about.entity]
    if (answer === null || entity === undefined) return []
    return piece.about.kind === 'computed'
      ? computedFindings(project, piece.about, answer)
      : scopeFindings(entity.name, piece.about, answer)
  })
}

/** The type that PostgreSQL works out, where a computed value can be of that type; null where nobody knows. */
export function postgresType(project: Project, { type }: SqlAnswer): string | null {
  return type !== null && isKept(project, type) ? type.name : null
}

/** The type that a computed attribute should have, where the one that it has is not good; null where it is. */
function betterType(project: Project, declared: string, answer: SqlAnswer): string | null {
  const type = postgresType(project, answer)
  if (type === null || declared.trim() === '') return type
  if (answer.kind === 'refused') return answer.code === CANNOT_CAST ? type : null
  // `int` and `varchar` are PostgreSQL's other words for types; a device knows one of each.
  if (deviceType(project, { type: declared.trim(), typeId: null }) === null) return type
  return answer.declared === null || holds(answer.declared, answer.type) ? null : type
}

const CANNOT_CAST = '42846'

function computedFindings(
  project: Project,
  { entity, attribute, typed }: Extract<SqlSubject, { kind: 'computed' }>,
  answer: SqlAnswer,
): Diagnostic[] {
  const found = project.localEntities[entity]?.attributes[attribute]
  if (found?.source.kind !== 'computed') return []
  const target = { kind: 'localAttribute', entity, id: attribute } as const
  const label = `"${found.name}" of "${project.localEntities[entity]?.name ?? ''}"`
  const declared = found.source.type
  const better = betterType(project, declared, answer)
  const takeType: Fix | undefined =
    better === null
      ? undefined
      : { title: `Take the type ${better}`, edit: { kind: 'take-type', entity, attribute, type: better } }
  if (answer.kind === 'refused') {
    const { reason, advice } = refusalInWords(answer, typed)
    return [diagnostic('SL3021', target, `${label} can't be worked out: ${reason}. ${advice}`, takeType)]
  }
  if (better === null) return []
  const has = declared.trim() === '' ? 'has no type yet' : `has the type ${declared}`
  return [
    diagnostic(
      'SL3022',
      target,
      `${label} ${has}, and PostgreSQL works out ${better}. Take that type, or cast the expression to the one that is meant.`,
      takeType,
    ),
  ]
}

function scopeFindings(
  name: string,
  { entity, which, typed, paths }: Extract<SqlSubject, { kind: 'scope' }>,
  answer: SqlAnswer,
): Diagnostic[] {
  if (answer.kind === 'accepted') return []
  // The innermost term that fails by itself: what is around it fails because of it.
  const path = innermost(answer.parts, paths)
  const target: DiagnosticTarget = { kind: 'localEntity', id: entity, scope: { which, path } }
  const label = `The ${which === 'read' ? 'scope' : 'write scope'} of "${name}"`
  const { reason, advice } = refusalInWords(answer, typed)
  if (answer.outside) {
    return [
      diagnostic(
        'SL5022',
        target,
        `${label} could not be checked: ${reason}. If your database has it, all is well; if not, each sync fails. ${advice}`,
      ),
    ]
  }
  if (answer.code === '42804' && answer.type !== null && answer.type.name !== 'boolean') {
    const says = `gives ${answer.type.name}, and has to be true or false for a row. Compare it with something.`
    return [diagnostic('SL5021', target, `${label} ${says}`)]
  }
  return [diagnostic('SL5021', target, `${label} is refused by PostgreSQL: ${reason}. ${advice}`)]
}

function innermost(parts: readonly number[], paths: readonly (readonly number[])[]): readonly number[] | null {
  const failing = parts.flatMap((part) => {
    const path = paths[part]
    return path === undefined ? [] : [path]
  })
  return failing.reduce<readonly number[] | null>(
    (deepest, path) => (deepest === null || path.length > deepest.length ? path : deepest),
    null,
  )
}

/** A computed value can be of this type: one that PostgreSQL brings, and that devices have. */
function isKept(project: Project, { name }: SqlType): boolean {
  const type: DeviceType | null = deviceType(project, { type: name, typeId: null })
  return type !== null && /^[a-z][a-z ]*(\(\d+(,\s?-?\d+)?\))?[a-z ]*(\[\])*$/.test(name)
}

/** Whether a type holds each value of another as it is, so that nobody needs to be told. */
function holds(type: SqlType, other: SqlType): boolean {
  // What is in parentheses was chosen: `numeric(12,2)` for a sum of prices.
  if (type.base === other.base) return true
  const wider = WIDER.get(other.base) ?? []
  return type.name === type.base && wider.includes(type.base)
}

const WIDER: ReadonlyMap<string, readonly string[]> = new Map([
  ['smallint', ['integer', 'bigint', 'numeric']],
  ['integer', ['bigint', 'numeric', 'double precision']],
  ['bigint', ['numeric']],
  ['real', ['double precision']],
  ['character varying', ['text']],
  ['character', ['text']],
  ['name', ['text']],
])
