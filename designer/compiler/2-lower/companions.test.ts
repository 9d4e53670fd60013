import { describe, expect, it } from 'vitest'
import { type Project, projectFromSchema } from '@/designer/model'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { companionKey, companionNames } from './companions'
import { lower } from './lower'

function photos(): Project {
  const schema = buildSchema({
    photos: { attributes: { id: 'integer!', title: 'text', image: 'bytea', ['ж'.repeat(30)]: 'text' }, key: ['id'] },
    photos_image: { attributes: { id: 'integer!' }, key: ['id'] },
  })
  const made = projectFromSchema({ schema, name: 'Photos' })
  if (made.kind === 'refused') throw new Error(made.reason)
  for (const { attributes } of Object.values(made.project.localEntities))
    for (const attribute of Object.values(attributes))
      if (attribute.name !== 'id' && attribute.name !== 'title') attribute.transfer = 'on-demand'
  return made.project
}

describe('an attribute on demand', () => {
  it('leaves its entity and has one of its own, read-only, chosen by the key, in the same units', () => {
    const { entities, units } = lower(photos())
    const main = entities.find(({ contract }) => contract.table === 'photos')
    const image = entities.find(({ contract }) => contract.table === 'photos_image_2')
    expect(main?.contract.attributes.map(({ name }) => name)).toEqual(['id', 'title'])
    expect(image?.contract).toMatchObject({
      name: 'PhotosImage2',
      server: main?.contract.server,
      key: main?.contract.key,
      direction: 'down',
      pattern: { kind: 'on-demand', chosenBy: main?.contract.key },
      scope: main?.contract.scope,
    })
    expect(image?.contract.attributes.map(({ name, readOnly }) => [name, readOnly])).toEqual([
      ['id', true],
      ['image', true],
    ])
    expect(units[0]?.entities).toEqual(expect.arrayContaining(['Photos', 'PhotosImage2']))
    expect(units[0]?.statements).toContainEqual(
      expect.objectContaining({ kind: 'exchange', pull: expect.arrayContaining(['Photos', 'PhotosImage2']) }),
    )
  })

  it('has a table whose name is free and not too long, and an id that no rename changes', () => {
    const project = photos()
    const owner = Object.values(project.localEntities).find(({ name }) => name === 'photos')
    const long = Object.values(owner?.attributes ?? {}).find(({ name }) => name.startsWith('ж'))
    const names = () => companionNames(project).get(companionKey(owner?.id ?? '', long?.id ?? ''))
    expect(names()).toBe(`photos_${long?.id}`)
    const ids = () => lower(project).entities.map(({ contract }) => contract.id)
    const before = ids()
    if (owner && long) {
      owner.name = 'pictures'
      long.name = 'text'
    }
    expect(names()).toBe('pictures_text')
    expect(ids()).toEqual(before)
  })
})
