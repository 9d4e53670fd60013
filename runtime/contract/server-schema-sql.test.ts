import { afterAll, beforeAll, describe } from 'vitest'
import { openPGlite } from '../storage/pglite'
import type { Database } from './api'
import { describeServerSchema } from './server-schema-suite'

// Opening PGlite takes seconds, so one instance serves all tests and is emptied before each.
let pglite: Database
beforeAll(async () => {
  pglite = await openPGlite()
})
afterAll(() => pglite.close())

describe('change tracking over PGlite', () =>
  describeServerSchema(async () => {
    await pglite.execute('drop schema if exists syncline cascade; drop schema public cascade; create schema public')
    return pglite
  }))
