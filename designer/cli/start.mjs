#!/usr/bin/env node
// `npm start`. Written so that an old Node can still read it and say what it lacks; the rest is in start/.
const NEEDED = [20, 19]

const has = process.versions.node.split('.').map(Number)
if (has[0] < NEEDED[0] || (has[0] === NEEDED[0] && has[1] < NEEDED[1])) {
  console.error(
    `Syncline needs Node ${NEEDED.join('.')} or newer, and this is Node ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org and start again.',
  )
  process.exitCode = 1
} else {
  import('./load.mjs')
    .then((load) => load.loadTypeScript('./start/start.ts'))
    .then((module) => module.start(process.argv.slice(2)))
    .catch((error) => {
      const missing = error && error.code === 'ERR_MODULE_NOT_FOUND'
      console.error(missing ? `${error.message}\n\nPackages are missing. Run npm ci and start again.` : error)
      process.exitCode = 1
    })
}
