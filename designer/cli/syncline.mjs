#!/usr/bin/env node
// The `syncline` command, from any working directory; main.ts is the program.
import { runTypeScript } from './load.mjs'
import { findPeersHere } from './serve/peer-packages.mjs'

// A bundle is plain JavaScript: Node loads it itself, without the TypeScript loader.
const importModule = (url) => {
  findPeersHere()
  return import(url)
}

const { main } = await runTypeScript('./main.ts')
process.exitCode = await main(process.argv.slice(2), importModule)
