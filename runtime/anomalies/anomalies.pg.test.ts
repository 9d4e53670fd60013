import { afterAll, beforeAll, describe } from 'vitest'
import { createMemoryDisk } from '../storage/memory/memory-disk'
import { openMemory } from '../storage/memory/open-memory'
import { openPostgres } from '../storage/postgres'
import { startPostgres } from '../testing/real-postgres'
import { describeAnomalies } from './anomalies-suite'

describe('on PostgreSQL', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>
  let url = ''
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  const openPlace = async () => {
    const disk = createMemoryDisk()
    return { open: () => openMemory({ disk }) }
  }
  describeAnomalies('ways in which sync goes wrong, devices in memory', {
    openServerDatabase: async () => {
      url = await postgres.createDatabase()
      return openPostgres(url)
    },
    openSecondConnection: () => openPostgres(url),
    openPlace,
    openLastingPlace: openPlace,
  })
})
