/**
 * The device's reading of what a server answers: the same forms as in `messages`, without the library, which would be
 * the half of all that a device has to load.
 *
 * Invariant: accepts exactly what the schemas of `messages` accept (`read-answer.property.test`).
 */
import type { ErrorResponse, SyncResponse } from './messages'
import { PROTOCOL_VERSION } from './version'

/** Null where the answer does not have the form of one. */
export function readSyncResponse(body: unknown): SyncResponse | null {
  return syncResponse(body) ? (body as SyncResponse) : null
}

/** Null where the body does not have the form of an error. */
export function readErrorResponse(body: unknown): ErrorResponse | null {
  return errorResponse(body) ? (body as ErrorResponse) : null
}

type Check = (value: unknown) => boolean
type Shape = { readonly [name: string]: Check }

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text: Check = (value) => typeof value === 'string'
const boolean: Check = (value) => typeof value === 'boolean'
const int: Check = (value) => Number.isSafeInteger(value)
const count: Check = (value) => int(value) && (value as number) >= 0
const uuid: Check = (value) =>
  typeof value === 'string' && /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(value)
const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const record =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check)
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const object =
  (shape: Shape): Check =>
  (value) =>
    isObject(value) && Object.keys(shape).every((name) => shape[name]?.(value[name]))

const value = nullable(text)
const key = list(text)
const values = record(value)
const image = nullable(values)

const conflict = object({
  id: uuid,
  entity: text,
  key,
  kind: oneOf(
    'update-update',
    'update-delete',
    'delete-update',
    'key-taken',
    'unique-taken',
    'parent-missing',
    'children-left',
  ),
  base: image,
  local: image,
  server: image,
  version: text,
  localAt: int,
  serverUser: value,
  serverAt: nullable(int),
  decision: oneOf('parked', 'device', 'kept-local', 'kept-server', 'resolved'),
})

const applied = object({
  kind: oneOf('applied'),
  id: uuid,
  keys: list(object({ entity: text, temporary: key, key })),
  overruled: list(object({ entity: text, key, attributes: nullable(key) })),
  conflicts: list(conflict),
})

const refused = object({
  kind: oneOf('refused'),
  id: uuid,
  reason: oneOf(
    'not-allowed',
    'unknown-entity',
    'row-deleted',
    'constraint',
    'invalid-value',
    'too-large',
    'file-missing',
  ),
  message: text,
  rows: list(object({ entity: text, key, row: image })),
})

const page = object({
  entities: list(object({ entity: text, full: boolean, rows: text, rowCount: count, deleted: list(key) })),
  next: value,
  cursors: nullable(record(text)),
  digests: record(object({ rows: int, sum: text })),
})

const syncResponse = object({
  protocol: oneOf(PROTOCOL_VERSION),
  outcomes: list((outcome) => applied(outcome) || refused(outcome)),
  page: nullable(page),
})

const errorResponse = object({
  error: object({
    kind: oneOf(
      'unauthenticated',
      'invalid-message',
      'incompatible',
      'too-large',
      'busy',
      'server-failed',
      'not-found',
    ),
    message: text,
    retryAfterMs: optional(int),
  }),
})
