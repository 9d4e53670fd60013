import { createSeededRandom, createSimNetwork, createVirtualTime } from '@syncline/runtime/testing'
import { expect, test } from 'vitest'
import { type Exchange, logExchanges } from './exchange-log'

const REQUEST = JSON.stringify({
  protocol: 2,
  schemaHash: 'abc',
  device: '5f3f7f0e-6b9e-4d0c-8a3b-1f2e3d4c5b6a',
  push: [
    {
      id: '0b8f3f56-2f6e-4a41-9d9b-5f0a1c2d3e4f',
      edits: [{ op: 'delete', entity: 'e', key: ['1'], base: null }],
    },
  ],
  pull: [{ entity: 'e', attributes: ['a'], cursor: null }],
  resume: null,
})
const ANSWER = JSON.stringify({
  protocol: 2,
  outcomes: [{ kind: 'applied', id: '0b8f3f56-2f6e-4a41-9d9b-5f0a1c2d3e4f', keys: [], overruled: [], conflicts: [{}] }],
  page: {
    entities: [{ entity: 'e', full: true, rows: '1\n2\n', rowCount: 2, deleted: [['3']] }],
    next: null,
    cursors: {},
    digests: {},
  },
})

function network(serve: () => Promise<Response>) {
  const time = createVirtualTime()
  const simulated = createSimNetwork({ clock: time, timers: time, random: createSeededRandom(1), serve })
  const seen: Exchange[] = []
  logExchanges(simulated, (exchange) => seen.push(exchange))
  const send = (link: ReturnType<typeof simulated.link>) =>
    link.fetch(new Request('https://server.invalid/sync', { method: 'POST', body: REQUEST }))
  return { simulated, seen, send }
}

test('an exchange is told when it begins and when it has ended, with what it carried', async () => {
  const { simulated, seen, send } = network(async () => new Response(ANSWER))

  await send(simulated.link('Device 1'))

  expect(seen.map(({ fate }) => fate)).toEqual(['under-way', 'answered'])
  expect(seen[1]).toMatchObject({
    id: seen[0]?.id,
    device: 'Device 1',
    path: '/sync',
    status: 200,
    bytesSent: REQUEST.length,
    bytesReceived: ANSWER.length,
    request: { pushedGroups: 1, pushedEdits: 1, pulledEntities: 1 },
    answer: { appliedGroups: 1, refusedGroups: 0, conflicts: 1, pulledRows: 2, deletedRows: 1, more: false },
  })
})

test('an answer whose rows follow its JSON is counted alike', async () => {
  const { simulated, seen, send } = network(async () => new Response(`${ANSWER.replace('"1\\n2\\n"', '4')}\n1\n2\n`))
  await send(simulated.link('Device 1'))
  expect(seen[1]?.answer).toMatchObject({ appliedGroups: 1, pulledRows: 2, deletedRows: 1 })
})

test('a request while offline never was under way', async () => {
  const { simulated, seen, send } = network(async () => new Response(ANSWER))
  await expect(send(simulated.link('Device 1', { online: false }))).rejects.toThrow()
  expect(seen.map(({ fate }) => fate)).toEqual(['offline'])
})

test('a lost answer is told as lost, though the server gave it', async () => {
  const { simulated, seen, send } = network(async () => new Response(ANSWER))
  await expect(send(simulated.link('Device 1', { answerLoss: 1 }))).rejects.toThrow()
  expect(seen.map(({ fate }) => fate)).toEqual(['under-way', 'answer-lost'])
})

test('an answer that is an error is told as failed, and a body that is no message has no summary', async () => {
  const { simulated, seen, send } = network(async () => new Response('oops', { status: 500 }))
  await send(simulated.link('Device 1'))
  expect(seen[1]).toMatchObject({ fate: 'failed', status: 500, answer: null })
})
