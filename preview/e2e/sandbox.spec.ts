import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from '@playwright/test'
import { type Attempt, hostileBundle } from './hostile-bundle'

interface StartedDevice {
  readonly attempts: readonly Attempt[]
  readonly sha256: string
}

/** Starts one device worker as the preview does, on the given `device.js`, by nothing but its protocol. */
function startDevice(page: Page, source: string): Promise<StartedDevice> {
  return page.evaluate(async (text) => {
    const manifest = (await (await fetch('/preview/manifest.json')).json()) as Record<string, string>
    const get = (name: string) => fetch(`/preview/${manifest[name]}`)
    const worker = new Worker(`/preview/${manifest.worker}`, { type: 'module' })
    const { port1, port2 } = new MessageChannel()
    const call = (id: number, method: string, argument: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        port1.addEventListener('message', ({ data }) => {
          if (data.id !== id) return
          if (data.kind === 'answer') resolve(data.value)
          if (data.kind === 'failure') reject(new Error(data.error.message))
        })
        port1.postMessage({ kind: 'call', id, method, argument })
      })
    const crashed = new Promise<never>((_, reject) => {
      worker.onerror = (event) => reject(new Error(event.message))
    })
    port1.start()
    worker.postMessage({ kind: 'boot', role: 'device', port: port2 }, [port2])
    const parts = {
      pgliteModule: await WebAssembly.compileStreaming(get('pgliteWasm')),
      initdbModule: await WebAssembly.compileStreaming(get('initdbWasm')),
      fileSystem: await (await get('fileSystem')).blob(),
      dataDirectory: await (await get('emptyDataDirectory')).blob(),
    }
    const session = { user: 'anna' }
    const started = await Promise.race([
      call(1, 'start', { parts, source: text, name: 'Device 1', seed: 1, session, online: true }),
      crashed,
    ])
    const attempts = await call(2, 'query', { text: 'attempts', params: [] })
    worker.terminate()
    return { attempts, sha256: (started as { sha256: string }).sha256 } as never
  }, source)
}

test('code of a bundle finds no way out of its worker', async ({ page, baseURL }) => {
  const visitors: string[] = []
  const canary = createServer((request, response) => {
    visitors.push(String(request.url))
    response
      .writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' })
      .end('export default 1')
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  try {
    const canaryUrl = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/`
    await page.goto('/')
    const manifest = await (await page.request.get('/preview/manifest.json')).json()
    // The worker's script with a query: a module that would load if it might, and that is not there already.
    const source = hostileBundle({ canary: canaryUrl, script: `${baseURL}/preview/${manifest.worker}?another` })

    const { attempts } = await startDevice(page, source)

    const gotOut = attempts.filter(({ outcome }) => outcome === 'got-out').map(({ name }) => name)
    expect(gotOut.filter((name) => !name.startsWith('CONTROL'))).toEqual([])
    expect(gotOut).toEqual(['CONTROL import of a blob', 'CONTROL WebAssembly'])
    expect(attempts.length).toBeGreaterThan(25)
    expect(visitors).toEqual([])
    await page.request.get(canaryUrl)
    expect(visitors, 'the canary itself can be reached').toHaveLength(1)
  } finally {
    canary.close()
  }
})

test('the worker says which bytes it imported', async ({ page }) => {
  await page.goto('/')
  const source = `${hostileBundle({ canary: 'http://127.0.0.1:1/', script: 'http://127.0.0.1:1/x.js' })}// grüße\n`

  const { sha256 } = await startDevice(page, source)

  expect(sha256).toBe(createHash('sha256').update(source).digest('hex'))
})
