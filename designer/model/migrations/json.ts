/** Documents as plain JSON, which is all that a migration may know of them. */

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The record with each of its values changed; what is no object stays as it is, for the schema to refuse. */
export const mapRecords = (records: unknown, change: (record: JsonObject) => JsonObject): unknown =>
  isObject(records)
    ? Object.fromEntries(
        Object.entries(records).map(([id, record]) => [id, isObject(record) ? change(record) : record]),
      )
    : records
