import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyProject } from '@/designer/model'
import { createConnections } from './connections'
import { type OpenDatabase, openDatabase } from './database'
import { createProjectStore } from './project-store'
import { createSecretBox } from './secret-box'
import { storageSettings } from './settings'
import { connectionTable } from './tables'

const URL = 'postgres://reader:s3cr%23t@db.example.com:6543/shop'
let directory: string
let opened: OpenDatabase

const settingsWith = (env: Record<string, string> = {}) =>
  storageSettings({ NODE_ENV: 'test', SYNCLINE_DIR: directory, ...env }, process.cwd())
const connectionsWith = (env?: Record<string, string>) =>
  createConnections(opened.database, createSecretBox(settingsWith(env)))

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-connections-'))
  opened = await openDatabase(settingsWith())
  const store = createProjectStore(opened.database)
  for (const id of ['pr_one', 'pr_two']) await store.create(id, emptyProject({ id, name: id }), null)
})
afterAll(async () => {
  await opened.close()
  await rm(directory, { recursive: true })
})

describe('a kept connection', () => {
  it('is given back to the server, and told without its password', async () => {
    const connections = connectionsWith()
    expect(await connections.describe('pr_one')).toEqual({ kind: 'none' })
    expect(await connections.urlOf('pr_one')).toBeNull()
    await connections.set('pr_one', URL)
    expect(await connections.urlOf('pr_one')).toBe(URL)
    const told = await connections.describe('pr_one')
    expect(told).toEqual({
      kind: 'kept',
      host: 'db.example.com',
      port: '6543',
      user: 'reader',
      database: 'shop',
      updatedAt: expect.any(Date),
    })
    expect(JSON.stringify(told)).not.toContain('s3cr')
  })

  it('is not readable in the database, and two of one address look different', async () => {
    const connections = connectionsWith()
    await connections.set('pr_one', URL)
    await connections.set('pr_two', URL)
    const rows = await opened.database.select().from(connectionTable)
    const sealed = rows.map(({ sealedUrl }) => Buffer.from(sealedUrl).toString('latin1'))
    expect(sealed).toHaveLength(2)
    expect(sealed[0]).not.toBe(sealed[1])
    for (const text of sealed)
      for (const part of ['s3cr', 'example', 'reader', 'shop']) expect(text).not.toContain(part)
  })

  it('opens with its key after a restart, and the key is for its owner alone', async () => {
    await connectionsWith().set('pr_one', URL)
    expect(await connectionsWith().urlOf('pr_one')).toBe(URL)
    const { mode } = await stat(join(directory, 'secret'))
    expect(mode & 0o777).toBe(0o600)
    expect(await readFile(join(directory, 'secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })

  it('says so where another key is there, and takes a new address', async () => {
    await connectionsWith().set('pr_one', URL)
    const other = connectionsWith({ SYNCLINE_SECRET: 'another one' })
    expect(await other.urlOf('pr_one')).toBeNull()
    expect(await other.describe('pr_one')).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('Give the address again'),
    })
    await other.set('pr_one', URL)
    expect(await other.urlOf('pr_one')).toBe(URL)
  })

  it('can’t be moved to another project, or be changed', async () => {
    const connections = connectionsWith()
    await connections.set('pr_one', URL)
    await connections.set('pr_two', URL)
    const [row] = await opened.database.select().from(connectionTable).where(eq(connectionTable.projectId, 'pr_one'))
    await opened.database.update(connectionTable).set({ sealedUrl: row?.sealedUrl ?? new Uint8Array() })
    expect(await connections.urlOf('pr_one')).toBe(URL)
    expect(await connections.urlOf('pr_two')).toBeNull()
    for (const at of [0, 1, 20, 40]) {
      const changed = new Uint8Array(row?.sealedUrl ?? [])
      changed[at] = (changed[at] ?? 0) ^ 1
      await opened.database.update(connectionTable).set({ sealedUrl: changed })
      expect(await connections.urlOf('pr_one')).toBeNull()
    }
  })

  it('goes when it is removed, and is hidden while its project is', async () => {
    const connections = connectionsWith()
    const store = createProjectStore(opened.database)
    await connections.set('pr_one', URL)
    await store.remove('pr_one')
    expect(await connections.urlOf('pr_one')).toBeNull()
    await store.restore('pr_one')
    expect(await connections.urlOf('pr_one')).toBe(URL)
    await connections.remove('pr_one')
    expect(await connections.describe('pr_one')).toEqual({ kind: 'none' })
  })
})

describe('a key', () => {
  it('is one, though several ask for it first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-key-'))
    const settings = { secret: null, secretFile: join(folder, 'deep', 'secret') }
    const boxes = Array.from({ length: 8 }, () => createSecretBox(settings))
    const sealed = await Promise.all(boxes.map((box, index) => box.seal(`text ${index}`, 'a test')))
    const reader = createSecretBox(settings)
    expect(await Promise.all(sealed.map((each) => reader.open(each, 'a test')))).toEqual(
      sealed.map((_, index) => `text ${index}`),
    )
    await rm(folder, { recursive: true })
  })

  it('that was damaged is named, and not replaced', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-key-'))
    const secretFile = join(folder, 'secret')
    await writeFile(secretFile, 'half a k')
    const box = createSecretBox({ secret: null, secretFile })
    await expect(box.seal('text', 'a test')).rejects.toThrow(/secret holds no key: put a copy of it back/)
    expect(await readFile(secretFile, 'utf8')).toBe('half a k')
    await rm(folder, { recursive: true })
  })
})
