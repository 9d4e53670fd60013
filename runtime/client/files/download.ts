/**
 * A row's file from the server, part by part, and checked against its name: the server says with the first part alone
 * that the row has this content, and it may get another one before the last.
 */
import { joined } from '../../core/join-bytes'
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
  const ask = async (offset: number) => {
    const answer = readAnswer(await send({ kind: 'get', ...file, offset } satisfies GetRequest))
    if (answer === undefined) throw unreadable()
    return answer && { total: answer.total, part: fromBase64(answer.content) }
  }
  const first = await ask(0)
  if (first === null) return null
  const { total } = first
  const parts: Uint8Array[] = []
  let size = 0
  let next: typeof first | null = first
  while (next?.total === total && next.part.length > 0) {
    parts.push(next.part)
    size += next.part.length
    if (size >= total) break
    next = await ask(size)
  }
  const content = joined(parts)
  if (size === total && nameOf(content) === file.name) return content
  if ((await ask(0)) === null) return null
  throw unreadable()
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
