import { expect, test } from 'vitest'
import { keyAdvice } from './key-advice'
import { projectFromSchema } from './new-project'
import { buildSchema, entityId, shopSchema } from './testing/build-schema'

const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
if (made.kind === 'refused') throw new Error(made.reason)
const { project } = made
const adviceOn = (table: string, on = project) => {
  const root = on.serverEntities[entityId(table)]
  if (root === undefined) throw new Error(`There is no table ${table}.`)
  return keyAdvice(on, root)
}
const recommended = (table: string) => adviceOn(table).options.find((option) => option.recommended)

test('a uuid is made by the device, a number of a sequence by the server, a code by the user', () => {
  expect(recommended('visits')).toMatchObject({ way: 'device-uuid', possible: true })
  expect(recommended('orders')).toMatchObject({ way: 'server', possible: true })
  expect(recommended('customers')).toMatchObject({ way: 'natural', possible: true })
})

test('a key of several parts says so, and that a provisional key of the parent is followed', () => {
  const { key, options, improvement } = adviceOn('order_details')
  expect(key).toEqual(['order_id', 'product'])
  expect(options.map(({ way, possible }) => ({ way, possible }))).toEqual([
    { way: 'device-uuid', possible: false },
    { way: 'server', possible: false },
    { way: 'composite', possible: true },
  ])
  expect(options[2]?.reason).toContain('"orders"')
  expect(improvement).toBeNull()
})

test('the server’s way names the entities whose references follow', () => {
  expect(adviceOn('orders').options.find(({ way }) => way === 'server')?.reason).toContain('"order_details" follows')
})

test('what is not possible says why', () => {
  const reasons = adviceOn('customers').options.flatMap(({ possible, reason }) => (possible ? [] : [reason]))
  expect(reasons).toEqual([
    '"customer_id" is a character varying(5), and a device makes keys that are one uuid.',
    '"customer_id" is not filled in from a sequence on the server.',
  ])
})

test('a uuid that refers to another row is given by the user', () => {
  const schema = buildSchema({
    people: { attributes: { id: 'uuid!' }, key: ['id'] },
    passports: {
      attributes: { person_id: 'uuid!', number: 'text' },
      key: ['person_id'],
      references: [{ attributes: ['person_id'], table: 'people' }],
    },
  })
  const { options } = adviceOn('passports', { ...project, ...schema, localEntities: {} })
  expect(options.find((option) => option.recommended)?.way).toBe('natural')
  expect(options[0]).toMatchObject({ possible: true })
  expect(options[0]?.reason).toContain('refers to "people"')
})

test('numbers that the server always makes are left to it', () => {
  const schema = buildSchema({
    notes: { attributes: { id: { type: 'bigint', nullable: false, identity: 'always' } }, key: ['id'] },
  })
  const { options } = adviceOn('notes', { ...project, ...schema, localEntities: {} })
  expect(options.map(({ way, possible }) => [way, possible])).toEqual([
    ['device-uuid', false],
    ['server', true],
    ['natural', false],
  ])
})
