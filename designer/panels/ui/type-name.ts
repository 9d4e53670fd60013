const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^character varying/, 'varchar'],
  [/^character\b/, 'char'],
  [/^timestamp(\(\d+\))? with time zone/, 'timestamptz$1'],
  [/^timestamp(\(\d+\))? without time zone/, 'timestamp$1'],
  [/^time(\(\d+\))? with time zone/, 'timetz$1'],
  [/^time(\(\d+\))? without time zone/, 'time$1'],
  [/^double precision/, 'float8'],
  [/^integer/, 'int4'],
  [/^smallint/, 'int2'],
  [/^bigint/, 'int8'],
  [/^boolean/, 'bool'],
]

/** PostgreSQL's own short name of a type, for narrow columns: `timestamp with time zone` is `timestamptz`. */
export function shortTypeName(type: string): string {
  const found = SHORT.find(([pattern]) => pattern.test(type))
  return found ? type.replace(found[0], found[1]).replace('undefined', '') : type
}
