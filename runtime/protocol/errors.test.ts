import { describe, expect, it } from 'vitest'
import { ERRORS, kindOfAnswer, type ServerErrorKind, statusOf, syncError } from './errors'
import { ErrorResponse } from './messages'

const onWire = ErrorResponse.shape.error.shape.kind.options

describe('the table of errors', () => {
  it('has a status for everything that the wire may carry, and one kind for each status', () => {
    const statuses = onWire.map(statusOf)
    expect(statuses.every((status) => status >= 400)).toBe(true)
    expect(new Set(statuses).size).toBe(onWire.length)
    for (const kind of onWire) expect(ERRORS[kind].status, kind).not.toBeNull()
  })

  it('D3 repeats only what can pass by itself', () => {
    const repeated = Object.entries(ERRORS).flatMap(([kind, { recovery }]) => (recovery === 'retry' ? [kind] : []))
    expect(repeated.toSorted()).toEqual(['busy', 'server-failed', 'storage-failed', 'timeout', 'unreachable'])
    expect(syncError('busy', 'Wait.')).toEqual({ kind: 'busy', message: 'Wait.', recovery: 'retry' })
  })

  it('trusts the server before the status, and the status before nothing', () => {
    for (const kind of onWire) expect(kindOfAnswer(599, kind)).toBe(kind === 'not-found' ? 'invalid-message' : kind)
    const byStatus = ([401, 403, 404, 413, 418, 429, 500, 502, 503] as const).map((status) =>
      kindOfAnswer(status, null),
    )
    expect(byStatus).toEqual([
      'unauthenticated',
      'unauthenticated',
      'invalid-message',
      'too-large',
      'invalid-message',
      'busy',
      'server-failed',
      'busy',
      'busy',
    ])
  })

  it('agrees with itself on the way there and back', () => {
    const agrees = (kind: ServerErrorKind) => kind === 'not-found' || kindOfAnswer(statusOf(kind), null) === kind
    expect(onWire.filter((kind) => kind !== 'incompatible').every(agrees)).toBe(true)
  })
})
