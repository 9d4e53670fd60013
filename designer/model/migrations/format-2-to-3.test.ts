import { describe, expect, it } from 'vitest'
import { emptyProject, type Project, parseProject, projectFromSchema, serializeProject } from '../index'
import { shopSchema } from '../testing/build-schema'

/** Today's project as format 2 would have written it. */
function inFormat2(project: Project): string {
  const document = JSON.parse(serializeProject(project)) as Project
  for (const name of ['testUsers', 'acceptedFindings', 'groups', 'notes'] as const)
    Reflect.deleteProperty(document, name)
  for (const name of ['editorsPerRecord', 'entities']) Reflect.deleteProperty(document.requirements, name)
  Reflect.deleteProperty(document.layout, 'notes')
  for (const { attributes } of Object.values(document.serverEntities)) {
    for (const attribute of Object.values(attributes)) Reflect.deleteProperty(attribute, 'averageBytes')
  }
  for (const { attributes, pattern } of Object.values(document.localEntities)) {
    for (const attribute of Object.values(attributes)) {
      for (const name of ['required', 'default', 'transfer']) Reflect.deleteProperty(attribute, name)
    }
    if (pattern.kind === 'conflict-detection') Reflect.deleteProperty(pattern, 'attributes')
  }
  return JSON.stringify({ ...document, format: 2 })
}

describe('a project of format 2', () => {
  it('opens as the same project, with nothing said of what format 3 added', () => {
    const made = projectFromSchema({ schema: shopSchema(), name: 'Shop', pattern: 'conflict-detection' })
    if (made.kind === 'refused') throw new Error(made.reason)
    expect(parseProject(inFormat2(made.project))).toEqual({ kind: 'ok', project: made.project })
  })

  it('opens where it is empty', () => {
    const project = emptyProject({ id: 'pr_empty', name: 'Empty' })
    expect(parseProject(inFormat2(project))).toEqual({ kind: 'ok', project })
  })
})
