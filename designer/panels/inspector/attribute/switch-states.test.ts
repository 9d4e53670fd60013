import { expect, test } from 'vitest'
import { attributeOrigin, attributeRole } from '@/designer/model/attribute-origin'
import { createNamedIds } from '@/designer/model/ids'
import { projectFromSchema } from '@/designer/model/new-project'
import { addComputedAttribute, addDenormalisedAttribute } from '@/designer/model/operations/derived-attributes'
import { addIndex } from '@/designer/model/operations/indexes'
import { setPatternKind } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { switchStates } from './switch-states'

function shop(): Project {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return structuredClone(made.project)
}
const entityOf = (project: Project, name: string) => {
  const entity = Object.values(project.localEntities).find((candidate) => candidate.name === name)
  if (entity === undefined) throw new Error(`There is no entity ${name}.`)
  return entity
}
function states(project: Project, entityName: string, name: string) {
  const entity = entityOf(project, entityName)
  const attribute = Object.values(entity.attributes).find((candidate) => candidate.name === name)
  if (attribute === undefined) throw new Error(`There is no attribute ${name}.`)
  const origin = attributeOrigin(project, entity, attribute)
  const role = attributeRole(project, entity, attribute)
  return Object.fromEntries(
    switchStates(project, { entity, attribute, origin, role }).map((state) => [state.name, state] as const),
  )
}

test('a plain column that may be empty is free to be required, read-only and sensitive', () => {
  const { required, readOnly, sensitive } = states(shop(), 'orders', 'note')
  for (const state of [required, readOnly, sensitive]) expect(state).toMatchObject({ on: false, fixed: false })
})

test('the key is required, written by who makes the row, and in clear text', () => {
  const { required, readOnly, sensitive } = states(shop(), 'customers', 'customer_id')
  expect(required).toMatchObject({ on: true, fixed: true })
  expect(readOnly).toMatchObject({ on: false, fixed: true })
  expect(sensitive).toMatchObject({ on: false, fixed: true, hint: expect.stringContaining('belongs to the key') })
})

test('what the server takes no row without is required, unless it has a default', () => {
  expect(states(shop(), 'customers', 'company_name').required).toMatchObject({ on: true, fixed: true })
  expect(states(shop(), 'orders', 'ordered_at').required).toMatchObject({ on: false, fixed: false })
})

test('derived attributes are read-only and never required', () => {
  const project = shop()
  const orders = entityOf(project, 'orders')
  const [path = ''] = Object.keys(project.serverEntities[orders.root]?.foreignKeys ?? {})
  const attribute = Object.values(project.serverEntities.se_customers?.attributes ?? {}).find(
    ({ name }) => name === 'city',
  )
  addDenormalisedAttribute(project, {
    entity: orders.id,
    path: [path],
    attribute: attribute?.id ?? '',
    ids: createNamedIds(),
  })
  addComputedAttribute(project, {
    entity: orders.id,
    name: 'shout',
    expression: 'upper(b.note)',
    type: 'text',
    ids: createNamedIds(),
  })
  for (const name of ['customer_city', 'shout']) {
    const { required, readOnly } = states(project, 'orders', name)
    expect(required).toMatchObject({ on: false, fixed: true })
    expect(readOnly).toMatchObject({ on: true, fixed: true })
  }
})

test('an entity that only comes to the device has nothing to write', () => {
  const project = shop()
  setPatternKind(project, entityOf(project, 'orders').id, 'read-only')
  const { required, readOnly } = states(project, 'orders', 'note')
  expect(required).toMatchObject({ on: false, fixed: true })
  expect(readOnly).toMatchObject({ on: true, fixed: true })
})

test('what is indexed, refers, or is sensitive already says so, and a mistake can be taken back', () => {
  const project = shop()
  const orders = entityOf(project, 'orders')
  const note = Object.values(orders.attributes).find(({ name }) => name === 'note')
  addIndex(project, { entity: orders.id, attributes: [note?.id ?? ''], ids: createNamedIds() })
  expect(states(project, 'orders', 'note').sensitive).toMatchObject({
    fixed: true,
    hint: expect.stringContaining('indexed'),
  })
  expect(states(project, 'orders', 'customer_id').sensitive).toMatchObject({ fixed: true })
  if (note) note.sensitive = true
  expect(states(project, 'orders', 'note').sensitive).toMatchObject({ on: true, fixed: false })
})
