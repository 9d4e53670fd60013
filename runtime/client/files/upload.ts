/**
 * Sends what the server lacks of the contents that groups name, before the groups go: asked first, then in parts, gone on
 * with where an earlier attempt was broken off.
 *
 * Invariants
 * - One message has one part's worth of bytes, whatever is to be sent (D7).
 * - A content that is not here holds up nothing: the server refuses the group that names it (P3).
 * - Of one that is larger than the server takes nothing is sent: its group is refused here, and says which it is (P3, P7).
 */
import type { Bundle, Clock, EntityContract, FileStore, SyncProgress } from '../../contract'
import type { SyncFailure } from '../../core/sync-error'
import { FAST_PUT_BYTES, PUT_BYTES } from '../../protocol/file-limits'
import type { PutAnswer, PutRequest } from '../../protocol/file-messages'
import type { Group, Outcome } from '../../protocol/messages'
import type { SendFile } from '../request'
import { toBase64 } from './base64'
import { fileAttributes } from './file-names'

export interface UploadPorts {
  readonly bundle: Bundle
  readonly files: FileStore
  readonly clock: Clock
  readonly send: SendFile
  readonly tell: (bytes: NonNullable<SyncProgress['bytes']>) => void
  readonly unreadable: () => Error
  /** The device's own class. */
  readonly SyncFailure: typeof SyncFailure
}

/** What is smaller is sent without asking. */
const SMALL_BYTES = 16 * 1024
const MOST_PARTS = 500
/** What is answered sooner may be larger the next time. */
const FAST_MS = 1000

/** A content that may have to be sent. */
interface Waiting {
  readonly name: string
  readonly total: number
  /** How much the server has; null before it said so. */
  have: number | null
}

/** Sends the contents, and answers the groups that are not to be sent: they are refused. */
export async function uploadContents(ports: UploadPorts, groups: readonly Group[]): Promise<Outcome[]> {
  const uses = groups.flatMap((group) => usesOf(ports.bundle, group))
  const contents = await contentsOf(ports.files, new Set(uses.map(({ name }) => name)))
  const files = keepingLast(ports.files)
  /** By name, what the server takes at most. */
  const tooLarge = new Map<string, number>()
  let waiting = [...contents]
  let room = PUT_BYTES
  let mostRoom = FAST_PUT_BYTES
  while (waiting.length > 0) {
    const { parts, asked } = await nextParts(files, waiting, room)
    if (parts.length === 0) break
    const askedMs = ports.clock.now()
    const answer = await ports.send({ kind: 'put', parts } satisfies PutRequest).catch((error: unknown) => {
      // A proxy before the server may take less than it does.
      if (!(error instanceof ports.SyncFailure) || error.error.kind !== 'too-large' || room <= SMALL_BYTES) throw error
      room /= 2
      mostRoom = room
      return null
    })
    if (answer === null) continue
    if (ports.clock.now() - askedMs < FAST_MS) room = Math.min(room * 2, mostRoom)
    const { have, max = Number.POSITIVE_INFINITY } = readAnswer(answer) ?? {}
    if (have?.length !== parts.length) throw ports.unreadable()
    for (const [index, each] of asked.entries()) {
      const now = have[index] ?? null
      // A server that stays where it is would be sent the same for ever.
      const isStuck = now !== null && each.have !== null && now <= each.have && parts[index]?.content !== ''
      if (isStuck) throw ports.unreadable()
      if (now === null && each.total > max) tooLarge.set(each.name, max)
      each.have = now ?? Number.POSITIVE_INFINITY
    }
    waiting = waiting.filter(isWaiting)
    ports.tell(bytesOf(contents.filter(({ name }) => !tooLarge.has(name))))
  }
  return groups.flatMap((group): Outcome[] => {
    const use = uses.find(({ groupId, name }) => groupId === group.id && tooLarge.has(name))
    if (!use) return []
    const size = contents.find(({ name }) => name === use.name)?.total ?? 0
    const message = tooLargeMessage(use, size, tooLarge.get(use.name) ?? 0)
    return [{ kind: 'refused', id: group.id, reason: 'too-large', message, rows: [] }]
  })
}

