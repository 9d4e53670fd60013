/**
 * Reads the expression of a computed attribute: one expression over the columns of one row, which gives the same
 * whenever the row is the same.
 *
 *   'quantity * b.price'  ─►  b."quantity" * b."price", columns price, quantity
 *
 * Invariants
 * - No statement can follow it, no parenthesis or comment can end what is around it.
 * - Each name in it is a column, a word of the language, a type, or a function that depends on its arguments alone: what
 *   changes without the row changing would not be brought by a delta.
 */
import type { ServerEntity } from '@/designer/model'
import { quoted } from './scopes/compared-types'
import { type SqlToken, sqlTokens } from './scopes/sql-tokens'
import { KEYWORDS, PRESENT, PURE_FUNCTIONS } from './scopes/sql-words'

export type ReadExpression =
  | {
      readonly kind: 'read'
      /** Each column as one of the row `b`. */
      readonly sql: string
      readonly columns: readonly string[]
      /** What in it fails for some values; null where nothing is known to. */
      readonly canFail: string | null
    }
  | { readonly kind: 'faulty'; readonly faults: readonly ExpressionFault[] }

export interface ExpressionFault {
  readonly code: 'SL3013' | 'SL3014'
  /** Goes on after `"name" of "entity" `. */
  readonly says: string
}

export function readExpression(root: ServerEntity, expression: string): ReadExpression {
  const cut = sqlTokens(expression)
  // What the scanner says of a scope may go on with advice that is for scopes.
  if (cut.kind === 'failed') return faulty(cut.reason.replace(/:.*$/s, ''))
  const { tokens } = cut
  const shape = shapeFault(tokens)
  if (shape !== null) return faulty(shape)

  const names = new Map(Object.values(root.attributes).map(({ name }) => [name, quoted(name)]))
  const columns = new Set<string>()
  const faults: ExpressionFault[] = []
  let sql = ''
  const meant = tokens.filter(({ kind }) => kind !== 'space')
  const subquery = meant.find((token, at) => meant[at - 1]?.text !== '.' && isSubquery(token, meant[at + 1]))
  // Whatever is wrong with the names in it, it is the one thing to mend.
  if (subquery !== undefined) return faulty(readsOthers(subquery.text.toLowerCase()))
  let place = -1
  for (const token of tokens) {
    if (token.kind === 'space') {
      sql += token.text
      continue
    }
    place += 1
    const role = roleOf(meant, place, names)
    if (role.kind === 'fault') faults.push(role.fault)
    if (role.kind === 'column') {
      columns.add(role.name)
      sql += `${role.qualified ? '' : 'b.'}${names.get(role.name)}`
    } else sql += token.text
  }
  if (faults.length > 0) return { kind: 'faulty', faults: distinct(faults) }
  return { kind: 'read', sql: sql.trim(), columns: [...columns].sort(), canFail: canFail(meant) }
}

const faulty = (says: string): ReadExpression => ({ kind: 'faulty', faults: [{ code: 'SL3013', says: `${says}.` }] })

/** A column may be called exists, and none select unless it is quoted. */
const isSubquery = (token: SqlToken, after: SqlToken | undefined): boolean =>
  token.kind === 'name' &&
  !token.quoted &&
  (token.name === 'select' || (token.name === 'exists' && after?.text === '('))

const readsOthers = (word: string): string =>
  `has "${word}", and is computed from one row alone: bring what another table has along a foreign key, as a denormalised attribute`

function shapeFault(tokens: readonly SqlToken[]): string | null {
  const open: string[] = []
  for (const { kind, text } of tokens) {
    if (kind !== 'sign') continue
    if (text === ';') return 'has a semicolon: it must be one expression'
    if (text === '(' || text === '[') open.push(text === '(' ? ')' : ']')
    if ((text === ')' || text === ']') && open.pop() !== text) return 'closes a parenthesis that it did not open'
    if (text === ',' && open.length === 0) return 'has a comma outside of parentheses: it must be one expression'
  }
  if (open.length > 0) return 'opens a parenthesis that it does not close'
  return tokens.every(({ kind }) => kind === 'space')
    ? 'has no expression: write one over the columns of the row'
    : null
}

type Role =
  | { readonly kind: 'column'; readonly name: string; readonly qualified: boolean }
  | { readonly kind: 'other' }
  | { readonly kind: 'fault'; readonly fault: ExpressionFault }

const OTHER: Role = { kind: 'other' }

function roleOf(tokens: readonly SqlToken[], place: number, names: ReadonlyMap<string, string>): Role {
  const token = tokens[place]
  if (token?.kind !== 'name') return OTHER
  const [before, after] = [tokens[place - 1], tokens[place + 1]]
  const qualifier = before?.text === '.' ? tokens[place - 2] : undefined
  if (qualifier !== undefined) {
    const isOfRow = qualifier.kind === 'name' && qualifier.name === 'b' && tokens[place - 3]?.text !== '.'
    if (!isOfRow) return OTHER
    if (names.has(token.name)) return { kind: 'column', name: token.name, qualified: true }
    return fault('SL3014', `names b.${token.text}, which is no column of its table.`)
  }
  if (after?.text === '.') {
    if (token.name === 'b' && tokens[place + 2]?.kind === 'name') return OTHER
    return fault('SL3013', `names ${token.text}.…, and can name nothing but the row b: it is computed from one row.`)
  }
  if (isType(tokens, place)) {
    return token.name.startsWith('reg') ? fault('SL3013', `has the type ${token.text}, which is no value.`) : OTHER
  }
  if (after?.text === '(' && !token.quoted) return calls(token.name)
  if (names.has(token.name) && (token.quoted || !isWord(token.name, before, after))) {
    return { kind: 'column', name: token.name, qualified: false }
  }
  if (token.quoted) return fault('SL3014', `names ${token.text}, which is no column of its table.`)
  if (FORBIDDEN.has(token.name)) return fault('SL3013', `has "${token.name}", and must be one expression over one row.`)
  if (PRESENT.has(token.name) || SESSION_WORDS.has(token.name)) return fault('SL3013', changes(token.name))
  if (token.name === 'b') return fault('SL3013', 'names the whole row b: name its columns, b.name.')
  if (isWord(token.name, before, after)) return OTHER
  return fault('SL3014', `names "${token.text}", which is no column of its table.`)
}

