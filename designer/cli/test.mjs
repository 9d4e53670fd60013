#!/usr/bin/env node
// `npm test`: every check there is, one after the other; the program is test/run-all.ts.
import { runTypeScript } from './load.mjs'

const { runAll } = await runTypeScript('./test/run-all.ts')
process.exitCode = await runAll(process.argv.slice(2))
