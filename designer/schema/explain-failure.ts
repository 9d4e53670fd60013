/** What PostgreSQL's errors, and a dump's ends and commands, mean to the person who imports. Pure. */
import type { ImportFailure, SkipKind } from './import-result'
import type { DumpPart } from './split-dump'
import { indexOfCharacter } from './stand-in-types'

type Statement = Extract<DumpPart, { kind: 'statement' }>

export interface Fault {
  readonly code: string | null
  readonly message: string
  /** In characters of the statement, from 1. */
  readonly position: number | null
  readonly detail: string | null
}

/** PGlite's errors carry the server's fields; they are read by shape, because each build has a class of its own. */
export function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { code: null, message: String(error), position: null, detail: null }
  const field = (name: string): string | null => {
    const value: unknown = Reflect.get(error, name)
    return value === undefined || value === null ? null : String(value)
  }
  const position = Number(field('position'))
  return {
    code: field('code'),
    message: error.message,
    position: position > 0 ? position : null,
    detail: field('detail'),
  }
}

export function kindOf(fault: Fault, onFailure: SkipKind): SkipKind {
  if (fault.code === '42704' && fault.message.startsWith('role ')) return 'role'
  return onFailure
}

export function sentence(fault: Fault): string {
  return `PostgreSQL says: ${fault.message}${fault.detail === null ? '' : ` (${fault.detail})`}.`
}

export function explainCommand(text: string): [string, string | null] {
  const command = /^\\\S*/.exec(text)?.[0].replace(/;$/, '') ?? text
  switch (command) {
    case '\\c':
    case '\\connect':
      return ['A dump is read into one database of its own.', 'What follows was read into that database.']
    case '\\i':
    case '\\ir':
    case '\\include':
    case '\\include_relative':
    case '\\copy':
      return [
        'It reads another file, which a dump on its own doesn’t have.',
        'Put the file’s contents in its place to import them.',
      ]
    default:
      return [`${command} is a command of psql, not of PostgreSQL, and changes nothing in a schema.`, null]
  }
}

export function syntaxFailure(statement: Statement, sql: string, fault: Fault): ImportFailure {
  const index = fault.position === null ? 0 : indexOfCharacter(sql, fault.position - 1)
  const before = sql.slice(0, index)
  const lines = before.split('\n').length - 1
  const line = statement.at.line + lines
  const column = lines === 0 ? statement.at.column + index : index - before.lastIndexOf('\n')
  const excerpt = lineAround(sql, index)
  return {
    kind: 'failed',
    reason: 'syntax',
    line,
    column,
    excerpt,
    message: `Line ${line}, column ${column}: ${fault.message}. ${adviceFor(sql, index)} Nothing was imported.`,
  }
}

function adviceFor(sql: string, index: number): string {
  const near = sql.slice(index, index + 1)
  if (near === '`' || /\bENGINE\s*=|\bAUTO_INCREMENT\b/i.test(sql)) {
    return 'This looks like MySQL. Syncline reads PostgreSQL: load it into PostgreSQL (pgloader does that) and export it with pg_dump.'
  }
  if (/^(pragma|autoincrement)/i.test(sql.slice(index))) {
    return 'This looks like SQLite. Syncline reads PostgreSQL: load it into PostgreSQL (pgloader does that) and export it with pg_dump.'
  }
  if (near === '[' || /^go\b/i.test(sql.slice(index))) {
    return 'This looks like SQL Server. Syncline reads PostgreSQL: move the database to PostgreSQL first and export it with pg_dump.'
  }
  return 'PostgreSQL can’t read the statement: correct it, or export the dump again with pg_dump.'
}

export function truncatedFailure(part: Extract<DumpPart, { kind: 'unterminated' }>): ImportFailure {
  const { line, column } = part.at
  const closing = part.what === 'COPY data' ? 'a line with \\. alone' : `the end of the ${part.what}`
  return {
    kind: 'failed',
    reason: 'truncated',
    line,
    column,
    message:
      `Line ${line}, column ${column}: the file ends before ${closing}. Either a quote is missing there, or the file was cut off ` +
      'while it was written or copied: compare its size with the original, or export it again. Nothing was imported.',
  }
}

function lineAround(text: string, index: number): string {
  const from = text.lastIndexOf('\n', index - 1) + 1
  const to = text.indexOf('\n', index)
  return text
    .slice(from, to === -1 ? undefined : to)
    .trim()
    .slice(0, 200)
}
