import { afterAll, beforeAll, describe } from 'vitest'
import type { Database } from '../../contract'
import { openFreshPGlite } from '../../testing/fresh-pglite'
import { describeBasics } from './basics-suite'
import { describeCascades } from './cascades-suite'
import { describeConflicts } from './conflicts-suite'
import { describePatterns } from './patterns-suite'

// Opening PGlite takes a while, so one instance serves all tests and is emptied before each.
let pglite: Database
beforeAll(async () => {
  pglite = (await openFreshPGlite()) as unknown as Database
})
afterAll(() => pglite.close())

const emptied = async () => {
  await pglite.execute('drop schema if exists syncline cascade; drop schema public cascade; create schema public')
  return pglite
}

describe('over PGlite, a push:', () => describeBasics(emptied))
describe('over PGlite, a conflict:', () => describeConflicts(emptied))
describe('over PGlite, patterns:', () => describePatterns(emptied))
describe('over PGlite, cascades:', () => describeCascades(emptied))
