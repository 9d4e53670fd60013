import { describe } from 'vitest'
import { openFreshPGlite } from '../../testing/fresh-pglite'
import { describeSync } from './suite'

describe('devices and a server on PGlite', () => describeSync(openFreshPGlite, ['pglite']))
