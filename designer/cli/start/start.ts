import { spawn } from 'node:child_process'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OpenDatabase, openDatabase } from '@/designer/server/database'
import { provideDatabase } from '@/designer/server/process-application'
import { storageSettings } from '@/designer/server/settings'
import { StartError } from '@/designer/server/start-error'
import { type Listening, listen } from '../listen'
import { type BuildPlace, buildPreviewAssets, ensureBuild, nextCommand } from './build'
import { readOptions, type StartOptions } from './options'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** Checks, builds where needed, serves, and stops when it is told to. */
export async function start(args: readonly string[]): Promise<void> {
  process.chdir(ROOT)
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const place = { root: ROOT, distDirectory: process.env.SYNCLINE_DIST || '.next', signal: stop.signal }
  try {
    const options = readOptions(args, process.env)
    await RUN[options.mode](place, options)
    process.exitCode = 0
  } catch (error) {
    if (stop.signal.aborted) return
    console.error(error instanceof StartError ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}

const RUN: Record<StartOptions['mode'], (place: BuildPlace, options: StartOptions) => Promise<void>> = {
  production: serve,
  development: develop,
  build: (place) => ensureBuild(place, console.log),
}

async function serve(place: BuildPlace, options: StartOptions): Promise<void> {
  const door: { listener: RequestListener } = { listener: notReadyYet }
  let listening: Listening | undefined
  let opened: OpenDatabase | undefined
  let next: { readonly close: () => Promise<void> } | undefined
  try {
    // The port is taken first, so that one that is in use is known before a minute of building.
    const { port, host } = options
    listening = await listen({ port, host, portOption: 'npm start -- --port' }, (request, response) =>
      door.listener(request, response),
    )
    opened = await openDatabase(storageSettings(process.env, ROOT))
    provideDatabase(opened)
    await ensureBuild(place, console.log)
    const app = await prepareNext(listening.port)
    next = app
    door.listener = app.listener
    console.log(`Syncline is ready: http://localhost:${listening.port}`)
    await aborted(place.signal)
  } finally {
    await listening?.close()
    await next?.close()
    await opened?.close()
  }
}

async function prepareNext(port: number) {
  Object.assign(process.env, { NODE_ENV: 'production' })
  const require = createRequire(join(ROOT, 'package.json'))
  const createNext = require('next') as typeof import('next').default
  const app = createNext({ dev: false, dir: ROOT, hostname: 'localhost', port })
  await app.prepare()
  const handle = app.getRequestHandler()
  const listener = (request: IncomingMessage, response: ServerResponse) => void handle(request, response)
  return { listener, close: () => app.close() }
}

/** Whoever opens the page while it is being built sees so, and gets it when it is there. */
const notReadyYet: RequestListener = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '2', refresh: '2' })
  response.end(
    '<!doctype html><title>Syncline</title><p>Syncline is being built. This page opens when it is ready.</p>',
  )
}

/** Next's own development server; it opens the database by itself when it is first needed. */
async function develop(place: BuildPlace, options: StartOptions): Promise<void> {
  await buildPreviewAssets(place)
  const args = [nextCommand(ROOT), 'dev', '-H', options.host ?? 'localhost', '-p', String(options.port)]
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', signal: place.signal })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
