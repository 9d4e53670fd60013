/**
 * Which defaults also hold on a device. A default there has to need nothing that only the server has: no
 * sequences, no functions of its own, no types of another schema.
 */
import type { Project, ServerAttribute } from '@/designer/model'

type Types = Pick<Project, 'serverTypes'>

/** The default's expression on the server: the column's, or else its domain's. */
export function defaultOnServer(project: Types, attribute: ServerAttribute): string | null {
  if (attribute.default !== null) return attribute.default
  const type = attribute.typeId === null ? undefined : project.serverTypes[attribute.typeId]
  if (type?.kind === 'domain' && type.default !== null) return type.default
  // An identity is a default that PostgreSQL does not print.
  return attribute.identity === null
    ? null
    : `GENERATED ${attribute.identity.replace('-', ' ').toUpperCase()} AS IDENTITY`
}

/** The same default for a device, as an expression that needs no types; null where there is none. */
export function deviceDefault(project: Types, attribute: ServerAttribute): string | null {
  if (attribute.generated !== null) return null
  const onServer = defaultOnServer(project, attribute)
  return onServer === null ? null : portableDefault(onServer)
}

const CAST = String.raw`(?:::(?:"[^"]*"|[\w .])+(?:\([\d, ]*\))?(?:\[\])*)*`
const STRING = new RegExp(`^('(?:[^']|'')*')${CAST}$`)
const NUMBER = new RegExp(`^\\(?(-?\\d+(?:\\.\\d+)?)\\)?${CAST}$`)
const WORD = new RegExp(`^(true|false|null)${CAST}$`, 'i')
const EMPTY_ARRAY = new RegExp(`^ARRAY\\[\\]${CAST}$`, 'i')
/** PostgreSQL reads these strings as times, so that they are no constants. */
const TIME_WORDS = /^'(now|today|tomorrow|yesterday)'/i

const NOW =
  /^(now\(\)|(current_timestamp|localtimestamp)(\(\d\))?|(transaction|statement|clock)_timestamp\(\)|timezone\('utc'::text, (now\(\)|current_timestamp)\)|\(?(now\(\)|current_timestamp) at time zone 'utc'::text\)?|\('now'::text\)::timestamp\b.*)$/i
const TODAY = /^(current_date|\('now'::text\)::date|\(?now\(\)\)?::date)$/i
const NEW_UUID = /^("?\w+"?\.)?(gen_random_uuid|uuid_generate_v4|uuidv4|uuidv7)\(\)$/i

/** A constant, the present or a new uuid, as an expression that needs no types; null for anything else. */
export function portableDefault(expression: string): string | null {
  const text = expression.trim()
  if (NOW.test(text)) return 'now()'
  if (TODAY.test(text)) return 'CURRENT_DATE'
  if (NEW_UUID.test(text)) return 'gen_random_uuid()'
  if (EMPTY_ARRAY.test(text)) return `'{}'`
  if (TIME_WORDS.test(text)) return null
  const literal = STRING.exec(text)?.[1] ?? NUMBER.exec(text)?.[1] ?? WORD.exec(text)?.[1]
  return literal === undefined || literal.toLowerCase() === 'null' ? null : literal
}
