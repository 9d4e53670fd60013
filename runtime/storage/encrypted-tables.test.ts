import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type AttributeContract,
  BUNDLE_VERSION,
  type Bundle,
  type DeviceTables,
  type EntityContract,
  type Storage,
} from '../contract'
import { formatCopyText, parseCopyText } from '../core/copy-text'
import { createSeededRandom } from '../testing'
import { openPGliteAt } from '../testing/fresh-pglite'
import { encryptTables } from './encrypted-tables'
import { mapCopyFields } from './encryption/copy-fields'
import { createValueCipher, isSealed } from './encryption/value-cipher'
import { openMemory } from './memory/open-memory'
import { openSqlite } from './sqlite/open-sqlite'

const attribute = (name: string, type: string, sensitive = false): AttributeContract => ({
  id: `at_${name}`,
  name,
  column: name,
  type,
  nullable: true,
  default: null,
  readOnly: false,
  sensitive,
})

const PERSON: EntityContract = {
  id: 'le_person',
  name: 'Person',
  table: 'person',
  server: { id: 'se_person', schema: 'public', table: 'person' },
  attributes: [
    { ...attribute('code', 'text'), nullable: false },
    attribute('city', 'text'),
    attribute('secret', 'text', true),
    attribute('score', 'integer', true),
    attribute('born', 'date', true),
    attribute('notes', 'jsonb', true),
    attribute('member', 'boolean', true),
  ],
  key: ['at_code'],
  keyStrategy: 'natural',
  direction: 'both',
  pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
  references: [],
  uniques: [],
  indexes: [],
  scope: { read: null, write: null },
}

const BUNDLE: Bundle = {
  bundleVersion: BUNDLE_VERSION,
  projectId: 'pr_people',
  projectName: 'People',
  schemaHash: 'people-1',
  types: [],
  entities: [PERSON],
  units: [],
  handlers: [],
}

/** What is looked for in the databases' bytes; none of it is a piece of anything else. */
const SECRETS = ['Rosebud', '918273645', '1987-06-05', 'whispered'] as const
const VALUES = {
  secret: 'Rosebud is the word',
  score: 918273645,
  born: '1987-06-05',
  notes: { said: 'whispered', times: [1, null] },
  member: true,
}
const TEXTS = {
  at_code: 'ann',
  at_city: 'Bern',
  at_secret: VALUES.secret,
  at_score: '918273645',
  at_born: '1987-06-05',
  at_notes: '{"said": "whispered", "times": [1, null]}',
  at_member: 'true',
}
const KEY = new Uint8Array(32).fill(7)

const folders: string[] = []
const opened: Storage[] = []
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const random = createSeededRandom(1)
const randomBytes = (length: number) => random.bytes(length)

interface Place {
  readonly open: () => Promise<Storage>
  /** Everything that lies on the disk. */
  readonly bytes: () => Promise<Buffer>
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'syncline-encrypted-'))
  folders.push(path)
  return path
}

async function bytesUnder(path: string): Promise<Buffer> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)))
  return Buffer.concat(await Promise.all(files))
}

const PLACES: readonly (readonly [string, boolean, () => Promise<Place>])[] = [
  ['memory', false, async () => ({ open: async () => openMemory(), bytes: async () => Buffer.alloc(0) })],
  [
    'SQLite',
    true,
    async () => {
      const path = await folder()
      return { open: () => openSqlite(join(path, 'device.sqlite')), bytes: () => bytesUnder(path) }
    },
  ],
  [
    'PGlite',
    true,
    async () => {
      const path = await folder()
      return { open: () => openPGliteAt(join(path, 'device')), bytes: () => bytesUnder(path) }
    },
  ],
]

async function openTables(place: Place): Promise<{ readonly raw: DeviceTables; readonly storage: Storage }> {
  const storage = await place.open()
  opened.push(storage)
  return { raw: await storage.openTables(BUNDLE, { randomBytes }), storage }
}

