/** Tells quickly, from the bytes alone, what isn't a dump in plain SQL; and gives what is one as UTF-8. */
import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { ImportFailure, ImportFailureReason } from './import-result'

export type Sniffed = { readonly kind: 'sql'; readonly bytes: Uint8Array } | ImportFailure

/** The scratch database keeps everything in memory, several times over. */
export const MAX_DUMP_BYTES = 256 * 1024 * 1024

const SCHEMA_ONLY = 'Export the schema alone (pg_dump --schema-only) and import that'
const WHAT_IS_WANTED = 'Choose a file made by pg_dump in its plain format (pg_dump --no-owner database > file.sql).'
/** So much is searched at a time, so that a server goes on answering meanwhile. */
const SLICE_BYTES = 8 * 1024 * 1024
const OVERLAP_BYTES = 256

export async function sniffDump(input: Uint8Array): Promise<Sniffed> {
  if (input.byteLength > MAX_DUMP_BYTES) return tooLarge(`${megabytes(input.byteLength)} MB`)
  let bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)

  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = await promisify(gunzip)(bytes, { maxOutputLength: MAX_DUMP_BYTES })
    } catch (error) {
      if (error instanceof RangeError) return tooLarge(`more than ${megabytes(MAX_DUMP_BYTES)} MB when it is unpacked`)
      return failed(
        'not-text',
        `The file says that it is gzip, and can't be unpacked: it was damaged or cut off. Copy or export it again.`,
      )
    }
  }
  const archive = archiveKind(bytes)
  if (archive !== null) return archive
  if (bytes[0] === 0xff && bytes[1] === 0xfe) bytes = Buffer.from(bytes.subarray(2).toString('utf16le'), 'utf8')
  else if (bytes[0] === 0xfe && bytes[1] === 0xff)
    bytes = Buffer.from(new TextDecoder('utf-16be').decode(bytes.subarray(2)), 'utf8')
  else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)

  if (bytes.includes(0))
    return failed('not-text', `The file is not text, so it is not a dump in plain SQL. ${WHAT_IS_WANTED}`)
  if (!isUtf8(bytes)) {
    return failed(
      'not-text',
      'The file is not UTF-8 text. If it is a dump in another encoding, export it again with pg_dump --encoding=UTF8. ' +
        `Otherwise it is something else. ${WHAT_IS_WANTED}`,
    )
  }
  const foreign = otherDatabase(bytes.toString('utf8', 0, 4096))
  if (foreign !== null) return failed('other-database', foreign)
  if (!(await mentionsTables(bytes))) {
    const isBlank = bytes.byteLength < SLICE_BYTES && bytes.toString('latin1').trim() === ''
    return isBlank
      ? failed('empty', `The file is empty. ${WHAT_IS_WANTED}`)
      : failed('no-tables', `There is no CREATE TABLE in it, so there is nothing to import. ${WHAT_IS_WANTED}`)
  }
  return { kind: 'sql', bytes }
}

function archiveKind(bytes: Buffer): ImportFailure | null {
  const head = bytes.toString('latin1', 0, 262)
  if (head.startsWith('PGDMP')) {
    return failed(
      'archive',
      'This is a dump in pg_dump’s custom format, which only pg_restore reads. Make plain SQL of it with ' +
        '“pg_restore --no-owner -f dump.sql FILE” and import dump.sql.',
    )
  }
  if (head.slice(257).startsWith('ustar')) {
    return failed(
      'archive',
      'This is a tar archive. If pg_dump made it, make plain SQL of it with “pg_restore --no-owner -f dump.sql FILE” ' +
        'and import dump.sql; otherwise unpack it first.',
    )
  }
  const packed = [
    ['PK\u0003\u0004', 'zip'],
    ['\u0028\u00b5\u002f\u00fd', 'zstd'],
    ['\u00fd7zXZ', 'xz'],
    ['BZh', 'bzip2'],
    ['7z\u00bc\u00af', '7z'],
    ['\u0004\u0022\u004d\u0018', 'lz4'],
  ].find(([magic]) => head.startsWith(magic as string))
  if (packed !== undefined)
    return failed('archive', `This is a ${packed[1]} archive. Unpack it and import the .sql file in it.`)
  if (head.startsWith('SQLite format 3')) {
    return failed(
      'other-database',
      'This is a SQLite database. Syncline reads PostgreSQL: load it into PostgreSQL (pgloader does that) and export it with pg_dump.',
    )
  }
  return null
}

function otherDatabase(head: string): string | null {
  const name =
    /^-- (MySQL|MariaDB) dump/m.exec(head)?.[1] ?? (/^-- phpMyAdmin SQL Dump/m.test(head) ? 'MySQL' : undefined)
  if (name !== undefined) {
    return `This is a dump of ${name}. Syncline reads PostgreSQL: load it into PostgreSQL (pgloader does that) and export it with pg_dump.`
  }
  return null
}

/** A rough look, only to turn away text that is no SQL at all before a database is started for it. */
async function mentionsTables(bytes: Buffer): Promise<boolean> {
  for (let from = 0; from < bytes.byteLength; from += SLICE_BYTES) {
    const slice = bytes.toString('latin1', from, Math.min(bytes.byteLength, from + SLICE_BYTES + OVERLAP_BYTES))
    if (/\bcreate\s(?:[\s\w]{0,60}\s)?(?:table|view)\b|`/i.test(slice)) return true
    await new Promise((resolve) => setImmediate(resolve))
  }
  return false
}

function tooLarge(size: string): ImportFailure {
  return failed(
    'too-large',
    `The file has ${size}; up to ${megabytes(MAX_DUMP_BYTES)} MB can be imported. ${SCHEMA_ONLY}, or import from a postgres:// URL.`,
  )
}

function failed(reason: ImportFailureReason, message: string): ImportFailure {
  return { kind: 'failed', reason, message }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}
