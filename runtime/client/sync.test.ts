import { describe } from 'vitest'
import { openPGlite } from '../storage/pglite'
import { describeSync } from './sync-suite'

describe('devices and a server on PGlite', () => {
  describeSync(() => openPGlite())
})
