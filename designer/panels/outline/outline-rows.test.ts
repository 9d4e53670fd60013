import { expect, test } from 'vitest'
import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { entityId, shopSchema } from '@/designer/model/testing/build-schema'
import { outlineRows } from './outline-rows'

const ids = createNamedIds()
const project: Project = { ...structuredClone(emptyProject({ id: 'pr_test', name: 'Shop' })), ...shopSchema() }
for (const table of ['orders', 'customers']) addLocalEntity(project, { root: entityId(table), ids })

const shown = (search: string, expanded: readonly string[] = []) =>
  outlineRows(project.localEntities, search, new Set(expanded)).map((row) =>
    row.kind === 'entity' ? row.entity.name : `  ${row.attribute.name}`,
  )

test('entities stand by name, and an opened one shows its attributes in their order', () => {
  expect(shown('')).toEqual(['customers', 'orders'])
  const customers = Object.values(project.localEntities).find(({ name }) => name === 'customers')
  expect(shown('', [customers?.id ?? ''])).toEqual([
    'customers',
    '  customer_id',
    '  company_name',
    '  city',
    '  credit',
    'orders',
  ])
})

test('a search opens what has an attribute of that name at it', () => {
  expect(shown('note')).toEqual(['orders', '  note'])
  expect(shown('ORD')).toEqual(['orders'])
  expect(shown('nothing')).toEqual([])
})
