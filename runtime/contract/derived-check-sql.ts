/**
 * Whether the server can work out what a bundle derives, asked when it is installed: a column that is gone, or an
 * expression that PostgreSQL can't read, would otherwise fail every pull of the entity.
 */
import type { Bundle } from './bundle'
import { quoteName, quoteText } from './sql-text'
import { dollarQuote } from './tracking-sql'
import { valueSql } from './value-sql'

/**
 * One statement for each entity with derived attributes, in the order of their ids. Reads no rows. Each value is a text of
 * its own until it is tried, so that one that is no SQL at all is told like any other.
 */
export function derivedCheckSql({ entities }: Bundle): string[] {
  return [...entities]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ name, server, attributes }) => {
      const derived = attributes.filter((attribute) => attribute.derived !== undefined)
      if (derived.length === 0) return []
      const checks = derived.map(
        (attribute) => `
  trying := ${quoteText(attribute.name)};
  execute ${quoteText(`select ${valueSql(attribute)} from ${quoteName(server.schema)}.${quoteName(server.table)} b limit 0`)};`,
      )
      return [
        `do ${dollarQuote(`
declare
  trying text;
begin${checks.join('')}
exception when others then
  raise exception 'Syncline can''t work out "%" of %: %. Mend the attribute, or compile the bundle from the schema as it is.', trying, ${quoteText(name)}, sqlerrm
    using errcode = sqlstate;
end
`)};`,
      ]
    })
}
