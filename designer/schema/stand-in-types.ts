/**
 * Stand-ins for types that the scratch database doesn't have, such as PostGIS's geometry, so that a table
 * that uses one is still read whole. A stand-in stores text and takes any value. A type with modifiers,
 * `geometry(Point,4326)`, gets a stand-in that has them in its name, because only the extension's own code
 * could read them.
 */
import type { PGlite } from '@electric-sql/pglite'
import { quoteIdentifier, quoteWhereNeeded } from './sql-text'

export interface StandIns {
  /**
   * Makes a stand-in for the type that stands at `position` of the statement. Answers the statement to try
   * next, or null where a stand-in can't help.
   */
  readonly replaceType: (statement: string, position: number) => Promise<Replacement | null>
  /** Stand-ins whose name differs from the type's, as `format_type` prints them on the search path `public`. */
  readonly printedNames: () => ReadonlyMap<string, string>
}

export interface Replacement {
  readonly statement: string
  /** The type as it was written. */
  readonly type: string
  readonly isNew: boolean
}

const IDENTIFIER = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const TYPE_AT = new RegExp(String.raw`(${IDENTIFIER})(?:\s*\.\s*(${IDENTIFIER}))?(\s*\([^()]*\))?`, 'y')

export function createStandIns(db: Pick<PGlite, 'exec'>): StandIns {
  const made = new Set<string>()
  const printed = new Map<string, string>()

  return {
    replaceType: async (statement, position) => {
      const start = indexOfCharacter(statement, position - 1)
      TYPE_AT.lastIndex = start
      const match = TYPE_AT.exec(statement)
      if (match === null) return null
      const [written, first = '', second, modifiers = ''] = match
      const schema = second === undefined ? 'public' : unquote(first)
      const name = unquote(second ?? first) + modifiers.trim()
      const qualified = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
      const isNew = !made.has(qualified)
      // It is there and still not found: another name of the same statement is meant.
      if (!isNew && modifiers === '') return null
      if (isNew) {
        await db.exec(standInSql(schema, name))
        made.add(qualified)
        const prefix = schema === 'public' ? '' : `${quoteWhereNeeded(schema)}.`
        if (modifiers !== '')
          printed.set(
            prefix + quoteIdentifier(name),
            prefix + quoteWhereNeeded(unquote(second ?? first)) + modifiers.trim(),
          )
      }
      return {
        statement: statement.slice(0, start) + qualified + statement.slice(start + written.length),
        type: written,
        isNew,
      }
    },
    printedNames: () => printed,
  }
}

/** The cast to text lends it text's operators, so that a key or an index can be made over it. */
function standInSql(schema: string, name: string): string {
  const type = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const input = `${quoteIdentifier(schema)}.${quoteIdentifier(`${name} in`)}`
  const output = `${quoteIdentifier(schema)}.${quoteIdentifier(`${name} out`)}`
  return `
    CREATE TYPE ${type};
    CREATE FUNCTION ${input}(cstring) RETURNS ${type} AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
    CREATE FUNCTION ${output}(${type}) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
    CREATE TYPE ${type} (INPUT = ${input}, OUTPUT = ${output}, LIKE = pg_catalog.text);
    CREATE CAST (${type} AS pg_catalog.text) WITHOUT FUNCTION AS IMPLICIT;`
}

/** PostgreSQL counts characters, JavaScript halves those outside the basic plane. */
export function indexOfCharacter(text: string, characters: number): number {
  let index = 0
  for (let count = 0; count < characters && index < text.length; count += 1) {
    index += (text.codePointAt(index) as number) > 0xffff ? 2 : 1
  }
  return index
}

function unquote(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier.toLowerCase()
}
