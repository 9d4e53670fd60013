/** The advice's estimates, held against what the real server sends and PostgreSQL keeps. The figures stand in docs/ADVICE.md. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { BUNDLE_VERSION, type Bundle, type Database, type Server } from '@syncline/runtime/contract'
import { PROTOCOL_VERSION } from '@syncline/runtime/protocol'
import { createServer } from '@syncline/runtime/server'
import { openPGlite } from '@syncline/runtime/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lower } from '@/designer/compiler/2-lower/lower'
import { type Project, projectFromSchema } from '@/designer/model'
import { entityEstimate, projectBudget } from '@/designer/patterns/advice'
import { importDump } from '@/designer/schema/import-dump'

const NORTHWIND = join(process.cwd(), '..', 'shared', 'data', 'northwind.sql')

let project: Project
let bundle: Bundle
let database: Database
let server: Server

describe.skipIf(!existsSync(NORTHWIND))('estimates on Northwind (skipped where ../shared/data is missing)', () => {
  beforeAll(async () => {
    const bytes = await readFile(NORTHWIND)
    const imported = await importDump({ bytes, fileName: 'northwind.sql', keepData: true })
    if (imported.kind === 'failed' || imported.startData === null) throw new Error('Northwind was not imported.')
    const made = projectFromSchema({ schema: imported.schema, name: 'Northwind', pattern: 'read-only-delta' })
    if (made.kind === 'refused') throw new Error(made.reason)
    project = made.project
    const { schemaHash, types, entities } = lower(project)
    bundle = {
      bundleVersion: BUNDLE_VERSION,
      projectId: project.id,
      projectName: project.name,
      schemaHash,
      types,
      entities: entities.map(({ contract }) => contract),
      units: [],
      handlers: [],
    }
    const pglite = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(imported.startData)]) })
    database = await openPGlite('memory://', { pglite })
    await measureSizes()
    server = await createServer(bundle, { database, authenticate: () => ({ user: 'ada' }) })
    await server.install()
  }, 120_000)
  afterAll(async () => {
    await server?.close()
    await database?.close()
  })

  /** As an import with data does it. */
  async function measureSizes(): Promise<void> {
    for (const table of Object.values(project.serverEntities)) {
      const columns = Object.values(table.attributes)
      const means = columns.map(({ name }, index) => `avg(pg_column_size("${name}"))::float8 as c${index}`)
      const [row] = await database.query(
        `select count(*)::int as rows, ${means.join(', ')} from "${table.schema}"."${table.name}"`,
      )
      table.rowEstimate = Number(row?.['rows'])
      for (const [index, column] of columns.entries()) {
        const mean = row?.[`c${index}`] ?? null
        column.averageBytes = mean === null ? null : Number(mean)
      }
    }
  }

  async function firstSyncBytes(entities: readonly string[]): Promise<number> {
    const pull = entities.map((id) => ({
      entity: id,
      cursor: null,
      attributes: bundle.entities.find((entity) => entity.id === id)?.attributes.map((attribute) => attribute.id),
      chosen: null,
      verify: false,
    }))
    const device = '00000000-0000-4000-8000-000000000001'
    const message = { protocol: PROTOCOL_VERSION, schemaHash: bundle.schemaHash, device, sentAt: 0, push: [] }
    const response = await server.fetch(
      new Request('http://server.test/sync', {
        method: 'POST',
        body: JSON.stringify({ ...message, pull, resume: null }),
        headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
      }),
    )
    expect(response.status).toBe(200)
    return (await response.arrayBuffer()).byteLength
  }

  it('of the first sync are within a half of what each table takes, and within a quarter of the whole', async () => {
    const ids = bundle.entities.map(({ id }) => id)
    const whole = await firstSyncBytes(ids)
    const compared: string[] = []
    for (const id of ids) {
      // What the table adds to the whole, which is packed as one.
      const measured = whole - (await firstSyncBytes(ids.filter((other) => other !== id)))
      const estimated = entityEstimate(project, id)?.firstSyncBytes ?? 0
      const line = `${project.localEntities[id]?.name}: ${measured} measured, ${estimated} estimated`
      compared.push(line)
      expect(Math.abs(estimated - measured), line).toBeLessThanOrEqual(measured / 2)
    }
    const total = projectBudget(project).total.firstSyncBytes
    expect(Math.abs(total - whole), compared.join('\n')).toBeLessThanOrEqual(whole / 4)
  })

  it('that know types alone are within a factor of two of the whole, but for pictures, of which nobody knows the size', async () => {
    const whole = await firstSyncBytes(bundle.entities.map(({ id }) => id))
    const guessed = structuredClone(project)
    for (const table of Object.values(guessed.serverEntities)) {
      for (const attribute of Object.values(table.attributes)) {
        if (attribute.type !== 'bytea') attribute.averageBytes = null
      }
    }
    const { total } = projectBudget(guessed)
    expect(total.firstSyncBytes).toBeGreaterThan(whole / 2)
    expect(total.firstSyncBytes).toBeLessThan(whole * 2)
    expect([total.measured, projectBudget(project).total.measured]).toEqual([false, true])
  })

  it('of the device’s bytes are within a half of what PostgreSQL keeps for tables of more than a page', async () => {
    for (const { id, server: table, key, attributes } of bundle.entities) {
      const columns = key.map((part) => attributes.find((attribute) => attribute.id === part)?.column)
      await database.execute(`create table scratch as select * from "${table.schema}"."${table.table}"`)
      await database.execute(
        `alter table scratch add primary key (${columns.map((column) => `"${column}"`).join(', ')})`,
      )
      const [size] = await database.query(
        "select pg_relation_size('scratch')::int + pg_relation_size('scratch_pkey')::int as bytes",
      )
      await database.execute('drop table scratch')
      const kept = Number(size?.['bytes'])
      const estimated = entityEstimate(project, id)?.bytesOnDevice ?? 0
      // The least that a table takes, a page and two for its index, is of no account on a device.
      if (kept < 100_000) continue
      expect(Math.abs(estimated - kept), `${table.table}: ${kept} kept, ${estimated} estimated`).toBeLessThan(kept / 2)
    }
  })
})
