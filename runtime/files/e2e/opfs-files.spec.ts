import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'
import type { openFiles } from '../open-files'

const nameOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

declare global {
  interface Window {
    readonly openFiles: typeof openFiles
  }
}

/** Puts `openFiles` onto a page that may keep files, as an app would. */
async function openPage(page: Page, url: string, script: string): Promise<void> {
  await page.goto(url)
  await page.addScriptTag({ content: script })
}

test('D1 contents of files in the browser are there after a reload, and gone once they are removed', async ({
  page,
}) => {
  const entry = fileURLToPath(new URL('../open-files.ts', import.meta.url))
  const { outputFiles } = await build({
    stdin: {
      contents: `import { openFiles } from ${JSON.stringify(entry)}; window.openFiles = openFiles`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'iife',
  })
  const script = outputFiles[0]?.text ?? ''
  const server = createServer((_, response) => response.end('<!doctype html><title>Proof</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const photo = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256)
    const contents = [photo, new Uint8Array()].map((content) => ({ name: nameOf(content), content: [...content] }))

    await openPage(page, url, script)
    await page.evaluate(async (given) => {
      const files = await window.openFiles('opfs://proof')
      for (const { name, content } of given) await files.put(name, new Uint8Array(content))
    }, contents)

    await openPage(page, url, script)
    const kept = await page.evaluate(async (given) => {
      const files = await window.openFiles('opfs://proof')
      const read = await Promise.all(given.map(async ({ name }) => [...((await files.get(name)) ?? [-1])]))
      return { names: [...(await files.names())].sort(), read, unknown: await files.get('0'.repeat(64)) }
    }, contents)
    expect(kept.names).toEqual(contents.map(({ name }) => name).sort())
    expect(kept.read.map((content) => nameOf(Uint8Array.from(content)))).toEqual(contents.map(({ name }) => name))
    expect(kept.unknown).toBeNull()

    const left = await page.evaluate(async (given) => {
      const files = await window.openFiles('opfs://proof')
      for (const { name } of given) await files.remove(name)
      for (const { name } of given) await files.remove(name)
      return files.names()
    }, contents)
    expect(left).toEqual([])
  } finally {
    server.close()
  }
})
