import { afterAll } from 'vitest'
import { STORAGES } from '../client/sync/lab'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { describeAnomalies } from './anomalies-suite'

const serverDatabase = openFreshPGlite()
afterAll(async () => (await serverDatabase).close())

/** One database, emptied for each scenario: that is quicker than a new one. */
async function emptiedDatabase() {
  const database = await serverDatabase
  await database.execute('drop schema if exists syncline cascade; drop schema public cascade; create schema public')
  return { ...database, close: async () => {} }
}

for (const kind of STORAGES)
  describeAnomalies(`ways in which sync goes wrong, devices on ${kind.name}`, {
    openServerDatabase: emptiedDatabase,
    openPlace: async () => ({ open: kind.open }),
    openLastingPlace: kind.place,
    // Starting this store takes a second, and the commits are the same for each pattern.
    ...(kind.name === 'pglite' && { killedPatterns: ['C'] }),
  })
