import { expect, test } from 'vitest'
import { Project } from '@/designer/model/project'
import { documentSchema } from './document-schema'

const schema = documentSchema()

test('each part of a project is in the schema, and is described', () => {
  const { properties } = schema as { properties: Record<string, { description?: string }> }
  expect(Object.keys(properties)).toEqual(Object.keys(Project.shape))
  expect(Object.keys(properties).filter((key) => properties[key]?.description === undefined)).toEqual([])
})

test('fields deep inside are described where they are', () => {
  const text = JSON.stringify(schema)
  for (const words of ['Encrypted at rest', 'Who makes the key', 'What makes the unit run'])
    expect(text).toContain(words)
})
