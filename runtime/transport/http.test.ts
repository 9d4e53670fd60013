import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { packedResponse } from '../server/compression'
import { nodeListener } from '../server/node-listener'
import { readBody } from '../server/read-body'
import { deferred } from '../testing/deferred'
import { createVirtualTime } from '../testing/virtual-time'
import { httpTransport } from './http'

const opened: Server[] = []
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  opened.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const LARGE = { rows: Array.from({ length: 5000 }, (_, n) => `row ${n} with text like others`) }
const signal = () => new AbortController().signal

describe('the HTTP transport', () => {
  it('packs large requests and reads packed answers, both over a real socket', async () => {
    const seen: (string | null)[] = []
    const url = await listen(
      nodeListener(async (request) => {
        seen.push(request.headers.get('content-encoding'))
        return packedResponse(request, Response.json(await readBody(request, 1024 * 1024)))
      }),
    )
    const packing = httpTransport(url, { gzip: true })
    const answer = await packing.sync(LARGE, { signal: signal() })
    expect(answer).toMatchObject({ status: 200, body: LARGE })
    const plainBytes = JSON.stringify(LARGE).length
    expect(answer.bytesSent).toBeLessThan(plainBytes / 4)
    expect(answer.bytesReceived).toBeLessThan(plainBytes / 4)
    const small = await packing.sync({ small: 'ü' }, { signal: signal() })
    expect(small).toMatchObject({ body: { small: 'ü' }, bytesSent: 14, bytesReceived: 14 })
    expect(seen).toEqual(['gzip', null])
  })

  it.each([
    ['http://127.0.0.1:3000', null, 'identity'],
    ['http://[::1]/api', null, 'identity'],
    ['http://app.localhost:3000', null, 'identity'],
    ['https://127.example.com', 'gzip', null],
    ['https://localhost.example.com/sync', 'gzip', null],
  ])('packs nothing on the way to this machine, and all on the way elsewhere: %s', async (url, content, accept) => {
    const seen: (string | null)[] = []
    const transport = httpTransport(url, {
      fetch: async (request) => {
        seen.push(request.headers.get('content-encoding'), request.headers.get('accept-encoding'))
        return Response.json({})
      },
    })
    await transport.sync(LARGE, { signal: signal() })
    expect(seen).toEqual([content, accept])
  })

  it('P7 stops reading an answer that is larger than its bound', async () => {
    let sent = 0
    const url = await listen((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
      }
      response.on('drain', more).on('error', () => undefined)
      more()
    })
    const transport = httpTransport(url, { maxAnswerBytes: 1024 * 1024 })
    await expect(transport.sync({}, { signal: signal() })).rejects.toThrow(/larger than the 1 MB/)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('ends when it is aborted', async () => {
    const gone = deferred()
    const asked = deferred()
    const url = await listen((request) => {
      request.on('close', () => gone.resolve())
      asked.resolve()
    })
    const abort = new AbortController()
    const answer = httpTransport(url).sync({}, { signal: abort.signal })
    await asked.promise
    abort.abort(new Error('no longer wanted'))
    await expect(answer).rejects.toThrow('no longer wanted')
    await gone.promise
  })

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    [
      "a date, against the answer's own clock",
      { date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:50:37 GMT' },
      60_000,
    ],
    ['a date long gone', { date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:49:00 GMT' }, 0],
    ['nothing that can be read', { 'retry-after': 'soon' }, undefined],
    ['no header', {}, undefined],
  ])('D3 tells how long to wait: %s', async (_, headers, expected) => {
    const transport = httpTransport('http://server.test', {
      fetch: async () => new Response('{}', { status: 503, headers: headers as Record<string, string> }),
    })
    expect((await transport.sync({}, { signal: signal() })).retryAfterMs).toBe(expected)
  })

  it('asks for headers anew each time and keeps the path of its URL', async () => {
    const seen: unknown[] = []
    let turn = 0
    const transport = httpTransport('http://server.test/api', {
      headers: async () => ({ authorization: `Bearer ${++turn}` }),
      fetch: async (request) => {
        seen.push([request.url, request.headers.get('authorization')])
        return new Response('<html>a proxy</html>', { status: 502 })
      },
    })
    expect(await transport.sync({}, { signal: signal() })).toMatchObject({ status: 502, body: '<html>a proxy</html>' })
    await transport.sync({}, { signal: signal() })
    expect(seen).toEqual([
      ['http://server.test/api/sync', 'Bearer 1'],
      ['http://server.test/api/sync', 'Bearer 2'],
    ])
  })
})

describe('events over HTTP', () => {
  const stream = (pieces: readonly string[]) =>
    listen((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const piece of pieces) response.write(piece)
      response.end()
    })

  async function pokesOf(url: string): Promise<unknown[]> {
    const told: unknown[] = []
    await httpTransport(url).events?.({
      signal: signal(),
      onOpen: () => told.push('open'),
      onPoke: (entities) => told.push(entities),
    })
    return told
  }

  it('are read however they come in pieces, and comments are passed over', async () => {
    const url = await stream([
      ': hello\n\nevent: po',
      'ke\ndata: ["a",',
      '"b"]\n',
      '\n:\n\nevent: poke\r\ndata: null\r\n\r\n',
      'event: other\ndata: ["c"]\n\ndata: ["d"]\n\nevent: poke\ndata: {"new":"form"}\n\nevent: poke\ndata: ["cut off"]',
    ])
    expect(await pokesOf(url)).toEqual(['open', ['a', 'b'], null, null])
  })

  it('reject where the server sends none, and where it can not be reached', async () => {
    const url = await listen((_, response) => response.writeHead(501).end('{}'))
    await expect(pokesOf(url)).rejects.toThrow(/does not send events: it answered 501/)
    await expect(pokesOf('http://127.0.0.1:1')).rejects.toThrow()
  })

  it('end when the signal aborts, also over a fetch that does not heed it', async () => {
    const abort = new AbortController()
    const transport = httpTransport('http://server.test', { fetch: async () => new Response(new ReadableStream()) })
    const opened = deferred()
    const ended = transport.events?.({ signal: abort.signal, onOpen: opened.resolve, onPoke: () => undefined })
    await opened.promise
    abort.abort()
    await ended
  })

  it('are given up when there is no sign of life', async () => {
    const time = createVirtualTime()
    const { readable: body, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const opened = deferred()
    const heard = deferred()
    const events = httpTransport('http://server.test', {
      timers: time,
      eventsIdleMs: 1000,
      fetch: async () => new Response(body),
    }).events?.({ signal: signal(), onOpen: opened.resolve, onPoke: () => heard.resolve() })
    await opened.promise
    await time.advance(900)
    await writer.write(new TextEncoder().encode('event: poke\ndata: null\n\n'))
    await heard.promise
    await time.advance(900)
    const given = expect(events).rejects.toThrow('not even a sign of life')
    await time.advance(200)
    await given
  })
})