interface Use {
  readonly groupId: string
  readonly entity: string
  readonly attribute: string
  readonly name: string
}

/** The contents that the group writes and that its author changed. */
function usesOf({ entities }: Bundle, { id: groupId, edits }: Group): Use[] {
  return edits.flatMap((edit) => {
    const entity: EntityContract | undefined = entities.find(({ id }) => id === edit.entity)
    if (edit.op === 'delete' || !entity) return []
    return fileAttributes(entity).flatMap(({ id, name: attribute }) => {
      const name = edit.set[id]
      const isChanged = name && !(edit.op === 'update' && edit.was[id] === name)
      return isChanged ? [{ groupId, entity: entity.name, attribute, name }] : []
    })
  })
}

/** Those that are here. */
async function contentsOf(files: FileStore, names: ReadonlySet<string>): Promise<Waiting[]> {
  const contents: Waiting[] = []
  for (const name of names) {
    const total = files.size ? await files.size(name) : ((await files.get(name))?.length ?? null)
    if (total !== null) contents.push({ name, total, have: null })
  }
  return contents
}

/** Its parts are asked for one after another: the content that was read last stays until another is. */
function keepingLast(files: FileStore): Pick<FileStore, 'get'> {
  let last: { readonly name: string; readonly content: Uint8Array } | null = null
  return {
    get: async (name) => {
      if (last?.name === name) return last.content
      last = null
      const content = await files.get(name)
      if (content) last = { name, content }
      return content
    },
  }
}

const isWaiting = ({ have, total }: Waiting) => have === null || have < total

function bytesOf(contents: readonly Waiting[]): { readonly done: number; readonly total: number } {
  return {
    done: contents.reduce((sum, { have, total }) => sum + Math.min(have ?? 0, total), 0),
    total: contents.reduce((sum, { total }) => sum + total, 0),
  }
}

/** The next message's parts, and what they are of. What is not here any more is taken out of `waiting`. */
async function nextParts(
  files: Pick<FileStore, 'get'>,
  waiting: Waiting[],
  most: number,
): Promise<{ parts: PutRequest['parts']; asked: Waiting[] }> {
  const parts: PutRequest['parts'] = []
  const asked: Waiting[] = []
  let room = most
  for (const each of [...waiting]) {
    const { name, total } = each
    const offset = each.have ?? 0
    const isAsking = each.have === null && total > SMALL_BYTES
    const size = isAsking ? 0 : Math.min(room, total - offset)
    if (!isAsking && size < Math.min(total - offset, most) && parts.length > 0) break
    const content = isAsking ? new Uint8Array() : await files.get(name)
    if (content === null) {
      waiting.splice(waiting.indexOf(each), 1)
      continue
    }
    parts.push({ name, total, offset, content: toBase64(content.subarray(offset, offset + size)) })
    asked.push(each)
    room -= size
    if (room <= 0 || parts.length === MOST_PARTS) break
  }
  return { parts, asked }
}

function tooLargeMessage({ entity, attribute }: Use, size: number, max: number): string {
  const words = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`
  const [has, takes] = words(size) === words(max) ? [`${size} bytes`, `${max} bytes`] : [words(size), words(max)]
  return `The file in ${entity}.${attribute} has ${has}, and the server takes at most ${takes}. Give a smaller one, then discard this.`
}

/** Undefined where it is no answer. */
function readAnswer(body: unknown): PutAnswer | undefined {
  if (typeof body !== 'object' || body === null || !('have' in body)) return undefined
  const { have } = body
  if (!Array.isArray(have) || !have.every((size) => size === null || typeof size === 'number')) return undefined
  const max = 'max' in body && typeof body.max === 'number' ? body.max : undefined
  return { have, ...(max !== undefined && { max }) }
}
