import { afterAll, beforeAll, describe } from 'vitest'
import type { Database } from '../contract'
import { openPGlite } from '../storage/pglite'
import { describeDerived } from './derived-suite'
import { describeHandler } from './handler-suite'
import { describeHorizon } from './horizon-suite'
import { describePull } from './pull-suite'
import { describePush } from './push-suite'
import { describeScopes } from './scope-suite'
import { describeValues } from './values-suite'

// Opening PGlite takes seconds, so one instance serves all tests and is emptied before each.
let pglite: Database
beforeAll(async () => {
  pglite = await openPGlite()
})
afterAll(() => pglite.close())

const emptied = async () => {
  await pglite.execute('drop schema if exists syncline cascade; drop schema public cascade; create schema public')
  return pglite
}

describe('over PGlite, a push:', () => describePush(emptied))
describe('over PGlite, a pull:', () => describePull(emptied))
describe('over PGlite, a scope:', () => describeScopes(emptied))
describe('over PGlite, derived values:', () => describeDerived(emptied))
describe('over PGlite, the horizon:', () => describeHorizon(emptied))
describe('over PGlite, the handler', () => describeHandler(emptied))
describe('over PGlite, values:', () => describeValues(emptied))
