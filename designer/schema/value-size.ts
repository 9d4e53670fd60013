/** How large a value is where it travels and where a device keeps it, as SQL. */
import type { ServerAttribute, ServerSchema } from '@/designer/model/project'

export interface SizeOptions {
  /**
   * Whether documents are measured as the text that they travel as, for which each is unpacked and written out; else as
   * they lie on the server's disk, which is told without reading them.
   */
  readonly documents: boolean
}

/**
 * Bytes of a value, null where there is none. PostgreSQL packs what is long, and `pg_column_size` tells what is left of it:
 * nothing is packed on the wire's rows nor on a device. The length of texts and bytes is known without unpacking them.
 */
export function valueSizeSql(
  { serverTypes }: Pick<ServerSchema, 'serverTypes'>,
  { type, typeId }: Pick<ServerAttribute, 'type' | 'typeId'>,
  column: string,
  { documents }: SizeOptions,
): string {
  const onDisk = `pg_catalog.pg_column_size(${column})`
  const named = serverTypes[typeId ?? '']
  const base = named?.kind === 'domain' ? named.baseType : type
  if (base === 'bytea') return larger(onDisk, `pg_catalog.octet_length(${column})`)
  if (TEXT.test(base) || (documents && DOCUMENT.test(base))) {
    return larger(onDisk, `pg_catalog.octet_length(${column}::pg_catalog.text)`)
  }
  return onDisk
}

/** Short values have a byte before them, which is not in their length: what ANALYZE tells of them counts it too. */
const larger = (one: string, other: string): string => `greatest(${one}, ${other})`

const TEXT = /^(text|citext|character varying|character)(\(\d+\))?$/
const DOCUMENT = /^(json|jsonb|xml|(text|citext|character varying)(\(\d+\))?(\[\])+)$/
