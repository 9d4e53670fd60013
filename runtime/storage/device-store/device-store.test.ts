import { describe } from 'vitest'
import { openFreshPGlite } from '../../testing/fresh-pglite'
import { openMemory } from '../memory/open-memory'
import { openSqlite } from '../sqlite/open-sqlite'
import { openWasmDriver } from '../sqlite/wasm-driver'
import { conflictsSuite } from './conflicts-suite'
import { outboxSuite } from './outbox-suite'
import { pullSuite } from './pull-suite'
import { referencesSuite } from './references-suite'

// The WASM build of SQLite needs nothing installed.
for (const [name, open] of [
  ['PGlite', openFreshPGlite],
  ['memory', () => openMemory()],
  ['SQLite', async () => openSqlite('memory://', { driver: await openWasmDriver('memory://') })],
] as const)
  describe(name, () => {
    outboxSuite(name, open)
    pullSuite(name, open)
    conflictsSuite(name, open)
    referencesSuite(name, open)
  })
