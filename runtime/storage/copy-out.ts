/** `COPY … TO STDOUT` by the package `postgres`. */
import type { Sql } from 'postgres'
import { joined } from '../core/join-bytes'

/**
 * What the query gives, as COPY's text; `runner` is a pool or a transaction of the package. Rejects with what the server
 * says, and with the code `CONNECTION_CLOSED` where the connection was lost.
 */
export async function copyOut(runner: Pick<Sql, 'unsafe'>, query: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await runner.unsafe(`copy (${query}) to stdout`).readable()
  const pieces: Uint8Array[] = []
  await new Promise<void>((resolve, reject) => {
    // The package pauses the socket for a reader that lags behind, and wakes it again only when the stream asks for more:
    // what came whole asks no more, and the connection would never hear of the statement's end.
    const wake = () => stream._read(0)
    stream.on('data', (piece: Uint8Array) => {
      pieces.push(piece)
      wake()
    })
    stream.on('end', () => {
      wake()
      resolve()
    })
    stream.on('error', reject)
    // A stream that is closed before its end has lost its connection.
    stream.on('close', () => reject(Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' })))
  })
  return joined(pieces)
}
