import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { type OpenDatabase, openDatabase } from './database'
import { describeProjectStore } from './project-store-suite'
import { storageSettings } from './settings'

let server: RealPostgres
let opened: OpenDatabase

beforeAll(async () => {
  server = await startPostgres()
  opened = await open(await server.createDatabase())
})

afterAll(async () => {
  await opened?.close()
  await server?.stop()
})

const open = (url: string) => openDatabase(storageSettings({ NODE_ENV: 'test', DATABASE_URL: url }, process.cwd()))

describeProjectStore('PostgreSQL', () => opened.database)

describe('several servers on one new PostgreSQL', () => {
  it('make its tables once, though they start together', async () => {
    const url = await server.createDatabase()
    const all = await Promise.all([open(url), open(url), open(url)])
    await Promise.all(all.map(({ close }) => close()))
    expect(all).toHaveLength(3)
  })
})
