/** Replaces fields of COPY's text format without taking the other fields apart. */
import { parseCopyText } from '../../core/copy-text'

/**
 * Maps the fields of those columns that have a type; nulls stay. What `map` answers must need no escaping: neither
 * backslash nor white space.
 */
export async function mapCopyFields(
  rows: string,
  typeOfColumn: readonly (string | null)[],
  map: (type: string, text: string) => Promise<string>,
): Promise<string> {
  if (rows === '' || typeOfColumn.every((type) => type === null)) return rows
  const lines = rows.endsWith('\n') ? rows.slice(0, -1).split('\n') : rows.split('\n')
  const mapped = lines.map(async (line) => {
    const fields = line.split('\t').map((field, column) => {
      const type = typeOfColumn[column] ?? null
      const text = type === null ? null : (parseCopyText(`${field}\n`)[0]?.[0] ?? null)
      return type === null || text === null ? field : map(type, text)
    })
    return (await Promise.all(fields)).join('\t')
  })
  return (await Promise.all(mapped)).join('\n').concat('\n')
}
