/**
 * Reads a scope that is written in SQL: which columns, claims and tables it names, and whether it may stand in the
 * place of one condition.
 *
 * Invariants
 * - What it answers is one expression: no statement can follow it, no parenthesis or comment can end what is around it.
 * - It may name more than the expression reads, never less; where it can't tell, it says that it may be any.
 * - The present is `session.at`, so that the server can ask who was in scope at another time.
 */
import type { Project, ServerEntity } from '@/designer/model'
import { canFail } from '../expression'
import { createFacts, factsToRule, isTracked, type ReadScope, type ScopeFacts } from './scope-facts'
import { type SqlToken, sqlTokens } from './sql-tokens'
import { AFTER_FROM, KEYWORDS, PRESENT, PRESENT_FUNCTIONS, PURE_FUNCTIONS } from './sql-words'

export function readSqlScope(project: Project, root: ServerEntity, where: string): ReadScope {
  const cut = sqlTokens(where)
  if (cut.kind === 'failed') return unusable(cut.reason)
  const { tokens } = cut
  const shape = shapeProblem(tokens)
  if (shape !== null) return unusable(shape)
  const facts = createFacts()
  const text = presentAsSession(tokens, facts)
  const meant = tokens.filter(({ kind }) => kind !== 'space')
  readNames(meant, root, facts)
  readTables(meant, project, root, facts)
  if (facts.anyTables) {
    facts.problems.push({
      code: 'SL5005',
      says: 'reads something whose changes can’t be tracked, so each sync brings all of its rows anew.',
      path: null,
    })
  }
  facts.problems.push(...failingDivision(meant))
  return { rule: factsToRule(text.trim(), facts), problems: facts.problems }
}

/** PostgreSQL plans it and finds nothing wrong: only a row that is divided tells. */
function failingDivision(tokens: readonly SqlToken[]): ReadScope['problems'] {
  const byZero = tokens.some(
    ({ kind, text }, at) =>
      kind === 'sign' &&
      (text === '/' || text === '%') &&
      tokens[at + 1]?.kind === 'number' &&
      Number(tokens[at + 1]?.text) === 0,
  )
  if (byZero) {
    return [
      {
        code: 'SL5014',
        says: 'divides by zero: it would fail for each row that has a value there, and with it every sync. Divide by something else.',
        path: null,
      },
    ]
  }
  const failing = canFail(tokens)
  return failing === null
    ? []
    : [
        {
          code: 'SL5015',
          says: `has ${failing}, which fails for some values: one such row, and no device can pull. Guard it, as in b.total / nullif(b.pieces, 0).`,
          path: null,
        },
      ]
}

const unusable = (reason: string): ReadScope => ({
  rule: null,
  problems: [{ code: 'SL5002', says: `${reason}.`, path: null }],
})

function shapeProblem(tokens: readonly SqlToken[]): string | null {
  let depth = 0
  for (const { kind, text } of tokens) {
    if (kind !== 'sign') continue
    if (text === ';') return 'has a semicolon: it must be one condition'
    if (text === '(' || text === '[') depth += 1
    if (text === ')' || text === ']') depth -= 1
    if (depth < 0) return 'closes a parenthesis that it did not open'
  }
  if (depth > 0) return 'opens a parenthesis that it does not close'
  return tokens.every(({ kind }) => kind === 'space') ? 'is empty: write a condition, or bring all rows' : null
}

/** The expression's text with `session.at` for the present. */
function presentAsSession(tokens: readonly SqlToken[], facts: ScopeFacts): string {
  let text = ''
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token === undefined) continue
    const instead = token.kind === 'name' && !token.quoted ? PRESENT.get(token.name) : undefined
    const call = tokens.slice(index + 1).findIndex(({ kind }) => kind !== 'space')
    const opens = tokens[index + 1 + call]?.text === '('
    const isFunction = token.kind === 'name' && PRESENT_FUNCTIONS.has(token.name)
    if (instead === undefined || text.trimEnd().endsWith('.') || isFunction !== (isFunction && opens)) {
      text += token.text
      continue
    }
    facts.readsTime = true
    text += instead
    // Its parentheses go with it: `now()`, `current_timestamp(3)`.
    if (opens) index = closing(tokens, index + 1 + call)
  }
  return text
}

function closing(tokens: readonly SqlToken[], opening: number): number {
  const end = tokens.findIndex(({ text }, index) => index > opening && text === ')')
  return end < 0 ? opening : end
}

const SESSION: ReadonlySet<string> = new Set(['claims', 'user_name', 'at'])

function readNames(tokens: readonly SqlToken[], root: ServerEntity, facts: ScopeFacts): void {
  const columns = new Set(Object.values(root.attributes).map(({ name }) => name))
  const hasSubquery = tokens.some((token) => isWord(token, 'select'))
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'name') continue
    const [before, after] = [tokens[index - 1], tokens[index + 1]]
    if (before?.text === '.') qualified(tokens, index, root, columns, facts)
    else if (after?.text === '(' && !token.quoted) {
      const isPure = PURE_FUNCTIONS.has(token.name) || KEYWORDS.has(token.name) || PRESENT.has(token.name)
      if (!isPure) facts.anyTables = true
    } else if (after?.text !== '.') unqualified(tokens, index, root, columns, hasSubquery, facts)
  }
}

