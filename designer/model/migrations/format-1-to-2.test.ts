import { describe, expect, it } from 'vitest'
import { type Project, parseProject, projectFromSchema, serializeProject } from '../index'
import { shopSchema } from '../testing/build-schema'

/** Today's project as format 1 would have written it. */
function inFormat1(patterns: Readonly<Record<string, object>>): string {
  const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const document = JSON.parse(serializeProject(made.project)) as Project
  Object.assign(document, { format: 1 })
  for (const entity of Object.values(document.localEntities)) {
    Reflect.deleteProperty(entity, 'writeScope')
    Object.assign(entity, { pattern: patterns[entity.name] ?? { kind: 'last-write-wins' } })
  }
  for (const { triggers } of Object.values(document.syncUnits)) {
    Reflect.deleteProperty(triggers, 'afterLocalChangeInSeconds')
    Object.assign(triggers, { afterLocalChange: true })
  }
  return JSON.stringify(document)
}

const open = (text: string): Project => {
  const parsed = parseProject(text)
  if (parsed.kind === 'failed') throw new Error(parsed.message)
  return parsed.project
}
const named = (project: Project, name: string) =>
  Object.values(project.localEntities).find((entity) => entity.name === name)

describe('a project of format 1', () => {
  it('opens with what it could only have meant', () => {
    const customers = named(open(inFormat1({})), 'customers')?.id
    const project = open(
      inFormat1({
        orders: { kind: 'conflict-detection', by: 'attribute', handler: null },
        order_details: { kind: 'on-demand', parent: 'le_none' },
        visits: { kind: 'one-to-many', children: [customers] },
      }),
    )
    expect(named(project, 'customers')).toMatchObject({
      writeScope: null,
      pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
    })
    const parked = { handler: null, resolution: 'park', handledOn: 'server', blocksSync: false }
    expect(named(project, 'orders')?.pattern).toEqual({
      kind: 'conflict-detection',
      granularity: 'attribute',
      ...parked,
      attributes: {},
    })
    expect(named(project, 'visits')?.pattern).toEqual({ kind: 'one-to-many', children: [customers], ...parked })
    expect(named(project, 'order_details')?.pattern).toEqual({ kind: 'on-demand', parent: null })
    expect(Object.values(project.syncUnits)[0]?.triggers.afterLocalChangeInSeconds).toBe(2)
  })

  it('named the parent of an on-demand entity, where format 2 names the foreign key', () => {
    const customers = named(open(inFormat1({})), 'customers')?.id
    const project = open(inFormat1({ orders: { kind: 'on-demand', parent: customers } }))
    expect(named(project, 'orders')?.pattern).toEqual({ kind: 'on-demand', parent: 'fk_orders_1' })
  })

  it('is refused with the place where it is damaged, as any other', () => {
    const parsed = parseProject(inFormat1({ orders: { kind: 'conflict-detection', handler: null } }))
    expect(parsed).toMatchObject({ kind: 'failed', reason: 'wrong-shape' })
  })
})
