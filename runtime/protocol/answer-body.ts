/**
 * An answer as bytes, for devices that take it so: on one line the JSON, in which the `rows` of each entity are the
 * number of their bytes, then those bytes, one entity's after the other's.
 *
 *   {"protocol":…,"page":{"entities":[{"entity":"le_1",…,"rows":13,…}],…}}⏎1␉Ada␤2␉Grace␤
 *
 * The rows of a page go as the database wrote them: as a text within JSON they would be read, escaped, written and read
 * again, which costs more than all else that a server does with them. It is the same answer in either form.
 */

export const ANSWER_TYPE = 'application/x-syncline'

/** The pieces of the body; `answer` is the JSON's line. */
export function answerPieces(answer: string, rows: readonly Uint8Array[]): Uint8Array[] {
  return [new TextEncoder().encode(`${answer}\n`), ...rows]
}

/** What the answer says; a body of another form gives what is no answer. */
export function readAnswerBody(bytes: Uint8Array, parse: (text: string) => unknown): unknown {
  // A text may begin with what would be taken for a byte order mark.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const end = bytes.indexOf(10)
  const answer = parse(decoder.decode(bytes.subarray(0, end)))
  let at = end + 1
  for (const part of partsOf(answer)) {
    if (typeof part?.rows !== 'number') continue
    const from = at
    at += part.rows
    part.rows = decoder.decode(bytes.subarray(from, at))
  }
  return answer
}

interface Part {
  rows?: unknown
}

function partsOf(answer: unknown): readonly (Part | null)[] {
  const entities = (answer as { page?: { entities?: unknown } | null } | null)?.page?.entities
  return Array.isArray(entities) ? entities : []
}
