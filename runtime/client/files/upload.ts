/**
 * Sends what the server lacks of the contents that groups name, before the groups go: asked first, then in parts, gone on
 * with where an earlier attempt was broken off.
 *
 * Invariants
 * - One message has one part's worth of bytes, whatever is to be sent (D7).
 * - A content that is not here, or that the server does not take, holds up nothing: the group that names it is refused (P3).
 */
import type { Bundle, FileStore } from '../../contract'
import { PUT_BYTES } from '../../protocol/file-limits'
import type { PutAnswer, PutRequest } from '../../protocol/file-messages'
import type { Group } from '../../protocol/messages'
import type { SendFile } from '../request'
import { toBase64 } from './base64'
import { fileAttributes } from './file-names'

/** What is smaller is sent without asking. */
const SMALL_BYTES = 16 * 1024
const MOST_PARTS = 500

interface Waiting {
  readonly name: string
  /** How much the server has; null before it said so. */
  have: number | null
}

export async function uploadContents(
  bundle: Bundle,
  files: FileStore,
  groups: readonly Group[],
  send: SendFile,
  unreadable: () => Error,
): Promise<void> {
  let waiting: Waiting[] = namesOf(bundle, groups).map((name) => ({ name, have: null }))
  while (waiting.length > 0) {
    const { parts, asked } = await nextParts(files, waiting)
    if (parts.length === 0) return
    const have = readAnswer(await send({ kind: 'put', parts } satisfies PutRequest))
    if (have?.length !== parts.length) throw unreadable()
    const totals = new Map(parts.map(({ name, total }) => [name, total]))
    for (const [index, each] of asked.entries()) {
      const now = have[index] ?? null
      // A server that stays where it is would be sent the same for ever.
      const isStuck = now !== null && each.have !== null && now <= each.have && parts[index]?.content !== ''
      if (isStuck) throw unreadable()
      each.have = now ?? Number.POSITIVE_INFINITY
    }
    waiting = waiting.filter(({ name, have: there }) => there === null || there < (totals.get(name) ?? Infinity))
  }
}

/** Contents that the groups write and that their authors changed. */
function namesOf(bundle: Bundle, groups: readonly Group[]): string[] {
  const idsOf = new Map(bundle.entities.map((entity) => [entity.id, fileAttributes(entity).map(({ id }) => id)]))
  const names = new Set<string>()
  for (const edit of groups.flatMap(({ edits }) => edits)) {
    if (edit.op === 'delete') continue
    for (const id of idsOf.get(edit.entity) ?? []) {
      const name = edit.set[id]
      if (name && !(edit.op === 'update' && edit.was[id] === name)) names.add(name)
    }
  }
  return [...names]
}

/** The next message's parts, and what they are of. What is not here is taken out of `waiting`. */
async function nextParts(
  files: FileStore,
  waiting: Waiting[],
): Promise<{ parts: PutRequest['parts']; asked: Waiting[] }> {
  const parts: PutRequest['parts'] = []
  const asked: Waiting[] = []
  let room = PUT_BYTES
  for (const each of [...waiting]) {
    const content = await files.get(each.name)
    if (content === null) {
      waiting.splice(waiting.indexOf(each), 1)
      continue
    }
    const total = content.length
    const offset = each.have ?? 0
    const isAsking = each.have === null && total > SMALL_BYTES
    const size = isAsking ? 0 : Math.min(room, total - offset)
    if (!isAsking && size < Math.min(total - offset, PUT_BYTES) && parts.length > 0) break
    parts.push({ name: each.name, total, offset, content: toBase64(content.subarray(offset, offset + size)) })
    asked.push(each)
    room -= size
    if (room <= 0 || parts.length === MOST_PARTS) break
  }
  return { parts, asked }
}

function readAnswer(body: unknown): PutAnswer['have'] | null {
  if (typeof body !== 'object' || body === null || !('have' in body) || !Array.isArray(body.have)) return null
  const have: readonly unknown[] = body.have
  return have.every((each): each is number | null => each === null || Number.isSafeInteger(each)) ? have : null
}
