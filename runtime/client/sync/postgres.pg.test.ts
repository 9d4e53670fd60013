import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgres } from '../../storage/postgres'
import { startPostgres } from '../../testing/real-postgres'
import { describeSync } from './suite'

describe('devices and a server on PostgreSQL', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  describeSync(async () => openPostgres(await postgres.createDatabase()))
})
