import { describe, expect, it } from 'vitest'
import {
  acceptFinding,
  createNamedIds,
  emptyProject,
  Project,
  projectFromSchema,
  removeLocalEntity,
  setEntityRequirement,
  setRequirement,
  setSharesOnDevice,
  withdrawAcceptance,
} from '../index'
import { shopSchema } from '../testing/build-schema'

const shop = (): Project => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

describe('requirements', () => {
  it('take numbers that make sense, and null for what nobody has said', () => {
    const project = emptyProject({ id: 'pr_x', name: 'x' })
    expect(setRequirement(project, 'users', 12).kind).toBe('done')
    expect(setRequirement(project, 'connection', '3g').kind).toBe('done')
    expect(project.requirements).toMatchObject({ users: 12, connection: '3g' })
    expect(setRequirement(project, 'users', null).kind).toBe('done')
    expect(project.requirements.users).toBeNull()
    for (const wrong of [0, -1, 1.5, Number.NaN]) expect(setRequirement(project, 'users', wrong).kind).toBe('refused')
    expect(setRequirement(project, 'daysOffline', -1).kind).toBe('refused')
    expect(Project.safeParse(project).success).toBe(true)
  })

  it('of an entity are kept while there are any, and go with it', () => {
    const project = shop()
    const [id = ''] = Object.keys(project.localEntities)
    expect(setEntityRequirement(project, id, 'shareOnDevice', 1.2).kind).toBe('refused')
    setEntityRequirement(project, id, 'rows', 500)
    expect(project.requirements.entities[id]).toEqual({
      rows: 500,
      shareOnDevice: null,
      editsPerDay: null,
      editorsPerRecord: null,
    })
    setEntityRequirement(project, id, 'rows', null)
    expect(project.requirements.entities).toEqual({})
    setEntityRequirement(project, id, 'editsPerDay', 0)
    removeLocalEntity(project, id)
    expect(project.requirements.entities).toEqual({})
    expect(setEntityRequirement(project, id, 'rows', 1).kind).toBe('refused')
  })
})

describe('shares that were counted', () => {
  it('are set together, leaving alone what is gone meanwhile', () => {
    const project = shop()
    const [id = '', other = ''] = Object.keys(project.localEntities)
    setEntityRequirement(project, id, 'rows', 100)
    expect(setSharesOnDevice(project, { [id]: 0.25, [other]: 1, le_gone: 0.5 }).kind).toBe('done')
    expect(project.requirements.entities[id]).toMatchObject({ rows: 100, shareOnDevice: 0.25 })
    expect(Object.keys(project.requirements.entities)).toEqual([id, other])
  })
})

describe('accepted findings', () => {
  it('have a reason, of which the last one holds, and can be taken back', () => {
    const project = shop()
    const ids = createNamedIds()
    const finding = { code: 'SL6001', target: 'le_x' }
    expect(acceptFinding(project, finding, '  ', ids).kind).toBe('refused')
    const first = acceptFinding(project, finding, 'Few rows.', ids)
    const second = acceptFinding(project, finding, ' Few rows, and few users. ', ids)
    expect(second).toEqual(first)
    const id = first.kind === 'done' ? first.value : ''
    expect(project.acceptedFindings).toEqual({ [id]: { id, ...finding, reason: 'Few rows, and few users.' } })
    expect(withdrawAcceptance(project, id).kind).toBe('done')
    expect(withdrawAcceptance(project, id).kind).toBe('refused')
    expect(project.acceptedFindings).toEqual({})
  })

  it('go with what they are about', () => {
    const project = shop()
    const [id = '', other = ''] = Object.keys(project.localEntities)
    const ids = createNamedIds()
    acceptFinding(project, { code: 'SL6001', target: `${id}.la_x` }, 'Yes.', ids)
    acceptFinding(project, { code: 'SL6001', target: other }, 'Yes.', ids)
    removeLocalEntity(project, id)
    expect(Object.values(project.acceptedFindings).map(({ target }) => target)).toEqual([other])
  })
})
