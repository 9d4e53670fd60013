import { describe, expect, it } from 'vitest'
import {
  DIRECTIONS_OF_PATTERN,
  PARK,
  PATTERN_KINDS,
  type Project,
  projectFromSchema,
  setDirection,
  setPattern,
  setPatternKind,
} from '@/designer/model'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { ANOMALIES, defaultLayout, expandUnitFlow, PATTERNS, patternOf } from './index'

const shop = (): { project: Project; unit: string; entities: string[] } => {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return {
    project: made.project,
    unit: Object.keys(made.project.syncUnits)[0] ?? '',
    entities: Object.keys(made.project.localEntities),
  }
}
const ids = ({ project, unit }: { project: Project; unit: string }) =>
  expandUnitFlow(project, unit).nodes.map(({ id }) => id)

describe('expandUnitFlow', () => {
  it('pushes, then pulls, and shows what the server does on the way', () => {
    const { project, unit } = shop()
    const graph = expandUnitFlow(project, unit)
    expect(graph.nodes.map(({ id, lane }) => `${lane} ${id}`)).toEqual([
      'device start',
      'device push',
      'device pull',
      'device stop',
      'server validate',
      'server apply',
      'server scope',
    ])
    expect(graph.edges.map(({ from, to }) => `${from.node}.${from.port} > ${to.node}.${to.port}`)).toEqual([
      'start.out > push.in',
      'push.out > pull.in',
      'pull.out > stop.in',
      'push.request > validate.in',
      'validate.out > apply.in',
      'apply.answer > push.answer',
      'pull.request > scope.in',
      'scope.answer > pull.answer',
    ])
    expect(graph.nodes[1]?.label).toBe('Push customers, order_details and 2 more')
  })

  it('has no push where every entity is read-only', () => {
    const made = shop()
    for (const id of made.entities) setPattern(made.project, id, { kind: 'read-only-delta' })
    expect(ids(made)).toEqual(['start', 'pull', 'stop', 'scope'])
  })

  it('pushes only what is sent', () => {
    const { project, unit, entities } = shop()
    for (const id of entities.slice(1)) setPattern(project, id, { kind: 'read-only-delta' })
    expect(expandUnitFlow(project, unit).nodes.find(({ id }) => id === 'push')?.entities).toEqual(entities.slice(0, 1))
    setDirection(project, entities[0] ?? '', 'down')
    expect(ids({ project, unit })).not.toContain('push')
  })

  it('shows what each pattern adds, in an order of its own', () => {
    const { project, unit, entities } = shop()
    const [first = '', second = '', third = '', fourth = ''] = entities
    setPatternKind(project, first, 'read-only')
    setPatternKind(project, second, 'append-only')
    setPatternKind(project, third, 'last-write-wins')
    setPatternKind(project, fourth, 'conflict-detection')
    const graph = expandUnitFlow(project, unit)
    expect(graph.nodes.map(({ id, lane }) => `${lane} ${id}`)).toEqual([
      'device start',
      'device push',
      'device pull',
      'device full_refresh',
      'device check_conflicts',
      'device purge',
      'device stop',
      'server validate',
      'server detect_conflicts',
      'server resolve',
      'server apply',
      'server scope',
      'server refresh_scope',
    ])
    expect(graph.nodes.find(({ id }) => id === 'purge')?.entities).toEqual([second])
    expect(graph.nodes.find(({ id }) => id === 'resolve')?.entities).toEqual([fourth])
  })

  it('asks the handler on the device where that is chosen', () => {
    const { project, unit, entities } = shop()
    for (const id of entities) {
      setPattern(project, id, {
        kind: 'conflict-detection',
        granularity: 'row',
        ...PARK,
        handledOn: 'device',
        attributes: {},
      })
    }
    expect(ids({ project, unit })).not.toContain('resolve')
  })

  it('is empty where there is no unit', () => {
    expect(expandUnitFlow(shop().project, 'su_none')).toEqual({ nodes: [], edges: [] })
  })
})

it('the default layout puts no node on another, and keeps the lanes', () => {
  const { project, unit } = shop()
  const graph = expandUnitFlow(project, unit)
  const places = defaultLayout(graph)
  expect(new Set(Object.values(places).map(({ x, y }) => `${x},${y}`)).size).toBe(graph.nodes.length)
  expect(places.validate?.x).toBe(places.push?.x)
  expect(places.scope?.x).toBe(places.pull?.x)
  expect(places.pull?.x ?? 0).toBeGreaterThan(places.apply?.x ?? 0)
})

it('each pattern of the document is there, and admits only anomalies that are described', () => {
  expect(PATTERNS.map(({ id }) => id)).toEqual(PATTERN_KINDS)
  for (const pattern of PATTERNS) {
    expect(patternOf(pattern.id)).toBe(pattern)
    expect(DIRECTIONS_OF_PATTERN[pattern.id][0]).toBe(pattern.direction)
    for (const { anomaly } of pattern.admits) expect(ANOMALIES[anomaly].title).not.toBe('')
  }
})
