import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAX_DUMP_BYTES, sniffDump } from './sniff-dump'

const utf8 = (text: string) => new TextEncoder().encode(text)
const SQL = 'CREATE TABLE täglich (id int);'

async function reasonOf(bytes: Uint8Array): Promise<string> {
  const sniffed = await sniffDump(bytes)
  return sniffed.kind === 'failed' ? sniffed.reason : sniffed.kind
}

async function textOf(bytes: Uint8Array): Promise<string> {
  const sniffed = await sniffDump(bytes)
  if (sniffed.kind === 'failed') throw new Error(sniffed.message)
  return new TextDecoder().decode(sniffed.bytes)
}

describe('sniffDump', () => {
  it('gives plain SQL, also packed by gzip, with a byte order mark, or in UTF-16', async () => {
    expect(await textOf(utf8(SQL))).toBe(SQL)
    expect(await textOf(gzipSync(SQL))).toBe(SQL)
    expect(await textOf(utf8(`\ufeff${SQL}`))).toBe(SQL)
    const utf16 = Buffer.from(`\ufeff${SQL}`, 'utf16le')
    expect(await textOf(utf16)).toBe(SQL)
    expect(await textOf(Buffer.from(utf16).swap16())).toBe(SQL)
  })

  it('finds the first table far into a file, also across the slices it looks at', async () => {
    for (const offset of [20_000_000, 8 * 1024 * 1024 - 5]) {
      expect(await reasonOf(utf8(`${'-'.repeat(offset - 1)}\n${SQL}`))).toBe('sql')
    }
  })

  it('refuses an empty file, and one without a table', async () => {
    expect(await reasonOf(new Uint8Array())).toBe('empty')
    expect(await reasonOf(utf8(' \n\n'))).toBe('empty')
    expect(await reasonOf(utf8('-- nothing\nSELECT 1;'))).toBe('no-tables')
    expect(await sniffDump(utf8('SELECT 1'))).toMatchObject({
      message: expect.stringContaining('There is no CREATE TABLE in it'),
    })
  })

  it('refuses archives and says how to unpack them', async () => {
    expect(await sniffDump(utf8('PGDMP\u0001\u000e'))).toMatchObject({
      reason: 'archive',
      message: expect.stringContaining('pg_restore --no-owner -f'),
    })
    expect(await reasonOf(utf8('PK\u0003\u0004rest'))).toBe('archive')
    expect(await reasonOf(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar')]))).toBe('archive')
  })

  it('refuses other databases by name', async () => {
    expect(await sniffDump(utf8(`-- MySQL dump 10.13\n${SQL}`))).toMatchObject({
      reason: 'other-database',
      message: expect.stringContaining('MySQL'),
    })
    expect(await reasonOf(utf8('SQLite format 3\u0000'))).toBe('other-database')
  })

  it('refuses bytes that are not UTF-8 and says what to do about an encoding', async () => {
    expect(await sniffDump(Buffer.from(`${SQL} -- é`, 'latin1'))).toMatchObject({
      reason: 'not-text',
      message: expect.stringContaining('--encoding=UTF8'),
    })
  })

  it('refuses gzip that was cut off', async () => {
    expect(await reasonOf(gzipSync(SQL.repeat(1000)).subarray(0, 60))).toBe('not-text')
  })

  it('refuses what is too large, packed or not, without unpacking all of it', async () => {
    expect(await reasonOf(new Uint8Array(MAX_DUMP_BYTES + 1))).toBe('too-large')
    expect(await reasonOf(gzipSync(new Uint8Array(MAX_DUMP_BYTES + 1), { level: 1 }))).toBe('too-large')
  })

  it('refuses 50 MB of something else without reading it twice', async () => {
    const size = 50 * 1024 * 1024
    const noise = Buffer.alloc(size)
    for (let i = 0; i < size; i += 4) noise.writeUInt32LE((i * 2_654_435_761) >>> 0, i)
    expect(await reasonOf(noise)).toBe('not-text')
    expect(await reasonOf(Buffer.alloc(size, 'lorem ipsum dolor sit amet '))).toBe('no-tables')
  })
})
