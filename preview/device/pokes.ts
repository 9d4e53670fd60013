/**
 * The stream of pokes, which does not cross a message port: the page says that the server's rows changed, and the worker
 * answers its own device's `GET /events` with it.
 */
export interface Pokes {
  /** The answer to `GET /events`; stands until the signal aborts. */
  readonly respond: (signal: AbortSignal) => Response
  readonly poke: () => void
}

export function createPokes(): Pokes {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const encoder = new TextEncoder()
  return {
    respond: (signal) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          streams.add(controller)
          controller.enqueue(encoder.encode(': open\n\n'))
          signal.addEventListener('abort', () => streams.delete(controller) && controller.error(signal.reason), {
            once: true,
          })
        },
        cancel: () => {},
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
    poke: () => {
      for (const stream of streams) {
        try {
          stream.enqueue(encoder.encode('event: poke\ndata: null\n\n'))
        } catch {
          // Its reader has gone.
          streams.delete(stream)
        }
      }
    },
  }
}
