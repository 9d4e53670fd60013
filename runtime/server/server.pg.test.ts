import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { Database } from '../contract'
import { openPostgres } from '../storage/postgres'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { describeDerived } from './derived-suite'
import { describeHandler } from './handler-suite'
import { describeHorizon } from './horizon-suite'
import { describePull } from './pull-suite'
import { describePush } from './push-suite'
import { describeRaces } from './races-suite'
import { describeScopes } from './scope-suite'
import { describeValues } from './values-suite'

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

describe('over PostgreSQL, a push:', () => describePush(fresh))
describe('over PostgreSQL, a pull:', () => describePull(fresh))
describe('over PostgreSQL, a scope:', () => describeScopes(fresh))
describe('over PostgreSQL, derived values:', () => describeDerived(fresh))
describe('over PostgreSQL, the horizon:', () => describeHorizon(fresh))
describe('over PostgreSQL, the handler', () => describeHandler(fresh))
describe('over PostgreSQL, values:', () => describeValues(fresh))
describe('over PostgreSQL, together with others:', () =>
  describeRaces({ createDatabase: () => postgres.createDatabase(), connect, restart: () => postgres.restart() }))