function calls(name: string): Role {
  if (FORBIDDEN.has(name)) return fault('SL3013', `has "${name}", and must be one expression over one row.`)
  if (SETS.has(name)) return fault('SL3013', `calls ${name}, which is for several rows: it is computed from one.`)
  if (PRESENT.has(name) || VOLATILE.has(name)) return fault('SL3013', changes(name))
  if (PURE_FUNCTIONS.has(name) || MORE_FUNCTIONS.has(name) || KEYWORDS.has(name)) return OTHER
  return fault('SL3013', `calls ${name}, of which it is not known that it depends on its arguments alone.`)
}

/** After `::`, in `cast(… as type)`, and before a string: `date '2026-01-01'`. */
function isType(tokens: readonly SqlToken[], place: number): boolean {
  const [before, token, after] = [tokens[place - 1], tokens[place], tokens[place + 1]]
  if (token?.kind !== 'name') return false
  if (before?.text === '::' || (before?.kind === 'name' && !before.quoted && before.name === 'as')) return true
  return after?.kind === 'string' && !KEYWORDS.has(token.name)
}

/** A word that belongs to the language where it stands: a keyword, or a part of a date or of a type's name. */
function isWord(name: string, before: SqlToken | undefined, after: SqlToken | undefined): boolean {
  if (DATE_PARTS.has(name)) return after?.kind === 'name' && !after.quoted && after.name === 'from'
  if (name === 'zone' || name === 'time') return before?.kind === 'name'
  if (name === 'precision') return before?.kind === 'name' && before.name === 'double'
  return KEYWORDS.has(name)
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const DATE_PARTS = words(`
  century day decade dow doy epoch hour isodow isoyear julian microseconds millennium milliseconds minute month quarter
  second timezone timezone_hour timezone_minute week year
`)

const FORBIDDEN = words(
  'cross exists except fetch full group having inner intersect join lateral limit natural offset only order outer over partition select table union using values where window',
)
const SESSION_WORDS = words('current_catalog current_role current_schema current_user session_user user')
const VOLATILE = words(
  'age clock_timestamp current_setting gen_random_uuid lastval nextval currval random random_normal setseed timeofday uuid_generate_v4 uuidv4 uuidv7',
)
const SETS = words(`
  array_agg avg bool_and bool_or count every generate_series jsonb_agg jsonb_array_elements jsonb_array_elements_text
  jsonb_object_agg max min regexp_matches regexp_split_to_table string_agg sum unnest
`)
/** Besides those that scopes may call: what depends on settings that the server’s connections have in common. */
const MORE_FUNCTIONS = words(`
  array_append array_cat array_prepend array_remove array_replace cbrt convert_from convert_to decode degrees encode exp
  isodd json_build_object json_extract_path_text justify_days justify_hours justify_interval log10 make_timestamptz
  normalize num_nonnulls num_nulls pi quote_ident quote_literal quote_nullable radians scale sha256 sha512 to_char to_hex
  to_timestamp translate trim_scale
`)

const changes = (name: string): string =>
  `has ${name}, which changes while the row stays as it is: no sync would bring the new value.`

const fault = (code: ExpressionFault['code'], says: string): Role => ({ kind: 'fault', fault: { code, says } })

/**
 * Of tokens without spaces. A division by what may be zero fails, and with it the pull of every row. What comes after the
 * first condition of a CASE is asked only where that says so: it is taken for guarded.
 */
export function canFail(tokens: readonly SqlToken[]): string | null {
  // Each CASE that is open, and whether its first condition is behind.
  const cases: boolean[] = []
  for (const [place, token] of tokens.entries()) {
    if (token.kind === 'name' && !token.quoted && tokens[place - 1]?.text !== '.') {
      if (token.name === 'case') cases.push(false)
      else if (token.name === 'then' && cases.length > 0) cases[cases.length - 1] = true
      else if (token.name === 'end') cases.pop()
    }
    if (cases.includes(true)) continue
    if (
      token.kind === 'name' &&
      /^(div|mod|ln|log|log10|sqrt|power)$/.test(token.name) &&
      tokens[place + 1]?.text === '('
    )
      return token.name
    if (token.kind !== 'sign' || (token.text !== '/' && token.text !== '%')) continue
    const next = tokens[place + 1]
    const divisor = next?.text === '-' || next?.text === '+' ? tokens[place + 2] : next
    const isNumber = divisor?.kind === 'number' && Number(divisor.text) !== 0
    const isGuarded = divisor?.kind === 'name' && divisor.name === 'nullif'
    // pg_trgm’s `%` compares texts.
    const isText = divisor?.kind === 'string'
    if (!isNumber && !isGuarded && !isText) return token.text
  }
  return null
}

function distinct(faults: readonly ExpressionFault[]): ExpressionFault[] {
  return [...new Map(faults.map((each) => [each.says, each])).values()]
}
