/** Words of SQL that are no columns, and functions that read nothing but their arguments. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

export const KEYWORDS = words(`
  all and any array as asc asymmetric at between both case cast collate cross current_catalog current_role current_user
  day desc distinct double else end except exists false fetch filter first following for from full group having hour
  ilike in inner intersect interval into is isnull join last lateral leading left like limit local minute month natural
  not notnull null nulls offset on only or order outer over overlaps partition preceding precision range recursive right
  row rows second select session_user similar some symmetric table then time to trailing true unbounded union unknown
  user using values varying when where window with without year zone
`)

/** Built-in functions whose answer depends on their arguments alone. */
export const PURE_FUNCTIONS = words(`
  abs array_agg array_length array_lower array_position array_to_string array_upper avg bool_and bool_or bpchar
  btrim cardinality ceil ceiling char char_length character chr coalesce concat concat_ws count date_bin date_part
  date_trunc decimal div every exp extract floor format generate_series greatest host initcap isempty isfinite
  jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
  jsonb_extract_path jsonb_extract_path_text jsonb_exists jsonb_path_exists jsonb_typeof least left length ln log lower
  lower_inf lpad ltrim make_date make_interval make_time make_timestamp max md5 min mod nullif numeric octet_length
  overlay position power regexp_count regexp_instr regexp_like regexp_match regexp_replace regexp_substr
  regexp_split_to_array repeat replace reverse right round rpad rtrim sign split_part sqrt starts_with
  string_agg string_to_array strpos substr substring sum time timestamp timestamptz to_date to_jsonb to_number
  trim trim_array trunc unnest upper upper_inf varchar width_bucket
`)

/** Ways to ask for the present, with what they are in a scope, whose present is `session.at`. */
export const PRESENT: ReadonlyMap<string, string> = new Map([
  ['now', 'session.at'],
  ['current_timestamp', 'session.at'],
  ['transaction_timestamp', 'session.at'],
  ['statement_timestamp', 'session.at'],
  ['clock_timestamp', 'session.at'],
  ['localtimestamp', 'session.at::timestamp'],
  ['current_date', 'session.at::date'],
  ['current_time', 'session.at::timetz'],
  ['localtime', 'session.at::time'],
])

/** Those of them that are functions, and need their parentheses. */
export const PRESENT_FUNCTIONS = words('now transaction_timestamp statement_timestamp clock_timestamp')

/** Words that end a FROM clause. */
export const AFTER_FROM = words('where group having order limit offset fetch window union except intersect for')