function unqualified(
  tokens: readonly SqlToken[],
  index: number,
  root: ServerEntity,
  columns: ReadonlySet<string>,
  hasSubquery: boolean,
  facts: ScopeFacts,
): void {
  const token = tokens[index]
  if (token?.kind !== 'name') return
  const [before, after] = [tokens[index - 1], tokens[index + 1]]
  const own = columns.has(token.name)
  if (own) facts.columns.add(token.name)
  if (token.quoted && own) return
  if (token.name === 'b') for (const column of columns) facts.columns.add(column)
  else if (token.name === 'session') {
    facts.anyClaims = true
    facts.readsTime = true
  } else if (SESSION.has(token.name) && !(token.name === 'at' && isWord(after, 'time'))) {
    if (!own) sessionValue(tokens, index, facts)
    else {
      facts.problems.push({
        code: 'SL5002',
        says: `names "${token.name}", which may be the column or the session’s: write b.${token.name} or session.${token.name}.`,
        path: null,
      })
    }
  } else if (!own && !hasSubquery && !isKnownWord(token.name, before, after)) {
    facts.problems.push({
      code: 'SL5007',
      says: `names "${token.name}", which is no column of "${root.name}".`,
      path: null,
    })
  }
}

function qualified(
  tokens: readonly SqlToken[],
  index: number,
  root: ServerEntity,
  columns: ReadonlySet<string>,
  facts: ScopeFacts,
): void {
  const token = tokens[index]
  const qualifier = tokens[index - 2]
  if (token?.kind !== 'name' || qualifier?.kind !== 'name' || tokens[index - 3]?.text === '.') return
  if (tokens[index + 1]?.text === '(') facts.anyTables = true
  else if (qualifier.name === 'b') {
    if (columns.has(token.name)) facts.columns.add(token.name)
    else
      facts.problems.push({
        code: 'SL5001',
        says: `names b.${token.text}, which is no column of "${root.name}".`,
        path: null,
      })
  } else if (qualifier.name === 'session') {
    if (SESSION.has(token.name)) sessionValue(tokens, index, facts)
    else {
      facts.problems.push({
        code: 'SL5001',
        says: `names session.${token.text}. A session has claims, user_name and at.`,
        path: null,
      })
    }
  }
}

function sessionValue(tokens: readonly SqlToken[], index: number, facts: ScopeFacts): void {
  const token = tokens[index]
  if (token?.kind !== 'name') return
  if (token.name === 'at') facts.readsTime = true
  if (token.name !== 'claims') return
  const [operator, operand] = [tokens[index + 1]?.text ?? '', tokens[index + 2]]
  const text = operand?.kind === 'string' ? operand.text : ''
  const isOne = ['->', '->>', '?', '['].includes(operator) && text.startsWith("'")
  if (isOne) facts.claims.add(text.slice(1, -1).replaceAll("''", "'"))
  else facts.anyClaims = true
}

/** Words of the language, names of types, and parts of dates: none of them a column. */
function isKnownWord(name: string, before: SqlToken | undefined, after: SqlToken | undefined): boolean {
  return (
    KEYWORDS.has(name) ||
    PRESENT.has(name) ||
    before?.text === '::' ||
    ['as', 'collate'].some((word) => isWord(before, word)) ||
    after?.kind === 'string' ||
    // `extract(year from …)`, `timestamp with time zone '…'`.
    ['from', 'with', 'without'].some((word) => isWord(after, word))
  )
}

interface Level {
  select: boolean
  from: boolean
}

/** Names after FROM and JOIN, and after the commas between them, at each level of parentheses. */
function readTables(tokens: readonly SqlToken[], project: Project, root: ServerEntity, facts: ScopeFacts): void {
  const levels: Level[] = [{ select: false, from: false }]
  let expectsTable = false
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    const level = levels.at(-1)
    if (token === undefined || level === undefined) continue
    if (token.text === '(') {
      // A join may stand in parentheses where a table may.
      levels.push({ select: false, from: expectsTable })
      continue
    }
    if (token.text === ')') {
      levels.pop()
      expectsTable = false
      continue
    }
    if (token.text === ',' && level.from) expectsTable = true
    if (token.kind !== 'name') continue
    const word = token.quoted ? '' : token.name
    if (word === 'select') {
      level.select = true
      level.from = false
      expectsTable = false
    } else if (word === 'from' && level.select && !isWord(tokens[index - 1], 'distinct')) {
      level.from = true
      expectsTable = true
    } else if (word === 'join' && level.from) expectsTable = true
    else if (AFTER_FROM.has(word) && level.from) {
      level.from = false
      expectsTable = false
    } else if (word === 'table') facts.anyTables = true
    else if (expectsTable && word !== 'only' && word !== 'lateral') {
      const path = [token.name]
      while (tokens[index + 1]?.text === '.' && tokens[index + 2]?.kind === 'name') {
        const next = tokens[index + 2]
        if (next?.kind === 'name') path.push(next.name)
        index += 2
      }
      expectsTable = false
      // A function; whether it reads more than its arguments is asked where names are read.
      if (tokens[index + 1]?.text === '(') continue
      const table = tableNamed(project, root, path)
      if (table === null || !isTracked(table)) facts.anyTables = true
      else facts.tables.set(table.id, table)
    }
  }
}

function tableNamed(project: Project, root: ServerEntity, path: readonly string[]): ServerEntity | null {
  const name = path.at(-1)
  const schema = path.length > 1 ? path.at(-2) : null
  const found = Object.values(project.serverEntities).filter(
    (entity) => entity.name === name && (schema === null || entity.schema === schema),
  )
  if (found.length < 2) return found[0] ?? null
  return (
    found.find((entity) => entity.schema === 'public') ?? found.find((entity) => entity.schema === root.schema) ?? null
  )
}

const isWord = (token: SqlToken | undefined, word: string): boolean =>
  token?.kind === 'name' && !token.quoted && token.name === word
