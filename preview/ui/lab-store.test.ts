import { PERFECT_LINK } from '@syncline/runtime/testing'
import { expect, test } from 'vitest'
import type { Exchange } from '../network/exchange-log'
import { EMPTY_STATE, withEvent } from './lab-store'

const exchange: Exchange = {
  id: 7,
  device: 'Device 1',
  path: '/sync',
  atMs: 10,
  durationMs: null,
  fate: 'under-way',
  status: null,
  bytesSent: 5,
  bytesReceived: 0,
  request: null,
  answer: null,
  requestBody: '',
  answerBody: '',
}

test('the answer of an exchange replaces the line of its request', () => {
  const sent = withEvent(EMPTY_STATE, { kind: 'exchange', exchange })
  const cut = withEvent(sent, {
    kind: 'network',
    who: 'Device 2',
    conditions: { ...PERFECT_LINK, online: false },
    atMs: 11,
  })
  const answered = withEvent(cut, { kind: 'exchange', exchange: { ...exchange, fate: 'answered', durationMs: 3 } })

  expect(answered.log.map(({ kind }) => kind)).toEqual(['exchange', 'note'])
  expect(answered.log[0]).toMatchObject({ id: sent.log[0]?.id, exchange: { fate: 'answered', durationMs: 3 } })
})

test('lines keep ids of their own, also after old lines went', () => {
  let state = EMPTY_STATE
  for (let atMs = 0; atMs < 1000; atMs++) {
    state = withEvent(state, { kind: 'network', who: 'Device 1', conditions: PERFECT_LINK, atMs })
  }
  expect(state.log).toHaveLength(400)
  expect(new Set(state.log.map(({ id }) => id)).size).toBe(400)
})

test('sync events are announced with what came of them', () => {
  const completed = withEvent(EMPTY_STATE, {
    kind: 'sync-completed',
    who: 'Device 1',
    atMs: 0,
    outcome: { kind: 'completed', unit: 'Default', pushedGroups: 1, pulledRows: 2, durationMs: 3 },
  })
  expect(completed.announcement).toBe('Device 1: sync complete, 1 group sent, 2 rows received.')
})

test('a change of rows makes a new revision of that database only', () => {
  const changed = withEvent(EMPTY_STATE, { kind: 'rows-changed', who: 'Server', origin: 'sync' })
  expect(changed.revisions).toEqual({ Server: 1 })
})

test('a worker that ends by itself stops the preview with its words', () => {
  const stopped = withEvent(EMPTY_STATE, { kind: 'stopped', who: 'Device 1', message: 'Out of memory.', atMs: 0 })
  expect(stopped.phase).toEqual({ kind: 'failed', message: 'Out of memory.' })
})
