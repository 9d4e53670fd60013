import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { CONFLICT_KINDS, ErrorResponse, PROTOCOL_VERSION, SyncResponse } from './messages'
import { readErrorResponse, readSyncResponse } from './read-answer'

const value = fc.option(fc.string())
const key = fc.array(fc.string(), { maxLength: 2 })
const values = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 2 })
const image = fc.option(values)
const id = fc.uuid()
const int = fc.maxSafeInteger()

const conflict = fc.record({
  id,
  entity: fc.string(),
  key,
  kind: fc.constantFrom(...CONFLICT_KINDS),
  base: image,
  local: image,
  server: image,
  version: fc.string(),
  localAt: int,
  serverUser: value,
  serverAt: fc.option(int),
  decision: fc.constantFrom('parked', 'device', 'kept-local', 'kept-server', 'resolved'),
})
const outcome = fc.oneof(
  fc.record({
    kind: fc.constant('applied'),
    id,
    keys: fc.array(fc.record({ entity: fc.string(), temporary: key, key }), { maxLength: 2 }),
    overruled: fc.array(fc.record({ entity: fc.string(), key, attributes: fc.option(key) }), { maxLength: 2 }),
    conflicts: fc.array(conflict, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('refused'),
    id,
    reason: fc.constantFrom('not-allowed', 'unknown-entity', 'row-deleted', 'constraint', 'invalid-value', 'too-large'),
    message: fc.string(),
    rows: fc.array(fc.record({ entity: fc.string(), key, row: image }), { maxLength: 2 }),
  }),
)
const part = fc.record({
  entity: fc.string(),
  full: fc.boolean(),
  rows: fc.string(),
  rowCount: fc.nat(),
  deleted: fc.array(key, { maxLength: 2 }),
})
const page = fc.record({
  entities: fc.array(part, { maxLength: 2 }),
  next: value,
  cursors: fc.option(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 2 })),
  digests: fc.dictionary(fc.string({ minLength: 1 }), fc.record({ rows: int, sum: fc.string() }), { maxKeys: 2 }),
})
const answer = fc.record({
  protocol: fc.constant(PROTOCOL_VERSION),
  outcomes: fc.array(outcome, { maxLength: 2 }),
  page: fc.option(page),
})
const error = fc.record({
  error: fc.record(
    {
      kind: fc.constantFrom(...ErrorResponse.shape.error.shape.kind.options),
      message: fc.string(),
      retryAfterMs: int,
    },
    { requiredKeys: ['kind', 'message'] },
  ),
})

/** Something else in the place of one part of a message, wherever that is. */
function spoil(message: unknown, at: number, by: unknown): unknown {
  let left = at
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return by
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).flatMap(([name, child]) => entry(name, walk(child))))
  }
  const entry = (name: string, child: unknown) => (child === undefined ? [] : [[name, child] as const])
  return walk(message)
}
const intruder = fc.constantFrom<unknown>(null, undefined, 1, -1, 1.5, 'x', true, [], {}, [1], { a: 1 }, [[]])
const anywhere = fc.nat(60)

describe('what a device reads', () => {
  const cases = [
    ['a sync answer', answer, SyncResponse, readSyncResponse],
    ['an error', error, ErrorResponse, readErrorResponse],
  ] as const
  for (const [name, messages, schema, read] of cases) {
    it(`takes ${name} as it is`, () => {
      fc.assert(
        fc.property(messages as fc.Arbitrary<unknown>, (message) => {
          expect(read(message)).toBe(message)
          expect(z.safeParse(schema as z.ZodMiniType, message).success).toBe(true)
        }),
      )
    })

    it(`refuses ${name} exactly where its schema does`, () => {
      fc.assert(
        fc.property(messages as fc.Arbitrary<unknown>, anywhere, intruder, (message, at, by) => {
          const spoilt: unknown = JSON.parse(JSON.stringify(spoil(message, at, by) ?? null))
          expect(read(spoilt) !== null).toBe(z.safeParse(schema as z.ZodMiniType, spoilt).success)
        }),
        { numRuns: 2000 },
      )
    })
  }

  it('refuses what is no message at all', () => {
    for (const body of ['<html>', null, 7, [], {}])
      expect([readSyncResponse(body), readErrorResponse(body)]).toEqual([null, null])
  })
})
