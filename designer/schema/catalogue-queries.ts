/**
 * The questions put to the catalogue, one for each kind of thing and never one for each table: they cost the
 * same few round trips for one table and for a thousand. For PostgreSQL 14 and later, and PGlite.
 *
 * Left out everywhere: PostgreSQL's own schemas, temporary tables, what belongs to an extension, and
 * partitions, whose rows are those of the table that they are part of.
 */

/** Tables and their like, as `shown`. */
const SHOWN = `
  shown AS (
    SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind, c.reltuples
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
      )
  )`

/** An estimate is -1 where nobody has analysed the table; a partitioned table's is the sum of its partitions'. */
export const ENTITIES = `
  WITH ${SHOWN}
  SELECT s.oid::text AS oid, s.schema, s.name, s.relkind::text AS kind,
    pg_catalog.obj_description(s.oid, 'pg_class') AS comment,
    CASE
      WHEN s.relkind = 'p' THEN (
        SELECT CASE WHEN bool_or(p.reltuples >= 0) THEN sum(greatest(p.reltuples, 0)) END
        FROM pg_catalog.pg_partition_tree(s.oid) t
        JOIN pg_catalog.pg_class p ON p.oid = t.relid
        WHERE t.isleaf
      )
      WHEN s.relkind IN ('r', 'm', 'f') AND s.reltuples >= 0 THEN s.reltuples
    END::bigint::text AS estimate
  FROM shown s
  ORDER BY s.schema, s.name`

export const ATTRIBUTES = `
  WITH ${SHOWN}
  SELECT a.attrelid::text AS entity, a.attnum::int AS number, a.attname AS name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    (CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END)::text AS element_type,
    NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)) AS nullable,
    a.attidentity::text AS identity, a.attgenerated::text AS generated,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
    pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM shown s
  JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  ORDER BY a.attrelid, a.attnum`

/**
 * Primary keys and uniques, both from their indexes, so that a unique index counts like a constraint. An
 * index with a condition or an expression says nothing about the columns alone.
 */
export const KEYS = `
  WITH ${SHOWN}
  SELECT i.indrelid::text AS entity, x.relname AS name, i.indisprimary AS is_primary,
    ARRAY(
      SELECT k.number::int
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
      WHERE k.place <= i.indnkeyatts ORDER BY k.place
    ) AS attributes
  FROM shown s
  JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND s.relkind IN ('r', 'p')
    AND (i.indisvalid OR s.relkind = 'p')
  ORDER BY i.indrelid, x.relname`

/** A key that only some partitions declare doesn't hold for the table, and isn't told. */
export const FOREIGN_KEYS = `
  WITH ${SHOWN}
  SELECT c.conrelid::text AS entity, c.conname AS name, c.confrelid::text AS referenced,
    c.conkey::int[] AS attributes, c.confkey::int[] AS referenced_attributes,
    c.confdeltype::text AS on_delete, c.confupdtype::text AS on_update, c.condeferrable AS deferrable
  FROM shown s
  JOIN pg_catalog.pg_constraint c ON c.conrelid = s.oid
  JOIN shown r ON r.oid = c.confrelid
  WHERE c.contype = 'f' AND c.conparentid = 0
  ORDER BY c.conrelid, c.conname`

/** A domain over a domain is read with the domain as its base. */
export const TYPES = `
  SELECT t.oid::text AS oid, n.nspname AS schema, t.typname AS name, t.typtype::text AS kind,
    ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS values,
    CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base_type,
    NOT t.typnotnull AS nullable,
    t.typdefault AS default_text,
    ARRAY(
      SELECT pg_catalog.pg_get_expr(c.conbin, 0) FROM pg_catalog.pg_constraint c
      WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname
    ) AS checks
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
    )
  ORDER BY n.nspname, t.typname`

/** What ANALYZE found, of the tables that this user may read; of a partitioned table the sizes of all its partitions. */
export const SIZES = `
  WITH ${SHOWN}
  SELECT s.oid::text AS entity, a.attname AS name, CASE WHEN p.null_frac < 1 THEN p.avg_width ELSE 0 END::float8 AS bytes
  FROM shown s
  JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_stats p ON p.schemaname = s.schema AND p.tablename = s.name AND p.attname = a.attname
    AND p.inherited = (s.relkind = 'p')`
