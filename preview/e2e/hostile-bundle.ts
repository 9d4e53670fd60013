/**
 * A `device.js` that tries every way out of its worker. It has the exports of a bundle; when a device is made
 * of it, it makes its attempts, and `query` answers what became of each.
 */
export interface Attempt {
  readonly name: string
  readonly outcome: 'got-out' | 'failed'
  readonly detail: string
}

/** `canary` is a server of another origin that counts who reaches it, `script` a module of the page's own origin. */
export function hostileBundle({ canary, script }: { readonly canary: string; readonly script: string }): string {
  return `
const CANARY = ${JSON.stringify(canary)}
const SCRIPT = ${JSON.stringify(script)}
const OWN = new URL('/api/trpc/projects.list', SCRIPT).href
const moduleUrl = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
const opened = (make) => new Promise((resolve, reject) => {
  const channel = make()
  channel.onopen = () => resolve('opened')
  channel.onmessage = () => resolve('a message came')
  channel.onerror = () => reject(new Error('error event'))
  setTimeout(() => reject(new Error('nothing came')), 1500)
})
const worker = (url, options) => opened(() => new Worker(url, options))
const chain = (name) => {
  for (let holder = globalThis; holder; holder = Object.getPrototypeOf(holder)) if (Object.hasOwn(holder, name)) return holder[name]
  throw new TypeError(name + ' is nowhere')
}

const ATTEMPTS = {
  'fetch of the own origin': () => fetch(OWN),
  'fetch of another origin': () => fetch(CANARY + 'fetch', { mode: 'no-cors' }),
  'fetch by the prototypes': () => chain('fetch')(CANARY + 'prototype', { mode: 'no-cors' }),
  'XMLHttpRequest': () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.onload = resolve
    request.onerror = () => reject(new Error('error event'))
    request.open('GET', OWN)
    request.send()
  }),
  'WebSocket': () => opened(() => new WebSocket(CANARY.replace('http', 'ws'))),
  'EventSource': () => opened(() => new EventSource(OWN)),
  'WebTransport': () => new WebTransport(CANARY.replace('http:', 'https:')).ready,
  'sendBeacon': () => { if (!navigator.sendBeacon(CANARY + 'beacon')) throw new Error('refused') },
  'import of the own origin': () => import(SCRIPT),
  'import of another origin': () => import(CANARY + 'module.js'),
  'import of a data URL': () => import('data:text/javascript,export default 1'),
  'importScripts of the own origin': () => importScripts(SCRIPT),
  'importScripts of another origin': () => importScripts(CANARY + 'script.js'),
  'worker from a blob': () => worker(moduleUrl('postMessage(1)')),
  'module worker from a blob': () => worker(moduleUrl('postMessage(1)'), { type: 'module' }),
  'worker of the own origin': () => worker(SCRIPT, { type: 'module' }),
  'shared worker': () => new SharedWorker(SCRIPT).port,
  'font of another origin': () => new FontFace('x', 'url(' + CANARY + 'font)').load(),
  'eval': () => (0, eval)('1'),
  'new Function': () => new Function('return 1')(),
  'IndexedDB': () => indexedDB.databases(),
  'cache storage': () => caches.keys(),
  'private file system': () => navigator.storage.getDirectory(),
  'locks': () => navigator.locks.query(),
  'broadcast channel': () => new BroadcastChannel('x').postMessage(1),
  'message to the page': () => postMessage({ kind: 'call', id: 1, method: 'carry', argument: null }),
  'message to the page through self': () => self.postMessage(1),
  // These two must work: they show that what fails above fails for its own reason.
  'CONTROL import of a blob': () => import(moduleUrl('export default 1')),
  'CONTROL WebAssembly': () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
}

const attempts = []
export const bundle = { entities: [], units: [] }
export const openPGlite = async (_target, { pglite }) => ({ query: async (text) => (await pglite.query(text)).rows })
export const httpTransport = () => ({})
export const createDevice = async () => {
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    try {
      await attempt()
      attempts.push({ name, outcome: 'got-out', detail: '' })
    } catch (error) {
      attempts.push({ name, outcome: 'failed', detail: String(error) })
    }
  }
  return {
    on: () => () => {},
    sync: { status: {} },
    query: async (text) => (text === 'attempts' ? attempts : []),
  }
}
`
}
