import { describe, expect, it } from 'vitest'
import {
  type PatternKind,
  type Project,
  projectFromSchema,
  setDirection,
  setEntityRequirement,
  setPatternKind,
  setRequirement,
} from '@/designer/model'
import { buildSchema, type TableSpec } from '@/designer/model/testing/build-schema'
import { type Recommendation, recommendPattern } from './recommend'

function projectOf(tables: Readonly<Record<string, TableSpec>>, rows = 1_000): Project {
  const schema = buildSchema(tables)
  for (const table of Object.values(schema.serverEntities)) table.rowEstimate = rows
  const made = projectFromSchema({ schema, name: 'x' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

const idOf = (project: Project, name: string): string =>
  Object.values(project.localEntities).find((entity) => entity.name === name)?.id ?? ''

function advice(project: Project, name: string): Recommendation {
  const found = recommendPattern(project, idOf(project, name))
  if (found === null) throw new Error(`There is no ${name}.`)
  return found
}

const TASKS = { tasks: { attributes: { id: 'uuid!', title: 'text', done: 'boolean', due: 'date' }, key: ['id'] } }

describe('recommendPattern', () => {
  it('is last write wins where edits hardly meet', () => {
    const { pattern, reasons, alternatives } = advice(projectOf(TASKS, 100_000), 'tasks')
    expect(pattern).toBe('last-write-wins')
    expect(reasons[0]).toMatch(/of its edits meet another one to the same attribute: about one in [\d,]+ days\.$/)
    expect(alternatives.map((each) => each.pattern)).toHaveLength(7)
    for (const { whyNot } of alternatives) expect(whyNot).toMatch(/\.$/)
  })

  it('is conflict detection where several people edit the same record', () => {
    const project = projectOf(TASKS)
    setRequirement(project, 'editorsPerRecord', 3)
    const { pattern, reasons } = advice(project, 'tasks')
    expect(pattern).toBe('conflict-detection')
    expect(reasons.join(' ')).toContain('22 % of its edits meet another one')
  })

  it('is merge where those edits are mostly numbers that add up', () => {
    const project = projectOf({
      stock: { attributes: { id: 'uuid!', stocked: 'integer', sold: 'bigint' }, key: ['id'] },
    })
    setRequirement(project, 'editorsPerRecord', 4)
    expect(advice(project, 'stock').pattern).toBe('merge')
  })

  it('is one to many where rows belong to a row', () => {
    const project = projectOf({
      orders: { attributes: { id: 'uuid!', note: 'text' }, key: ['id'] },
      lines: {
        attributes: { order_id: 'uuid!', place: 'integer!', text: 'text' },
        key: ['order_id', 'place'],
        references: [
          { attributes: ['order_id'], table: 'orders' },
          { attributes: ['place'], table: 'places' },
        ],
      },
      places: { attributes: { id: 'integer!' }, key: ['id'] },
    })
    expect(advice(project, 'orders').pattern).toBe('one-to-many')
    expect(advice(project, 'lines').pattern).toBe('last-write-wins')
    expect(advice(project, 'places').pattern).toBe('last-write-wins')
    setRequirement(project, 'editorsPerRecord', 3)
    expect(advice(project, 'orders').pattern).toBe('conflict-detection')
  })

  it('is a delta where the device only reads, or nobody edits', () => {
    const project = projectOf(TASKS)
    const id = idOf(project, 'tasks')
    setEntityRequirement(project, id, 'editsPerDay', 0)
    expect(advice(project, 'tasks')).toMatchObject({
      pattern: 'read-only-delta',
      reasons: ['Nobody edits it.', expect.anything()],
    })
    setEntityRequirement(project, id, 'editsPerDay', null)
    setDirection(project, id, 'down')
    expect(advice(project, 'tasks').pattern).toBe('read-only-delta')
  })

  it('is append-only where rows are only sent', () => {
    const project = projectOf(TASKS)
    setDirection(project, idOf(project, 'tasks'), 'up')
    expect(advice(project, 'tasks').pattern).toBe('append-only')
  })

  it('is on demand where a device could hardly hold all', () => {
    expect(advice(projectOf(TASKS, 10_000_000), 'tasks').pattern).toBe('on-demand')
  })

  it.each<PatternKind>(['last-write-wins', 'conflict-detection', 'merge', 'on-demand', 'one-to-many'])(
    'stays the same when %s is chosen',
    (kind) => {
      const project = projectOf(TASKS)
      setRequirement(project, 'editorsPerRecord', 3)
      const before = advice(project, 'tasks')
      setPatternKind(project, idOf(project, 'tasks'), kind)
      expect(advice(project, 'tasks')).toEqual(before)
    },
  )
})
