/**
 * The conflict handlers that are written for one entity: edits of different attributes are both kept, and where both
 * sides changed one, the designer has said which value stays.
 *
 * Invariants
 * - `larger`, `smaller` and `latest` are symmetric: whichever side asks, the same value stays. Of two edits made in one
 *   millisecond, the latest is the one whose text sorts last.
 * - What can't be told, such as the latest where nobody knows when the server's was written, waits for a person.
 */
import { type AttributeResolution, inOrder, type LocalEntity } from '@/designer/model'
import { comment, stringLiteral } from '../3-emit/code'
import type { EntityIr, HandlerIr } from '../ir'
import { CHANGED, type HandlerText } from './built-in-handlers'

/** Attributes of which something else than a person decides; empty where the entity has no handler of its own. */
export function decidedAttributes(
  entity: LocalEntity,
): readonly { readonly name: string; readonly by: Exclude<AttributeResolution, 'park'> }[] {
  const { pattern } = entity
  if (pattern.kind !== 'conflict-detection' || pattern.handler !== null) return []
  if (pattern.resolution !== 'merge-attributes') return []
  return inOrder(entity.attributes).flatMap(([id, { name }]) => {
    const by = pattern.attributes[id] ?? 'park'
    return by === 'park' ? [] : [{ name, by }]
  })
}

export const attributeHandlerId = (entity: LocalEntity): string => `merge_${entity.id}`

export function attributeHandler(entity: LocalEntity, { contract }: EntityIr): Omit<HandlerIr, 'version'> | null {
  const decided = decidedAttributes(entity)
  if (decided.length === 0) return null
  const functionName = `mergeEditsOf${contract.name.replace(/^_/, '')}`
  const used = BY.filter((by) => decided.some((each) => each.by === by))
  const needsTime = used.includes('latest')
  const compares = needsTime || used.includes('larger') || used.includes('smaller')
  const text = `/**
 * Edits of different attributes of ${comment(entity.name)} are both kept. Where both sides changed one:
${used.map((by) => ` * - ${SAYS[by]}: ${comment(names(decided, by).join(', '))}`).join('\n')}
 * - a person decides: any other
 */
function ${functionName}({ base, local, server${needsTime ? ', localAt, serverAt' : ''} }: ConflictCase): Decision {
  if (base === null || local === null || server === null) return { kind: 'park' }
  const values: Record<string, string | null> = {}
  for (const [name, mine] of Object.entries(changed(base, local))) {
    const theirs = server[name] ?? null
    if (theirs === mine || theirs === base[name]) {
      values[name] = mine
      continue
    }
    switch (name) {
${used
  .map(
    (by) =>
      `${names(decided, by)
        .map((name) => `      case ${stringLiteral(name)}:\n`)
        .join('')}${BODY[by]}`,
  )
  .join('\n')}
      default:
        return { kind: 'park' }
    }
  }
  return { kind: 'resolve', values }
}`
  return {
    id: attributeHandlerId(entity),
    name: `Merge edits of ${entity.name}`,
    functionName,
    text,
    helpers: [
      CHANGED,
      ...(used.includes('larger') || used.includes('smaller') || needsTime ? [LARGER] : []),
      ...(compares ? [COMPARE] : []),
    ],
    types: ['ConflictCase', 'Decision', 'NamedValues'],
  } satisfies HandlerText & { readonly id: string }
}

const BY = ['local', 'server', 'latest', 'larger', 'smaller'] as const
type By = (typeof BY)[number]

const SAYS: Readonly<Record<By, string>> = {
  local: 'the edit stays',
  server: 'the server’s value stays',
  latest: 'the later edit stays',
  larger: 'the larger value stays',
  smaller: 'the smaller value stays',
}

const BODY: Readonly<Record<By, string>> = {
  local: '        values[name] = mine\n        break',
  server: '        break',
  latest: `        if (serverAt === null) return { kind: 'park' }
        if (localAt > serverAt || (localAt === serverAt && larger(mine, theirs) === mine)) values[name] = mine
        break`,
  larger: '        values[name] = larger(mine, theirs)\n        break',
  smaller:
    '        values[name] = mine === null || theirs === null ? (mine ?? theirs) : larger(mine, theirs) === mine ? theirs : mine\n        break',
}

const names = (decided: ReturnType<typeof decidedAttributes>, by: By): readonly string[] =>
  decided.flatMap((each) => (each.by === by ? [each.name] : []))

const LARGER = `/** A value is larger than none. */
function larger(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return compare(a, b) < 0 ? b : a
}`

const COMPARE = `/** Numbers by their size, whole ones however long; dates and times are written so that their text sorts. */
function compare(a: string, b: string): number {
  if (/^-?\\d+$/.test(a) && /^-?\\d+$/.test(b)) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0
  const difference = Number(a) - Number(b)
  return difference || (a < b ? -1 : a > b ? 1 : 0)
}`
