#!/usr/bin/env node
// `npm run bench`: what the runtime does in a second, each figure beside its yardstick; the program is bench/main.ts.
import { runTypeScript } from './load.mjs'

const { main } = await runTypeScript('./bench/main.ts')
process.exitCode = await main(process.argv.slice(2))
