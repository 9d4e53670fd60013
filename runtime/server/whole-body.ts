/**
 * Bodies that are in memory as a whole. A stream over them, which the standard's own ways to read them go by, costs more
 * than the rest of a small request or answer.
 *
 * Invariant: they are a `Request` and a `Response` like any other to whoever does not know them.
 */

export class WholeRequest extends Request {
  constructor(
    url: URL,
    init: RequestInit,
    readonly whole: Uint8Array<ArrayBuffer>,
  ) {
    super(url, { ...init, body: whole })
  }
}

export class WholeResponse extends Response {
  constructor(
    readonly whole: Uint8Array<ArrayBuffer>,
    init: ResponseInit,
  ) {
    super(whole, init)
  }
}

/** The bytes of the response's body. */
export async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return response instanceof WholeResponse ? response.whole : new Uint8Array(await response.arrayBuffer())
}

/** With its length, by which adapters know that it is whole and need no stream, which costs more than the rest of a small answer. */
export function wholeResponse(
  status: number,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  headers: Record<string, string> = {},
): Response {
  return new WholeResponse(bytes, {
    status,
    headers: {
      'content-type': type,
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
      ...headers,
    },
  })
}