describe.each(PLACES)('sensitive attributes in %s', (_, hasSql, makePlace) => {
  it('are clear to the API and sealed in the database: rows, outbox, shadows, stage and records', async () => {
    const place = await makePlace()
    const { raw, storage } = await openTables(place)
    const tables = await encryptTables(raw, BUNDLE, KEY, randomBytes)
    const created = await tables.write(1, (tx) => tx.create(PERSON, { code: 'ann', city: 'Bern', ...VALUES }))
    expect(created).toMatchObject({ code: 'ann', city: 'Bern', ...VALUES })
    await tables.sync(async (tx) => {
      expect(await tx.images('le_person', [['ann']])).toEqual(new Map([['["ann"]', TEXTS]]))
      expect(await tx.editsOfRows([{ entity: 'le_person', key: ['ann'] }])).toMatchObject([
        { op: 'create', set: TEXTS },
      ])
      await tx.putImages('le_person', [{ ...TEXTS, at_code: 'bob' }])
      await tx.addEdits([
        {
          entity: 'le_person',
          key: ['bob'],
          op: 'update',
          set: { at_secret: 'Rosebud again' },
          was: { at_secret: VALUES.secret },
          base: null,
          at: 2,
          resolves: null,
          shadow: { ...TEXTS, at_code: 'bob' },
        },
      ])
      await tx.putShadows('le_person', [[['ann'], TEXTS]])
      expect(await tx.shadows('le_person', [['ann'], ['bob']])).toEqual(
        new Map([
          ['["ann"]', TEXTS],
          ['["bob"]', { ...TEXTS, at_code: 'bob' }],
        ]),
      )
      await tx.putRecord('conflict', { id: 'c1', body: JSON.stringify({ local: TEXTS }) })
      expect(await tx.records('conflict')).toEqual([{ id: 'c1', body: JSON.stringify({ local: TEXTS }) }])
      await tx.stage({
        entity: 'le_person',
        attributes: Object.keys(TEXTS),
        full: false,
        rows: formatCopyText([
          Object.values({ ...TEXTS, at_code: 'cid' }),
          Object.values({ ...TEXTS, at_city: 'Basel' }),
        ]),
        rowCount: 2,
        deleted: [],
      })
    })
    const clearText = async () => SECRETS.filter((secret) => bytes.includes(secret))
    let bytes = await place.bytes()
    expect(await clearText()).toEqual([])

    const applied = await tables.sync((tx) => tx.applyStaged('le_person', false))
    expect(applied.edited).toEqual([{ key: ['ann'], image: { ...TEXTS, at_city: 'Basel' } }])
    await tables.sync((tx) => tx.unstage())
    const listed = await tables.write(3, (tx) => tx.list(PERSON, {}))
    expect(listed).toMatchObject(['ann', 'bob', 'cid'].map((code) => ({ code, ...VALUES })))
    const all: unknown[] = []
    await tables.sync((tx) => tx.serverImages('le_person', (images) => void all.push(...images)))
    expect(all).toHaveLength(3)
    expect(all).toContainEqual({ ...TEXTS, at_code: 'cid' })
    if (hasSql) {
      const [row] = await tables.write(3, (tx) => tx.query("select secret, score from person where code = 'cid'"))
      expect(row).toEqual({ secret: VALUES.secret, score: VALUES.score })
    }

    const rawRow = await raw.write(3, (tx) => tx.get(PERSON, ['cid']))
    for (const name of Object.keys(VALUES)) expect(isSealed(String(rawRow?.[name]))).toBe(true)
    expect(rawRow).toMatchObject({ code: 'cid', city: 'Bern' })
    await storage.close()
    bytes = await place.bytes()
    expect(await clearText()).toEqual([])
  })

  it('C1 written again unchanged are no edit', async () => {
    const { raw } = await openTables(await makePlace())
    const tables = await encryptTables(raw, BUNDLE, KEY, randomBytes)
    await tables.sync((tx) => tx.putImages('le_person', [TEXTS]))
    const seq = async () => (await tables.state()).lastSeq
    const before = await seq()
    expect(await tables.write(1, (tx) => tx.update(PERSON, ['ann'], VALUES))).toMatchObject(VALUES)
    expect(await seq()).toBe(before)
    await tables.write(2, (tx) => tx.update(PERSON, ['ann'], { ...VALUES, score: 5, born: null }))
    const edits = await tables.sync((tx) => tx.editsOfRows([{ entity: 'le_person', key: ['ann'] }]))
    expect(edits).toMatchObject([{ op: 'update', set: { at_score: '5', at_born: null } }])
    expect(edits[0]?.was).toEqual({ at_score: '918273645', at_born: '1987-06-05' })
    expect(await tables.write(3, (tx) => tx.get(PERSON, ['ann']))).toMatchObject({ ...VALUES, score: 5, born: null })
    expect(await tables.write(4, (tx) => tx.update(PERSON, ['nobody'], { score: 1 }))).toBeNull()
  })

  it('can not be searched or sorted by, but for null; what is no value of the type is refused', async () => {
    const { raw } = await openTables(await makePlace())
    const tables = await encryptTables(raw, BUNDLE, KEY, randomBytes)
    const list = (options: object) => tables.write(1, (tx) => tx.list(PERSON, options))
    await tables.sync((tx) => tx.putImages('le_person', [{ ...TEXTS, at_secret: null }]))
    await expect(list({ where: { secret: 'x' } })).rejects.toThrow(/Person\.secret is sensitive.*can't compare it/)
    await expect(list({ orderBy: ['score', 'desc'] })).rejects.toThrow(/Person\.score is sensitive.*can't sort by it/)
    expect(await list({ where: { secret: null }, orderBy: 'city' })).toMatchObject([{ code: 'ann', secret: null }])
    const wrong = tables.write(1, (tx) => tx.update(PERSON, ['ann'], { score: 'many' }))
    await expect(wrong).rejects.toThrow(/Person\.score/)
  })

  it('are opened with the key that sealed them and no other', async () => {
    const { raw } = await openTables(await makePlace())
    await encryptTables(raw, BUNDLE, KEY, randomBytes)
    await encryptTables(raw, BUNDLE, KEY, randomBytes)
    const other = encryptTables(raw, BUNDLE, new Uint8Array(32), randomBytes)
    await expect(other).rejects.toThrow(/encrypted with another key/)
  })
})

describe.each(PLACES.filter(([, hasSql]) => hasSql))('sensitive attributes in %s', (_, __, makePlace) => {
  it('can not be written in the clear by plain SQL', async () => {
    const { raw } = await openTables(await makePlace())
    const tables = await encryptTables(raw, BUNDLE, KEY, randomBytes)
    const written = tables.write(1, (tx) => tx.query("insert into person (code, secret) values ('eve', 'Rosebud')"))
    await expect(written).rejects.toThrow()
    expect(await tables.write(1, (tx) => tx.list(PERSON, {}))).toEqual([])
  })
})

describe('the cipher', () => {
  it('gives back any text, never the same sealed one twice, and nothing to another key', async () => {
    const cipher = await createValueCipher(KEY, randomBytes)
    const foreign = await createValueCipher(new Uint8Array(32), randomBytes)
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const [first, second] = await Promise.all([cipher.seal('text', value), cipher.seal('text', value)])
        expect(first).not.toBe(second)
        expect(await cipher.open(first)).toEqual({ type: 'text', text: value })
        expect(await foreign.open(first)).toBeNull()
        expect(await cipher.open(`${first}A`)).toBeNull()
        expect(await cipher.open(value)).toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  it('takes 32 bytes or an AES-GCM key', async () => {
    await expect(createValueCipher(new Uint8Array(16), randomBytes)).rejects.toThrow('has 16 bytes; give 32')
    const signing = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    await expect(createValueCipher(signing, randomBytes)).rejects.toThrow('is for HMAC (sign)')
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const cipher = await createValueCipher(key, randomBytes)
    expect(await cipher.open(await cipher.seal('date', 'x'))).toEqual({ type: 'date', text: 'x' })
  })
})

describe('fields of COPY text', () => {
  it('are mapped by column, whatever stands beside them', async () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom('a', '\t', '\n', '\\', 'ü', 'N', '\r') }), { nil: null })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell)), async (rows) => {
        const hex = async (type: string, text: string) => `${type}:${Buffer.from(text).toString('hex')}`
        const mapped = parseCopyText(await mapCopyFields(formatCopyText(rows), [null, 'x', 'y'], hex))
        const expected = rows.map(([a, b, c]) =>
          Promise.all([a, b === null ? null : hex('x', b), c === null ? null : hex('y', c)]),
        )
        expect(mapped).toEqual(await Promise.all(expected))
      }),
    )
  })
})
