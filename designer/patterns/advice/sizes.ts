/** How large values are: stored on a device, as text on the wire, and what gzip leaves of that. */
import {
  deviceType,
  followPath,
  type LocalAttribute,
  type LocalEntity,
  type Project,
  splitArray,
} from '@/designer/model'
import { GZIP_LEAVES } from './figures'

export interface AttributeSize {
  /** In the device's database. */
  readonly storedBytes: number
  /** As text in an answer, with the two characters that part it from the next value. */
  readonly textBytes: number
  /** What gzip leaves of the text in a first sync. */
  readonly packedBytes: number
  /** Whether `storedBytes` was measured on the server's rows, or guessed from the type. */
  readonly measured: boolean
}

type Schema = Pick<Project, 'serverEntities' | 'serverTypes'>

/** The size of a value that is there; null where the attribute's source is not in the schema. */
export function attributeSize(
  schema: Schema,
  entity: Pick<LocalEntity, 'root'>,
  { source }: Pick<LocalAttribute, 'source'>,
): AttributeSize | null {
  if (source.kind === 'computed') return sizeOf(schema, { type: source.type, typeId: null, averageBytes: null })
  const end = followPath(schema, entity.root, source.kind === 'root' ? [] : source.path)?.end
  const attribute = end?.attributes[source.attribute]
  return attribute === undefined ? null : sizeOf(schema, attribute)
}

/** The size of a value of a server attribute's type. */
export function sizeOf(
  schema: Pick<Project, 'serverTypes'>,
  attribute: { readonly type: string; readonly typeId: string | null; readonly averageBytes: number | null },
): AttributeSize {
  const { type, averageBytes } = attribute
  const { element, suffix } = splitArray(type)
  const value = deviceType(schema, attribute)?.value
  const one = value?.kind === 'enum' ? ENUM : guess(element)
  const guessed = suffix === '' ? one.stored : ARRAY_HEADER + ELEMENTS_PER_ARRAY * one.stored
  const stored = averageBytes ?? guessed
  const text =
    one.text === 'stored'
      ? stored
      : one.text === 'hex'
        ? 2 * stored
        : suffix === ''
          ? one.text
          : (stored / one.stored) * (one.text + 1)
  return {
    storedBytes: stored,
    textBytes: text + SEPARATOR,
    packedBytes: (text + SEPARATOR) * GZIP_LEAVES[one.packs],
    measured: averageBytes !== null,
  }
}

const SEPARATOR = 2

/** A SHA-256 in hex: chance, of which gzip leaves the half. */
export const FILE_NAME_SIZE: AttributeSize = {
  storedBytes: 64,
  textBytes: 64 + SEPARATOR,
  packedBytes: 36,
  measured: true,
}

const ARRAY_HEADER = 24
const ELEMENTS_PER_ARRAY = 4

interface TypeSize {
  readonly stored: number
  /** Characters; `stored` where text is stored as it is sent, `hex` where each byte is two characters. */
  readonly text: number | 'stored' | 'hex'
  readonly packs: keyof typeof GZIP_LEAVES
}

const fixed = (stored: number, text: number, packs: TypeSize['packs']): TypeSize => ({ stored, text, packs })

const ENUM = fixed(4, 8, 'number')
const SIZES: ReadonlyMap<string, TypeSize> = new Map([
  ['boolean', fixed(1, 1, 'number')],
  ['smallint', fixed(2, 3, 'number')],
  ['integer', fixed(4, 4, 'number')],
  ['oid', fixed(4, 5, 'number')],
  ['bigint', fixed(8, 7, 'number')],
  ['real', fixed(4, 5, 'number')],
  ['double precision', fixed(8, 10, 'number')],
  ['numeric', fixed(6, 6, 'number')],
  ['money', fixed(8, 8, 'number')],
  ['date', fixed(4, 10, 'time')],
  ['timestamp without time zone', fixed(8, 22, 'time')],
  ['timestamp with time zone', fixed(8, 26, 'time')],
  ['time without time zone', fixed(8, 11, 'time')],
  ['time with time zone', fixed(12, 14, 'time')],
  ['interval', fixed(16, 10, 'time')],
  ['uuid', fixed(16, 36, 'random')],
  ['inet', fixed(7, 13, 'text')],
  ['cidr', fixed(7, 15, 'text')],
  ['json', { stored: 200, text: 'stored', packs: 'text' }],
  ['jsonb', { stored: 200, text: 'stored', packs: 'text' }],
  ['xml', { stored: 500, text: 'stored', packs: 'text' }],
  ['text', { stored: 32, text: 'stored', packs: 'text' }],
  ['bytea', { stored: 50_000, text: 'hex', packs: 'random' }],
])
const OTHER: TypeSize = { stored: 16, text: 16, packs: 'text' }

/** Half of a short limit is used; nobody fills a long one. */
const LONGEST_GUESS = 40

function guess(type: string): TypeSize {
  const [, name = type, limit] = /^(character varying|character|bit varying|bit)\((\d+)\)$/.exec(type) ?? []
  if (limit !== undefined) {
    const length = name === 'character' ? Number(limit) : Math.min(LONGEST_GUESS, Number(limit) / 2)
    return { stored: 1 + length, text: 'stored', packs: 'text' }
  }
  if (type === 'character varying') return SIZES.get('text') ?? OTHER
  const plain = type.replace(/\s*\([^)]*\)/, '').replace(/^interval\b.*$/, 'interval')
  return SIZES.get(plain) ?? OTHER
}
