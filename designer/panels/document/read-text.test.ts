import { expect, test } from 'vitest'
import { serializeProject } from '@/designer/model/file'
import { applyOperation, createHistory } from '@/designer/model/history'
import { projectFromSchema } from '@/designer/model/new-project'
import { renameLocalEntity } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { readText } from './read-text'

const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
if (made.kind === 'refused') throw new Error(made.reason)
const base = made.project
const idOf = (name: string) => Object.values(base.localEntities).find((entity) => entity.name === name)?.id ?? ''
const renamed = (project: Project, from: string, to: string): Project =>
  applyOperation(createHistory(project), 'Rename', (draft) => renameLocalEntity(draft, idOf(from), to)).history.project
const text = serializeProject(base)

test('text that can be read is the project that it says', () => {
  const answer = readText(
    text.replace('"name": "orders",\n      "order"', '"name": "bills",\n      "order"'),
    base,
    base,
  )
  expect(answer).toMatchObject({ kind: 'readable', isWhole: true })
  expect(answer.kind === 'readable' && answer.project).toEqual(renamed(base, 'orders', 'bills'))
})

test('text that is no JSON, or no project, says where and why', () => {
  expect(readText(text.replace('"localEntities": {', '"localEntities": '), base, base)).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringMatching(/^The text is not JSON at line \d+\.$/),
  })
  expect(readText(text.replace('"direction": "both"', '"direction": "sideways"'), base, base)).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringContaining('direction'),
  })
  expect(readText('', base, base)).toMatchObject({ kind: 'unreadable' })
  expect(readText(text.replace(base.id, 'pr_another'), base, base)).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringContaining(base.id),
  })
})

test('what changed elsewhere meanwhile is kept beside what was typed', () => {
  const elsewhere = renamed(base, 'customers', 'clients')
  const typed = serializeProject(renamed(base, 'orders', 'bills'))
  const answer = readText(typed, base, elsewhere)
  expect(answer).toMatchObject({ kind: 'readable', isWhole: false })
  expect(answer.kind === 'readable' && answer.project).toEqual(renamed(elsewhere, 'orders', 'bills'))
})
