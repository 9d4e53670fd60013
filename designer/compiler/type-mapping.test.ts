import { sqliteColumnType } from '@syncline/runtime/contract'
import { expect, test } from 'vitest'
import { inOrder } from '@/designer/model'
import { lower } from './2-lower/lower'
import { irToBundle } from './3-emit/bundle'
import { SAMPLES } from './testing/sample-projects'
import { typeMapping } from './type-mapping'

test('what is shown of each type is what the compiler emits', () => {
  const project = SAMPLES['all-types']?.()
  if (project === undefined) throw new Error('The sample is gone.')
  const bundle = irToBundle(lower(project))
  let compared = 0
  for (const [id, entity] of inOrder(project.localEntities)) {
    const contract = bundle.entities.find((candidate) => candidate.id === id)
    for (const [attributeId, attribute] of inOrder(entity.attributes)) {
      const server =
        attribute.source.kind === 'root'
          ? project.serverEntities[entity.root]?.attributes[attribute.source.attribute]
          : undefined
      const emitted = contract?.attributes.find((candidate) => candidate.id === attributeId)
      if (server === undefined || emitted === undefined) continue
      // Two types of one name get names of their own on the device.
      if (server.typeId !== null && !server.type.startsWith(emitted.type)) continue
      const mapping = typeMapping(project, { ...server, sensitive: attribute.sensitive })
      expect(mapping?.pglite).toBe(attribute.sensitive ? 'text' : emitted.type)
      expect(mapping?.sqlite).toBe(sqliteColumnType(emitted, bundle.types))
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(50)
})

test('a type that a device does not have has no mapping', () => {
  expect(typeMapping({ serverTypes: {} }, { type: 'geometry', typeId: null, sensitive: false })).toBeNull()
})

test('what is encrypted is text in every store, and itself in the app', () => {
  expect(typeMapping({ serverTypes: {} }, { type: 'integer', typeId: null, sensitive: true })).toMatchObject({
    server: 'integer',
    pglite: 'text',
    sqlite: 'text',
    typescript: 'number',
  })
})

test('of a file the device keeps the name, whatever the server keeps', () => {
  for (const type of ['bytea', 'text'])
    expect(typeMapping({ serverTypes: {} }, { type, typeId: null, sensitive: false, isFile: true })).toMatchObject({
      server: type,
      pglite: 'text',
      sqlite: 'text',
    })
})
