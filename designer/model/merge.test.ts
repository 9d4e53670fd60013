import { describe, expect, it } from 'vitest'
import {
  addLocalEntity,
  createNamedIds,
  emptyProject,
  mergeProjects,
  moveCards,
  PARK,
  type Project,
  removeLocalEntity,
  renameLocalEntity,
  renameProject,
  setPattern,
  setPatternKind,
} from './index'
import { shopSchema } from './testing/build-schema'

const ids = createNamedIds()
const base = ((): Project => {
  const project = { ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() }
  addLocalEntity(project, { root: 'se_orders', ids })
  addLocalEntity(project, { root: 'se_customers', ids })
  return project
})()
const [orders = '', customers = ''] = Object.keys(base.localEntities)
const edited = (...edits: ((project: Project) => unknown)[]): Project => {
  const project = structuredClone(base)
  for (const edit of edits) edit(project)
  return project
}

describe('mergeProjects', () => {
  it('joins edits of different records and of different fields of one record', () => {
    const mine = edited(
      (p) => renameLocalEntity(p, orders, 'jobs'),
      (p) => addLocalEntity(p, { root: 'se_visits', ids }),
      (p) => moveCards(p, { [orders]: { x: 5, y: 5 } }),
    )
    const theirs = edited(
      (p) => setPattern(p, orders, { kind: 'read-only-delta' }),
      (p) => renameProject(p, 'Theirs'),
    )
    const { project, overlaps } = mergeProjects(base, mine, theirs)
    expect(overlaps).toEqual([])
    expect(project.name).toBe('Theirs')
    expect(project.localEntities[orders]).toMatchObject({
      name: 'jobs',
      pattern: { kind: 'read-only-delta' },
      direction: 'down',
    })
    expect(Object.keys(project.localEntities)).toHaveLength(3)
    expect(project.layout.data[orders]).toEqual({ x: 5, y: 5 })
  })

  it('takes mine where both changed one field, and says where', () => {
    const mine = edited((p) => renameLocalEntity(p, orders, 'mine'))
    const theirs = edited((p) => renameLocalEntity(p, orders, 'theirs'))
    const { project, overlaps } = mergeProjects(base, mine, theirs)
    expect(overlaps).toEqual([['localEntities', orders, 'name']])
    expect(project.localEntities[orders]?.name).toBe('mine')
  })

  it('does not mix two variants of a union', () => {
    const mine = edited((p) => setPatternKind(p, orders, 'conflict-detection'))
    const theirs = edited((p) => setPattern(p, orders, { kind: 'read-only-delta' }))
    const { project, overlaps } = mergeProjects(base, mine, theirs)
    expect(project.localEntities[orders]?.pattern).toEqual({
      kind: 'conflict-detection',
      granularity: 'row',
      ...PARK,
      attributes: {},
    })
    expect(overlaps).toContainEqual(['localEntities', orders, 'pattern'])
  })

  it('removes what one side removed, but keeps what the other side edited', () => {
    const mine = edited(
      (p) => removeLocalEntity(p, orders),
      (p) => removeLocalEntity(p, customers),
    )
    const theirs = edited((p) => renameLocalEntity(p, orders, 'jobs'))
    const { project, overlaps } = mergeProjects(base, mine, theirs)
    expect(Object.values(project.localEntities).map((entity) => entity.name)).toEqual(['jobs'])
    expect(overlaps).toEqual([['localEntities', orders]])
  })
})
