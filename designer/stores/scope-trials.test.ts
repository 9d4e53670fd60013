import { describe, expect, it } from 'vitest'
import { type LocalEntity, type Project, projectFromSchema } from '@/designer/model'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { createScopeTrials } from './scope-trials'

const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const orders = (project: Project): LocalEntity => {
  const found = Object.values(project.localEntities).find(({ name }) => name === 'orders')
  if (found === undefined) throw new Error('The shop has no orders.')
  return found
}
const withScope = (project: Project, where: string): Project => {
  const entity = orders(project)
  const scoped: LocalEntity = { ...entity, scope: { kind: 'sql', where } }
  return { ...project, localEntities: { ...project.localEntities, [entity.id]: scoped } }
}
const FAILING = [{ user: 'mia', message: 'It divides by zero. The first row that it fails for has the key 7.' }]

describe('a scope that fails for a test user', () => {
  const project = withScope(shop(), '10 / (b.order_id - 7) < 3')
  const { id } = orders(project)
  const tried = () => {
    const trials = createScopeTrials()
    trials.tried(project, { entity: id, which: 'read', failing: FAILING })
    return trials
  }

  it('is an error of its entity that names the user and the row', () => {
    expect(tried().findings(project)).toEqual([
      expect.objectContaining({
        code: 'SL5016',
        severity: 'error',
        target: { kind: 'localEntity', id, scope: { which: 'read', path: null } },
        message:
          'The scope of "orders" fails for the test user "mia". It divides by zero. The first row that it fails for has the key 7.',
      }),
    ])
  })

  it.each<[string, (project: Project) => Project]>([
    ['the condition', (p) => withScope(p, 'b.order_id < 3')],
    ['a claim', (p) => ({ ...p, testUsers: { ...p.testUsers } })],
    ['the schema', (p) => ({ ...p, serverEntities: { ...p.serverEntities } })],
    ['the entity', (p) => ({ ...p, localEntities: {} })],
  ])('is said no longer when %s is another', (_, change) => {
    expect(tried().findings(change(project))).toEqual([])
  })

  it('is said on when something else changes, and again when the condition comes back', () => {
    const trials = tried()
    expect(trials.findings({ ...project, layout: { ...project.layout } })).toHaveLength(1)
    expect(trials.findings(withScope(project, 'true'))).toEqual([])
    expect(trials.findings(project)).toHaveLength(1)
  })

  it('is forgotten once it was counted, and when the rows are others', () => {
    const counted = tried()
    counted.tried(project, { entity: id, which: 'read', failing: [] })
    expect(counted.findings(project)).toEqual([])
    const others = tried()
    others.forget()
    expect(others.findings(project)).toEqual([])
  })
})
