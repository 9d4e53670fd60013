import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' }

/** Serves a page with nothing on it, the worker, and SQLite's WASM build, as an app's own server would. */
async function serveWorker(directory: string): Promise<Server> {
  await build({
    entryPoints: [fileURLToPath(new URL('opfs-worker.ts', import.meta.url))],
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['better-sqlite3'],
    logLevel: 'error',
  })
  const wasm = join(dirname(createRequire(import.meta.url).resolve('@sqlite.org/sqlite-wasm')), 'sqlite3.wasm')
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = pathname.endsWith('.wasm') ? wasm : join(directory, pathname)
    const body = pathname === '/' ? '<!doctype html><title>Proof</title>' : await readFile(path).catch(() => null)
    response.writeHead(body === null ? 404 : 200, { 'content-type': TYPES[extname(pathname)] ?? 'text/html' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Starts a worker under a name on the page. */
const start = (page: Page, name: string) =>
  page.evaluate((key) => {
    Object.assign(window, { [key]: new Worker('/opfs-worker.js', { type: 'module' }) })
  }, name)

const end = (page: Page, name: string) =>
  page.evaluate((key) => (window as unknown as Record<string, Worker>)[key]?.terminate(), name)

/** Runs one step in the worker and answers its value. */
const run = (page: Page, name: string, step: string): Promise<unknown> =>
  page.evaluate(
    ([key = '', what]) =>
      new Promise((resolve, reject) => {
        const worker = (window as unknown as Record<string, Worker>)[key]
        if (!worker) throw new Error(`There is no worker ${key}.`)
        worker.onmessage = ({ data }) =>
          data.error === undefined ? resolve(data.value) : reject(new Error(data.error))
        worker.onerror = (event) => reject(new Error(event.message))
        worker.postMessage(what)
      }),
    [name, step],
  )

test('D1 SQLite in the browser keeps what was committed when its worker is killed', async ({ page }) => {
  const directory = await mkdtemp(join(tmpdir(), 'syncline-opfs-'))
  const server = await serveWorker(directory)
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await start(page, 'first')
    const deviceId = await run(page, 'first', 'open')
    expect(await run(page, 'first', 'pull')).toBe(5000)
    await run(page, 'first', 'edit')
    expect(await run(page, 'first', 'hang')).toBe('under way')

    // Another tab can't have the same files, and takes nothing away by trying.
    await start(page, 'second')
    await expect(run(page, 'second', 'open')).rejects.toThrow('can be open in one worker at a time')

    await end(page, 'first')
    const expected = { rows: 5000, cities: 1, city: 'kept', pending: 1, cursor: 'cursor 1' }
    await expect(async () => expect(await run(page, 'second', 'open')).toBe(deviceId)).toPass()
    expect(await run(page, 'second', 'look')).toEqual(expected)
    await run(page, 'second', 'close')

    await page.reload()
    await start(page, 'third')
    expect(await run(page, 'third', 'open')).toBe(deviceId)
    expect(await run(page, 'third', 'look')).toEqual(expected)
    await run(page, 'third', 'wipe')
    await run(page, 'third', 'close')
    expect(await run(page, 'third', 'open')).not.toBe(deviceId)
    expect(await run(page, 'third', 'look')).toMatchObject({ rows: 0, pending: 0 })
  } finally {
    server.close()
    await rm(directory, { recursive: true, force: true })
  }
})
