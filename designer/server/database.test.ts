import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyProject } from '@/designer/model'
import { type OpenDatabase, openDatabase } from './database'
import { createProjectStore } from './project-store'
import { describeProjectStore } from './project-store-suite'
import { storageSettings } from './settings'

const root = process.cwd()
const settingsFor = (directory: string) => storageSettings({ NODE_ENV: 'test', SYNCLINE_DIR: directory }, root)

describe('the embedded database', () => {
  let directory: string
  let opened: OpenDatabase
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncline-db-'))
    opened = await openDatabase(settingsFor(directory))
  })
  afterAll(async () => {
    await opened.close()
    await rm(directory, { recursive: true })
  })

  describeProjectStore('PGlite', () => opened.database)

  it('is refused to a second Syncline, which is told whom to stop', async () => {
    await expect(openDatabase(settingsFor(directory))).rejects.toThrow(
      `Another Syncline (process ${process.pid}) uses the folder ${directory}`,
    )
  })

  it('has its projects again after it was closed and opened', async () => {
    const project = emptyProject({ id: 'pr_again', name: 'Again' })
    await createProjectStore(opened.database).create('pr_again', project, null)
    await opened.close()
    expect(await readdir(directory)).toEqual(['db'])
    opened = await openDatabase(settingsFor(directory))
    expect((await createProjectStore(opened.database).get('pr_again'))?.project).toEqual(project)
  })
})

describe('a folder that is no good', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncline-bad-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('that is a file is named, with what to do', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    await expect(openDatabase(settingsFor(file))).rejects.toThrow(/file can't be written .*SYNCLINE_DIR/)
  })

  it('that holds a damaged database is named, and is left as it is for the next try', async () => {
    const damaged = join(directory, 'damaged')
    const opened = await openDatabase(settingsFor(damaged))
    await opened.close()
    const control = join(damaged, 'db', 'global', 'pg_control')
    await writeFile(control, 'not a control file')
    await expect(openDatabase(settingsFor(damaged))).rejects.toThrow(/can't be opened .*Move that folder away/s)
    expect(await readFile(control, 'utf8')).toBe('not a control file')
    expect(await readdir(damaged)).toEqual(['db'])
  })

  it('whose lock was left by a process that has ended is taken over', async () => {
    const left = join(directory, 'left')
    const first = await openDatabase(settingsFor(left))
    await first.close()
    await writeFile(join(left, 'lock'), JSON.stringify({ pid: await endedProcess(), startedAt: null }))
    const opened = await openDatabase(settingsFor(left))
    await opened.close()
  })

  it('whose lock names a process that began at another time is taken over: the number was given anew', async () => {
    const reused = join(directory, 'left')
    await writeFile(join(reused, 'lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }))
    const opened = await openDatabase(settingsFor(reused))
    await opened.close()
  })

  it.runIf(process.platform === 'linux')('that is there and takes no files is named', async () => {
    await expect(openDatabase(settingsFor('/proc/self'))).rejects.toThrow(/proc.self can't be written .*SYNCLINE_DIR/)
  })
})

describe('a PostgreSQL that nobody answers for', () => {
  it('is named without its password', async () => {
    const settings = { ...settingsFor('unused'), databaseUrl: 'postgres://me:secret@127.0.0.1:1/none' }
    const error: unknown = await openDatabase(settings).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(/DATABASE_URL names can't be used \(.*ECONNREFUSED.*\)/)
    expect(String(error)).not.toContain('secret')
  })
})

function endedProcess(): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--version'], () => resolve(child.pid ?? 0))
  })
}
