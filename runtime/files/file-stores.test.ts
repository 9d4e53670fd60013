import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFiles } from './open-files'

const NAME = 'ab'.repeat(32)

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syncline-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe.each([
  ['memory', () => 'memory://'],
  ['a folder', () => folder],
])('contents of files in %s', (_, target) => {
  it('D1 are there whole, with their size, until they are removed', async () => {
    const files = await openFiles(target())
    expect([await files.get(NAME), await files.size?.(NAME)]).toEqual([null, null])
    const content = Uint8Array.of(1, 2, 3)
    await files.put(NAME, content)
    // What is kept is not what the app still has in its hands.
    content[0] = 9
    expect([await files.get(NAME), await files.size?.(NAME)]).toEqual([Uint8Array.of(1, 2, 3), 3])
    expect(await files.names()).toEqual([NAME])
    await files.put(NAME, new Uint8Array())
    expect([await files.get(NAME), await files.size?.(NAME)]).toEqual([new Uint8Array(), 0])
    await files.remove(NAME)
    await files.remove(NAME)
    expect([await files.get(NAME), await files.size?.(NAME), await files.names()]).toEqual([null, null, []])
  })
})
