/**
 * What becomes of a server type on its way to a device and into an app: the column in each store and the type in
 * TypeScript, with how a value gets there without loss. Read from the same tables as the code that is emitted.
 */
import { sqliteColumnType, type TypeContract } from '@syncline/runtime/contract'
import { type DeviceValue, deviceType, namedType, type Project, type ServerType, splitArray } from '@/designer/model'
import { typescriptType } from './2-lower/typescript-types'

export interface TypeMapping {
  readonly server: string
  readonly pglite: string
  readonly sqlite: string
  readonly typescript: string
  /** How each value is kept exactly. */
  readonly note: string
}

interface MappedAttribute {
  readonly type: string
  readonly typeId: string | null
  readonly sensitive: boolean
  /** Its content travels beside the row. */
  readonly isFile?: boolean
}

/** Null where a device has no such type. */
export function typeMapping(
  types: Pick<Project, 'serverTypes'>,
  { type, typeId, sensitive, isFile = false }: MappedAttribute,
): TypeMapping | null {
  if (isFile) return { server: type, pglite: 'text', sqlite: 'text', typescript: 'string, Uint8Array', note: FILE_NOTE }
  const onDevice = deviceType(types, { type, typeId })
  if (onDevice === null) return null
  const { serverType, suffix, value } = onDevice
  const own = serverType === null ? [] : contractsOf(types, serverType, [])
  const onPglite = serverType === null ? type : `${serverType.name}${suffix}`
  return {
    server: type,
    pglite: sensitive ? 'text' : onPglite,
    sqlite: sqliteColumnType({ type: onPglite, sensitive }, own),
    typescript: typescriptType(value),
    note: sensitive ? `${ENCRYPTED} ${NOTES[noteOf(value)]}` : NOTES[noteOf(value)],
  }
}

const FILE_NOTE =
  'Lossless. The column holds the content’s name, its SHA-256; the content itself is read by the entity’s file action, and given to create and update.'

const ENCRYPTED =
  'The column holds encrypted text, which only entity actions read and write; the app sees the value itself.'

type Note = Extract<DeviceValue, { kind: 'base' }>['value'] | 'enum' | 'array'

const noteOf = (value: DeviceValue): Note => (value.kind === 'base' ? value.value : value.kind)

const NOTES: Record<Note, string> = {
  boolean: 'Lossless. SQLite keeps 0 or 1.',
  number: 'Lossless. JavaScript’s numbers hold each value of this type exactly.',
  integer64: 'Lossless. What is beyond 2⁵³ comes as a bigint, all else as a number.',
  bytes: 'Lossless. The bytes as they are.',
  json: 'Lossless. Kept as text where the store has no type of its own for JSON.',
  time: 'Lossless. Kept with microseconds and given as text; a Date may be written, which has milliseconds.',
  text: 'Lossless. Kept and given as PostgreSQL’s own text, so that no digit is lost.',
  enum: 'Lossless. The values are kept by name; a value that is not listed is refused.',
  array: 'Lossless. SQLite keeps PostgreSQL’s text of the array.',
}

/** The type and what it stands on, as a bundle has them. */
function contractsOf(
  types: Pick<Project, 'serverTypes'>,
  type: ServerType,
  seen: readonly string[],
): readonly TypeContract[] {
  if (type.kind === 'enum') return [{ kind: 'enum', name: type.name, values: type.values }]
  const { element, suffix } = splitArray(type.baseType)
  const below = namedType(types, element, type.schema)
  // A circle of domains can only come from a file that was changed by hand.
  if (below === null || seen.includes(type.id)) return [{ kind: 'domain', name: type.name, baseType: type.baseType }]
  return [
    { kind: 'domain', name: type.name, baseType: `${below.name}${suffix}` },
    ...contractsOf(types, below, [...seen, type.id]),
  ]
}
