/**
 * Reads server-sent events (HTML standard, section 9.2.6), as far as the runtime's server speaks them: an event `poke`
 * whose data is a JSON list of entity ids, or `null`; comments keep the connection alive. Everything else is passed over.
 */

/** What a stranger may make a device keep of a line that never ends. */
const MAX_BUFFER_CHARACTERS = 1024 * 1024

export interface EventHandlers {
  /** Something came, be it a comment. */
  readonly onBytes: () => void
  readonly onPoke: (entities: readonly string[] | null) => void
  /** Ends the reading; a `fetch` that is no real one may not do so by itself. */
  readonly signal: AbortSignal
}

/** Resolves when the stream ends or the signal aborts; rejects when the stream breaks. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  { onBytes, onPoke, signal }: EventHandlers,
): Promise<void> {
  const reader = body.getReader()
  const stop = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  const decoder = new TextDecoder()
  let buffer = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      buffer += decoder.decode(value, { stream: true })
      // A blank line ends an event. The server writes line feeds; a proxy may have made other ends of them.
      const events = buffer.split(/\r\n\r\n|\n\n|\r\r/)
      buffer = events.pop() ?? ''
      if (buffer.length > MAX_BUFFER_CHARACTERS) throw new Error('The stream of events holds an event without an end.')
      for (const event of events) {
        const poke = readPoke(event)
        if (poke) onPoke(poke.entities)
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await reader.cancel().catch(() => undefined)
  }
}

function readPoke(event: string): { readonly entities: readonly string[] | null } | null {
  const fields = event.split(/\r\n|\n|\r/).map((line) => /^([^:]*):? ?(.*)$/s.exec(line) ?? [])
  const valuesOf = (name: string) => fields.filter(([, field]) => field === name).map(([, , value]) => value ?? '')
  if (valuesOf('event').at(-1) !== 'poke') return null
  try {
    const data: unknown = JSON.parse(valuesOf('data').join('\n'))
    const listed = Array.isArray(data) && data.every((id): id is string => typeof id === 'string')
    // A poke of an unknown form still says that something changed.
    return { entities: listed ? data : null }
  } catch {
    return { entities: null }
  }
}
