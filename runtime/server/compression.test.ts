import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ANSWER_TYPE } from '../protocol/answer-body'
import { packedResponse } from './compression'
import { readBody } from './read-body'
import { wholeResponse } from './whole-body'

const post = (body: BodyInit, encoding?: string) =>
  new Request('http://server.test/sync', {
    method: 'POST',
    body,
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
  })
const asking = (acceptEncoding: string) =>
  new Request('http://server.test/sync', { headers: { 'accept-encoding': acceptEncoding } })

describe('packed requests', () => {
  it('are unpacked', async () => {
    expect(await readBody(post(gzipSync('{"a":"ü"}'), 'gzip'), 100)).toEqual({ a: 'ü' })
    expect(await readBody(post(gzipSync('[1]'), 'GZIP'), 100)).toEqual([1])
    expect(await readBody(post('[1]', 'identity'), 100)).toEqual([1])
  })

  it('P7 are bounded by what they unpack to, and not unpacked further', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024))
    const before = process.memoryUsage().rss
    await expect(readBody(post(bomb, 'gzip'), 1024 * 1024)).rejects.toMatchObject({ status: 413, kind: 'too-large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  it.each([
    ['no gzip', 'plain text', 'gzip', 400],
    ['cut off gzip', gzipSync('{"a":"aaaaaaaaaaaaaaaaaaaaaaaaa"}').subarray(0, 20), 'gzip', 400],
    ['another encoding', 'x', 'br', 415],
  ])('are refused where they are %s', async (_, body, encoding, status) => {
    await expect(readBody(post(body, encoding), 1000)).rejects.toMatchObject({ status, kind: 'invalid-message' })
  })
})

describe('packed answers', () => {
  const LARGE = JSON.stringify({ text: 'again and '.repeat(2000) })
  const json = (text: string) => new Response(text, { status: 201, headers: { 'content-type': 'application/json' } })

  it('are sent to who takes them', async () => {
    const response = await packedResponse(asking('br, gzip;q=0.8'), json(LARGE))
    expect(response.status).toBe(201)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(bytes.length).toBeLessThan(LARGE.length / 10)
    expect(gunzipSync(bytes).toString()).toBe(LARGE)
  })

  it('are sent where their rows go as bytes, too', async () => {
    const response = await packedResponse(
      asking('gzip'),
      wholeResponse(200, new TextEncoder().encode(LARGE), ANSWER_TYPE),
    )
    expect(response.headers.get('content-type')).toBe(ANSWER_TYPE)
    expect(gunzipSync(new Uint8Array(await response.arrayBuffer())).toString()).toBe(LARGE)
  })

  it.each([
    ['who does not', 'br', LARGE],
    ['who refuses them', 'gzip;q=0, *;q=0', LARGE],
    ['nobody where they are small', 'gzip', '{}'],
  ])('are not sent to %s', async (_, acceptEncoding, text) => {
    const response = await packedResponse(asking(acceptEncoding), json(text))
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(await response.text()).toBe(text)
  })

  it('leave streams alone', async () => {
    const stream = new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
    expect(await packedResponse(asking('gzip'), stream)).toBe(stream)
  })
})
