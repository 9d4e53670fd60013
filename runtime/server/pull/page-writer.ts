/**
 * Collects what a page says, as COPY gives it, and watches how large it gets: rows may be large, memory is not.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { parseCopyText } from '../../core/copy-text'
import { joined } from '../../core/join-bytes'
import type { PageEntity } from '../../protocol/messages'

/** Part of a page whose rows are text, or as the database wrote them. */
export type WrittenEntity = Omit<PageEntity, 'rows'> & { readonly rows: string | Uint8Array }

export interface PageWriter {
  /** How many more rows the page takes, when it may be `factor` times as long as usual. */
  readonly room: (factor: number) => number
  readonly isEmpty: () => boolean
  /** Names an entity of which the device gets the whole, even where that is empty. */
  readonly mention: (entity: string) => void
  /** Reads at most `room` rows by a query with a limit. */
  readonly rows: (
    part: PartName,
    query: (limit: number) => string,
    room: number,
  ) => Promise<{ readonly isEnd: boolean; readonly lastLine: string | null }>
  /** The same for the keys of rows that are gone. */
  readonly departures: (
    part: PartName,
    query: (limit: number) => string,
    room: number,
  ) => Promise<{ readonly isEnd: boolean; readonly lastKey: string[] | null }>
  readonly entities: () => WrittenEntity[]
}

interface PartName {
  readonly entity: string
  readonly full: boolean
}

/** Bytes after which a page ends early. */
const PAGE_BYTES = 8_000_000

/** The first rows tell how large they are; later chunks are as large as the page has room for, but grow by steps. */
const FIRST_CHUNK_ROWS = 500
const GROWTH = 10

interface Collected {
  readonly full: boolean
  readonly chunks: Uint8Array[]
  rowCount: number
  readonly deleted: string[][]
}

export function copyPage(tx: Pick<DatabaseTransaction, 'copyOut'>, pageRows: number): PageWriter {
  const parts = new Map<string, Collected>()
  let rowCount = 0
  let size = 0
  let largestChunk = FIRST_CHUNK_ROWS
  const partOf = ({ entity, full }: PartName): Collected => {
    const part = parts.get(entity) ?? { full, chunks: [], rowCount: 0, deleted: [] }
    parts.set(entity, part)
    return part
  }
  const read = async (query: (limit: number) => string, room: number) => {
    const perRow = rowCount === 0 ? 1 : size / rowCount
    const limit = Math.max(1, Math.min(room, largestChunk, Math.ceil(PAGE_BYTES / perRow)))
    const text = await tx.copyOut(query(limit))
    const count = countLines(text)
    rowCount += count
    size += text.length
    largestChunk = Math.max(largestChunk, Math.min(limit * GROWTH, room))
    return { text, count, isEnd: count < limit }
  }
  return {
    room: (factor) => (size >= PAGE_BYTES * factor ? 0 : Math.max(0, pageRows * factor - rowCount)),
    isEmpty: () => parts.size === 0,
    mention: (entity) => void partOf({ entity, full: true }),
    rows: async (part, query, room) => {
      const { text, count, isEnd } = await read(query, room)
      if (count === 0) return { isEnd, lastLine: null }
      const into = partOf(part)
      into.chunks.push(text)
      into.rowCount += count
      return { isEnd, lastLine: decode(text.subarray(text.lastIndexOf(LINE_FEED, -2) + 1)) }
    },
    departures: async (part, query, room) => {
      const { text, isEnd } = await read(query, room)
      const keys = parseCopyText(decode(text)).map((key) => key.map((value) => value ?? ''))
      if (keys.length > 0) partOf(part).deleted.push(...keys)
      return { isEnd, lastKey: keys.at(-1) ?? null }
    },
    entities: () =>
      [...parts].map(([entity, { full, chunks, rowCount: rows, deleted }]) => ({
        entity,
        full,
        rows: joined(chunks),
        rowCount: rows,
        deleted,
      })),
  }
}

const LINE_FEED = 10

/** A line feed in a value is written as `\n`, so each one ends a row. */
function countLines(text: Uint8Array): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) if (text[at] === LINE_FEED) count += 1
  return count
}

function decode(text: Uint8Array): string {
  // A text may begin with what would be taken for a byte order mark.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(text)
}
