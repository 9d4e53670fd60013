import { describe, expect, it } from 'vitest'
import { createNamedIds } from '../ids'
import { projectFromSchema } from '../new-project'
import type { Project } from '../project'
import type { ScopeFilter } from '../scope'
import { shopSchema } from '../testing/build-schema'
import { addScopeTerm, removeScopeTerm } from './scopes'
import { addTestUser, removeTestUser, renameTestUser, setTestUserClaim } from './test-users'

const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const id = (project: Project, name: string): string =>
  Object.values(project.localEntities).find((entity) => entity.name === name)?.id ?? ''
const follows: ScopeFilter = { kind: 'in-scope', foreignKey: 'fk_orders_1' }

describe('terms of a scope', () => {
  it('are added and removed, and nothing left is all rows', () => {
    const project = shop()
    const orders = id(project, 'orders')
    expect(addScopeTerm(project, orders, follows).kind).toBe('done')
    expect(project.localEntities[orders]?.scope).toEqual({ kind: 'filter', filter: follows })
    addScopeTerm(project, orders, { kind: 'not', term: follows })
    expect(project.localEntities[orders]?.scope).toMatchObject({ filter: { kind: 'and', terms: [follows, {}] } })
    expect(removeScopeTerm(project, orders, 'read', [1]).kind).toBe('done')
    expect(removeScopeTerm(project, orders, 'read', [0]).kind).toBe('done')
    expect(project.localEntities[orders]?.scope).toEqual({ kind: 'all' })
    expect(removeScopeTerm(project, orders, 'read', [0]).kind).toBe('refused')
  })

  it('are not put into SQL', () => {
    const project = shop()
    const orders = id(project, 'orders')
    const entity = project.localEntities[orders]
    if (entity) entity.scope = { kind: 'sql', where: 'true' }
    expect(addScopeTerm(project, orders, follows)).toMatchObject({ kind: 'refused', reason: /written in SQL/ })
  })
})

describe('test users', () => {
  it('have names of their own, and claims that are JSON', () => {
    const project = shop()
    const ids = createNamedIds()
    const first = addTestUser(project, { name: 'ada', claims: {} }, ids)
    const second = addTestUser(project, { name: 'ada', claims: { region: ['N'] } }, ids)
    if (first.kind === 'refused' || second.kind === 'refused') throw new Error('refused')
    expect(project.testUsers[second.value]?.name).toBe('ada_2')
    expect(renameTestUser(project, second.value, 'ada')).toMatchObject({ kind: 'refused' })
    expect(setTestUserClaim(project, first.value, ' ', 1)).toMatchObject({ kind: 'refused' })
    setTestUserClaim(project, first.value, 'nobody', null)
    expect(project.testUsers[first.value]?.claims).toEqual({ nobody: null })
    setTestUserClaim(project, first.value, 'nobody', undefined)
    expect(project.testUsers[first.value]?.claims).toEqual({})
    expect(removeTestUser(project, first.value).kind).toBe('done')
    expect(removeTestUser(project, first.value)).toMatchObject({ kind: 'refused' })
  })
})
