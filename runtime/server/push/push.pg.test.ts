import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { Database } from '../../contract'
import { openPostgres } from '../../storage/postgres'
import { type RealPostgres, startPostgres } from '../../testing/real-postgres'
import { describeBasics } from './basics-suite'
import { describeCascades } from './cascades-suite'
import { describeConflicts } from './conflicts-suite'
import { describePatterns } from './patterns-suite'
import { describePushRaces } from './races-suite'

let postgres: RealPostgres
const opened: Database[] = []
beforeAll(async () => {
  postgres = await startPostgres()
})
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})
afterAll(() => postgres.stop())

async function connect(url: string): Promise<Database> {
  const database = await openPostgres(url)
  opened.push(database)
  return database
}

const fresh = async () => connect(await postgres.createDatabase())

describe('over PostgreSQL, a push:', () => describeBasics(fresh))
describe('over PostgreSQL, a conflict:', () => describeConflicts(fresh))
describe('over PostgreSQL, patterns:', () => describePatterns(fresh))
describe('over PostgreSQL, cascades:', () => describeCascades(fresh))
describe('over PostgreSQL, a push together with others:', () =>
  describePushRaces({ createDatabase: () => postgres.createDatabase(), connect }))
