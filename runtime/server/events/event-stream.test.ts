import { describe, expect, it } from 'vitest'
import { createEventStream } from './event-stream'

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { done, value } = await reader.read()
  return done ? 'end' : new TextDecoder().decode(value)
}

describe('a stream of events', () => {
  it('sends pokes as they are flushed, and beats', async () => {
    const stream = createEventStream(() => undefined)
    const reader = stream.body.getReader()
    expect(await read(reader)).toBe(': listening\n\n')
    stream.add(['a'])
    stream.add(['b', 'a'])
    expect(stream.flush()).toBe(true)
    expect(stream.flush()).toBe(false)
    expect(await read(reader)).toBe('event: poke\ndata: ["a","b"]\n\n')
    stream.beat()
    expect(await read(reader)).toBe(':\n\n')
    stream.add(['a'])
    stream.add(null)
    stream.flush()
    expect(await read(reader)).toBe('event: poke\ndata: null\n\n')
  })

  it('D7 keeps one poke for a device that does not read, and sends it once it does', async () => {
    const stream = createEventStream(() => undefined)
    for (let n = 0; n < 10_000; n += 1) {
      stream.add([`entity ${n % 3}`])
      stream.flush()
      stream.beat()
    }
    const reader = stream.body.getReader()
    const seen: string[] = []
    for (let n = 0; n < 5; n += 1) seen.push(await read(reader))
    expect(seen.filter((event) => event.startsWith('event')).at(-1)).toBe(
      'event: poke\ndata: ["entity 0","entity 1","entity 2"]\n\n',
    )
    stream.end()
    expect(await read(reader)).toBe('end')
  })

  it('tells its end once, whoever ends it', async () => {
    const ends: string[] = []
    const ended = createEventStream(() => ends.push('ended'))
    ended.end()
    ended.end()
    const cancelled = createEventStream(() => ends.push('cancelled'))
    await cancelled.body.cancel()
    cancelled.end()
    cancelled.add(null)
    expect(cancelled.flush()).toBe(false)
    cancelled.beat()
    expect(ends).toEqual(['ended', 'cancelled'])
  })
})
