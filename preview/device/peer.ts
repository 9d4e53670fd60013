/**
 * Calls between the page and a worker over a private message port, typed on both sides.
 *
 *   call ──{ kind: 'call', id, method, argument }──►  handler
 *        ◄──{ kind: 'answer', id, value } or { kind: 'failure', id, error }──
 *   tell ──{ kind: 'event', event }──►  onEvent
 *
 * A fault on the other side is a value on the wire and rejects the call with a `RemoteError`.
 */

/** What one side can be asked for: method name to function of one argument. */
export type Methods = { readonly [method: string]: (argument: never) => unknown }

export interface Peer<Remote extends Methods, Told> {
  readonly call: <Name extends keyof Remote & string>(
    method: Name,
    argument: Parameters<Remote[Name]>[0],
  ) => Promise<Awaited<ReturnType<Remote[Name]>>>
  readonly tell: (event: Told) => void
  /** Rejects whatever is still waiting; nothing is heard afterwards. */
  readonly close: (reason: string) => void
}

export interface PeerOptions<Local extends Methods, Heard> {
  readonly port: MessagePort
  readonly methods: Local
  readonly onEvent: (event: Heard) => void
}

/** What is left of an error after crossing the port. */
export interface ErrorValue {
  readonly name: string
  readonly message: string
  /** PostgreSQL's five characters, or the runtime's error kind. */
  readonly code: string | null
  readonly detail: string | null
  readonly hint: string | null
}

export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  constructor(readonly value: ErrorValue) {
    super(value.message)
  }
}

type Message<Told> =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorValue }
  | { readonly kind: 'event'; readonly event: Told }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Listens on `port` and gives a way to call what is behind it. */
export function createPeer<Remote extends Methods, Told, Local extends Methods, Heard>(
  options: PeerOptions<Local, Heard>,
): Peer<Remote, Told> {
  const { port, methods, onEvent } = options
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let closedBecause: string | null = null
  const post = (message: Message<Told>) => port.postMessage(message)

  const take = (id: number): Waiting | undefined => {
    const entry = waiting.get(id)
    waiting.delete(id)
    return entry
  }

  const answer = async (id: number, method: string, argument: unknown) => {
    try {
      if (!Object.hasOwn(methods, method)) throw new Error(`There is nothing called ${method} here.`)
      // The caller's types match the method to its argument; across the port that can't be shown to the compiler.
      const handler = methods[method] as (argument: unknown) => unknown
      post({ kind: 'answer', id, value: await handler(argument) })
    } catch (error) {
      post({ kind: 'failure', id, error: errorToValue(error) })
    }
  }

  port.onmessage = ({ data }: MessageEvent<Message<Heard>>) => {
    if (closedBecause !== null) return
    switch (data.kind) {
      case 'call':
        void answer(data.id, data.method, data.argument)
        return
      case 'answer':
        take(data.id)?.resolve(data.value)
        return
      case 'failure':
        take(data.id)?.reject(new RemoteError(data.error))
        return
      case 'event':
        onEvent(data.event)
    }
  }

  return {
    call: (method, argument) =>
      new Promise((resolve, reject) => {
        if (closedBecause !== null) return reject(new Error(closedBecause))
        const id = ++lastId
        waiting.set(id, { resolve: (value) => resolve(value as Awaited<ReturnType<Remote[typeof method]>>), reject })
        try {
          post({ kind: 'call', id, method, argument })
        } catch (error) {
          take(id)
          reject(error)
        }
      }),
    tell: (event) => {
      if (closedBecause === null) post({ kind: 'event', event })
    },
    close: (reason) => {
      closedBecause = reason
      for (const { reject } of waiting.values()) reject(new Error(reason))
      waiting.clear()
      port.onmessage = null
      port.close()
    },
  }
}

/** Keeps what a person needs of an error: functions and prototypes don't cross a port. */
export function errorToValue(error: unknown): ErrorValue {
  if (error instanceof RemoteError) return error.value
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: null, detail: null, hint: null }
  const text = (field: string) => {
    const value: unknown = Reflect.get(error, field)
    return typeof value === 'string' && value !== '' ? value : null
  }
  return {
    name: error.name,
    message: error.message,
    code: text('code') ?? text('kind'),
    detail: text('detail'),
    hint: text('hint'),
  }
}
