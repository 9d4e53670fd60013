import { expect, test } from 'vitest'
import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addDenormalisedAttribute } from '@/designer/model/operations/derived-attributes'
import { addGroup } from '@/designer/model/operations/groups'
import { addLocalEntity, renameLocalEntity } from '@/designer/model/operations/local-entities'
import { addNote } from '@/designer/model/operations/notes'
import type { Project } from '@/designer/model/project'
import { entityId, shopSchema } from '@/designer/model/testing/build-schema'
import { projectToSvg } from './project-to-svg'
import { escapeXml, fitted, wrapped } from './svg-text'

function shop(): Project {
  const ids = createNamedIds()
  const project: Project = { ...structuredClone(emptyProject({ id: 'pr_test', name: 'Shop & <Co>' })), ...shopSchema() }
  const made = ['customers', 'orders'].map((table) => {
    const added = addLocalEntity(project, { root: entityId(table), ids })
    return added.kind === 'done' ? added.value : ''
  })
  const [customers = '', orders = ''] = made
  renameLocalEntity(project, customers, 'a <b> & "c"')
  addDenormalisedAttribute(project, { entity: orders, path: ['fk_orders_1'], attribute: 'sa_customers_city', ids })
  addGroup(project, { name: 'Sales', entities: made, ids })
  addNote(project, { text: 'Ask whether\nold orders matter', position: { x: -400, y: -200 }, ids })
  return project
}

test('the picture has cards, their attributes, references, groups and notes, and all of it lies inside', () => {
  const svg = projectToSvg(shop(), 'light')
  expect(svg).toContain('a &lt;b&gt; &amp; &quot;c&quot;')
  expect(svg).toContain('>ordered_at<')
  expect(svg).toContain('<title>denormalised</title>')
  expect(svg).toContain('<title>orders_fk_1</title><path d="M')
  expect(svg).toContain('>Sales<')
  expect(svg).toContain('>old orders matter<')
  const [, x, y] = /viewBox="(-?\d+) (-?\d+)/.exec(svg) ?? []
  expect([Number(x), Number(y)]).toEqual([-440, -240])
})

test('every element is closed, and no text is left that XML would not take', () => {
  const svg = projectToSvg(shop(), 'dark')
  const open: string[] = []
  for (const [, end, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name)
    else if (!self) open.push(name)
  }
  expect(open).toEqual([])
  expect(svg.replaceAll(/<[^>]*>/g, '')).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
})

test('the themes differ, and the same project gives the same picture', () => {
  const project = shop()
  expect(projectToSvg(project, 'light')).toBe(projectToSvg(project, 'light'))
  expect(projectToSvg(project, 'light')).not.toBe(projectToSvg(project, 'dark'))
})

test('an empty project gives an empty picture', () => {
  expect(projectToSvg(emptyProject({ id: 'pr_test', name: 'T' }), 'light')).toContain('width="80"')
})

test('texts are cut and broken to fit', () => {
  expect(fitted('abcdef', 40, 10)).toBe('abc…')
  expect(wrapped('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(escapeXml('a\u0001<')).toBe('a&lt;')
})
