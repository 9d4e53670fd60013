/**
 * One device's stream of server-sent events (HTML standard, section 9.2): pokes, and comments as signs of life.
 *
 * Invariant: what has not been read yet is at most a few short events and one set of entities.
 */

export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  /** Adds to what the next poke names; null names everything. */
  readonly add: (entities: readonly string[] | null) => void
  /** Sends the waiting poke, if there is one and the device reads; answers whether there was one. */
  readonly flush: () => boolean
  readonly beat: () => void
  readonly end: () => void
}

/** Events that may wait in the stream itself before the device counts as not reading. */
const QUEUE_EVENTS = 4

/** `onEnd` is called once, however the stream ends. */
export function createEventStream(onEnd: (stream: EventStream) => void): EventStream {
  const encoder = new TextEncoder()
  const waiting = new Set<string>()
  let everything = false
  /** A poke could not be sent because the device did not read. */
  let held = false
  let ended = false
  let queue: ReadableStreamDefaultController<Uint8Array> | null = null

  const send = (text: string): void => queue?.enqueue(encoder.encode(text))
  const reads = (): boolean => !ended && (queue?.desiredSize ?? 0) > 0
  const leave = (): void => {
    if (ended) return
    ended = true
    onEnd(stream)
  }
  const stream: EventStream = {
    body: new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          queue = controller
          // The head of the answer goes out with the first bytes.
          send(': listening\n\n')
        },
        pull: () => {
          if (held) stream.flush()
        },
        cancel: leave,
      },
      new CountQueuingStrategy({ highWaterMark: QUEUE_EVENTS }),
    ),
    add: (entities) => {
      if (entities === null) everything = true
      else for (const entity of entities) waiting.add(entity)
    },
    flush: () => {
      if (!everything && waiting.size === 0) return false
      held = !reads()
      if (held) return false
      const data = JSON.stringify(everything ? null : [...waiting].sort())
      // Before it is sent, because sending may ask for more at once.
      everything = false
      waiting.clear()
      send(`event: poke\ndata: ${data}\n\n`)
      return true
    },
    beat: () => {
      if (reads()) send(':\n\n')
    },
    end: () => {
      if (ended) return
      leave()
      try {
        queue?.close()
      } catch {
        // Its reader has ended it already.
      }
    },
  }
  return stream
}
