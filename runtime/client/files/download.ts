/** A row's file from the server, part by part, and checked against its name. */
import type { GetAnswer, GetRequest } from '../../protocol/file-messages'
import type { SendFile } from '../request'
import { fromBase64 } from './base64'
import { nameOf } from './file-names'

/** Null where the server has no such row for this session, or another file in it by now. */
export async function downloadContent(
  file: Omit<GetRequest, 'kind' | 'offset'>,
  send: SendFile,
  unreadable: () => Error,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let offset = 0
  let total: number
  do {
    const answer = readAnswer(await send({ kind: 'get', ...file, offset } satisfies GetRequest))
    if (answer === undefined) throw unreadable()
    if (answer === null) return null
    const part = fromBase64(answer.content)
    total = answer.total
    if (part.length === 0 && offset < total) throw unreadable()
    parts.push(part)
    offset += part.length
  } while (offset < total)
  const content = new Uint8Array(offset)
  let at = 0
  for (const part of parts) {
    content.set(part, at)
    at += part.length
  }
  if (nameOf(content) !== file.name) throw unreadable()
  return content
}

/** Undefined where it is no answer. */
function readAnswer(body: unknown): GetAnswer['part'] | undefined {
  if (typeof body !== 'object' || body === null || !('part' in body)) return undefined
  const { part } = body
  if (part === null) return null
  if (typeof part !== 'object' || part === undefined || !('total' in part) || !('content' in part)) return undefined
  const { total, content } = part
  return typeof total === 'number' && typeof content === 'string' ? { total, content } : undefined
}
