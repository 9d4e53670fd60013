/**
 * Whether the role that installs may do what the server needs, before anything is made: all that is missing at once,
 * each with the statement that helps.
 */
import { quoteText } from './sql-text'
import type { TrackedTable } from './tracked-tables'
import { dollarQuote } from './tracking-sql'

/** Fails, and says what is missing, where the current role can't install or serve the tables. */
export function rightsSql(tables: readonly TrackedTable[]): string {
  const rows = tables.map(
    ({ base, rights }) => `(${quoteText(base)}, array[${[...rights, 'trigger'].map(quoteText).join(', ')}])`,
  )
  if (rows.length === 0) return '-- There are no tables to track.'
  return `do ${dollarQuote(`
declare
  wanted record;
  missing text := '';
  member regclass;
  rights text;
  schema_name text;
begin
  if to_regnamespace('syncline') is null and not has_database_privilege(current_database(), 'create') then
    missing := missing || format(E'\\n- Role %I can''t make a schema in database %I: grant create on database %2$I to %1$I;', current_user, current_database());
  elsif to_regnamespace('syncline') is not null and not pg_has_role(current_user, (select nspowner from pg_namespace where nspname = 'syncline'), 'usage') then
    missing := missing || format(E'\\n- Schema syncline belongs to role %I: install as that role, or: grant %1$I to %I;', (select nspowner::regrole::text from pg_namespace where nspname = 'syncline'), current_user);
  end if;
  for wanted in select * from (values ${rows.join(',\n    ')}) as wanted (base, rights) loop
    schema_name := (parse_ident(wanted.base))[1];
    if exists (select from pg_namespace where nspname = schema_name) and not has_schema_privilege(schema_name, 'usage') then
      missing := missing || format(E'\\n- Role %I may not look into schema %I: grant usage on schema %2$I to %1$I;', current_user, schema_name);
      continue;
    end if;
    if to_regclass(wanted.base) is null then
      missing := missing || format(E'\\n- There is no table %s: create it, or compile the bundle from the schema as it is.', wanted.base);
      continue;
    end if;
    for member, rights in
      select relation, string_agg(upper(needed), ', ' order by needed)
      from (
        select to_regclass(wanted.base) as relation, needed from unnest(wanted.rights) as needed
        union select relid, needed from pg_partition_tree(to_regclass(wanted.base)), unnest(array['select', 'trigger']) as needed
      ) as member
      where not has_table_privilege(relation, needed) group by relation order by relation
    loop
      missing := missing || format(E'\\n- Role %I lacks rights on table %s: grant %s on table %2$s to %1$I;', current_user, member, rights);
    end loop;
  end loop;
  if missing <> '' then
    raise exception 'Syncline can''t be installed by role %, because something is missing. Run the statements below as the owner of the tables (or install as that owner):%', quote_ident(current_user), missing
      using errcode = 'insufficient_privilege';
  end if;
end
`)};`
}
