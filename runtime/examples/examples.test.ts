import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { attachPhoto } from './attach-photo'
import { offlineEdit } from './offline-edit'
import { resolveConflict } from './resolve-conflict'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the examples of README.md', () => {
  it('are the files of this folder, word for word', () => {
    for (const name of ['offline-edit', 'resolve-conflict', 'attach-photo']) {
      const text = readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8')
      expect(readme).toContain(`\`\`\`ts\n${text}\`\`\``)
    }
  })

  it('offline edit: the work reaches the server', async () => {
    expect(await offlineEdit()).toEqual({
      pendingBefore: 1,
      outcome: 'completed',
      done: [{ title: 'Change the valve' }],
    })
  })

  it('F1 F6 resolve conflict: both versions are listed, and the resolution is what stays', async () => {
    expect(await resolveConflict()).toEqual({
      kind: 'update-update',
      mine: 'Paint the door green',
      theirs: 'Paint the door blue',
      title: 'Paint the door green and blue',
      left: [],
    })
  })

  it('V1 attach a photo: the other device has it, byte for byte', async () => {
    const { name, photo } = await attachPhoto()
    expect(name).toMatch(/^[\da-f]{64}$/)
    expect(photo).toBe('as a camera gives it')
  })
})
