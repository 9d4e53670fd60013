import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planEntities } from '../plan'
import { netEdits } from './net-edits'
import { orderEdits } from './order-edits'
import { planRuns } from './plan-runs'
import { createdName, type PlannedEdit, references, rowName } from './planned-edit'
import { pushRules } from './push-rules'
import { workshopBundle } from './testing-push'

const bundle = workshopBundle()
const plans = planEntities(bundle)
const rules = pushRules(plans)
const rank = (entity: string) => bundle.entities.findIndex(({ id }) => id === entity)

/** Rows of two entities that refer to each other and to themselves by way of the other, and tickets. */
const edit = fc
  .record({
    entity: fc.constantFrom('ring_a', 'ring_b', 'ticket'),
    op: fc.constantFrom('create' as const, 'update' as const, 'delete' as const),
    key: fc.constantFrom('1', '2', '3'),
    refers: fc.option(fc.constantFrom('1', '2', '3'), { nil: null }),
    label: fc.boolean(),
  })
  .map(({ entity, op, key, refers, label }): PlannedEdit => {
    const plan = plans.get(entity)
    const rule = rules.get(entity)
    if (!plan || !rule) throw new Error('No such entity.')
    const reference = { ring_a: 'b', ring_b: 'a', ticket: 'slug' }[entity] ?? ''
    const set =
      op === 'delete'
        ? {}
        : { [reference]: refers, ...(label ? { [entity === 'ticket' ? 'title' : 'label']: 'x' } : {}) }
    const rest = { group: 0, base: null, at: 0, resolves: null, made: [], was: {}, sentKey: [key] }
    return { ...rest, plan, rule, op, key: [key], set }
  })
const edits = fc.array(edit, { maxLength: 25 })

/** The rows in their last state, and what was lost on the way: a model of a table without constraints. */
function play(sequence: readonly PlannedEdit[]): unknown {
  const rows = new Map<string, Record<string, string | null>>()
  for (const each of sequence) {
    const name = rowName(each)
    if (each.op === 'delete') rows.delete(name)
    else if (each.op === 'create') rows.set(name, { ...each.set })
    else if (rows.has(name)) rows.set(name, { ...rows.get(name), ...each.set })
  }
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** As a device makes them: a row is created once, changed while it is there, deleted once. */
function plausible(sequence: readonly PlannedEdit[]): PlannedEdit[] {
  const there = new Set<string>()
  return sequence.filter((each) => {
    const name = rowName(each)
    if (each.op === 'create') return there.has(name) ? false : there.add(name) !== undefined
    if (each.op === 'delete') return there.delete(name)
    return there.has(name)
  })
}

describe('runs', () => {
  it('P2 come to the same rows as the edits one by one', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        expect(play(planRuns(sequence).flat())).toEqual(play(sequence))
      }),
    )
  })

  it('have only alike edits of different rows, and every edit once', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const runs = planRuns(sequence)
        expect(new Set(runs.flat())).toEqual(new Set(sequence))
        for (const run of runs) {
          expect(new Set(run.map(rowName)).size).toBe(run.length)
          expect(
            new Set(run.map(({ plan, op, set }) => JSON.stringify([plan.entity.id, op, Object.keys(set).sort()]))).size,
          ).toBe(1)
        }
      }),
    )
  })

  it('K2 have a row after the creation of those that it refers to', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const runs = planRuns(sequence)
        const placeOf = (each: PlannedEdit) => runs.findIndex((run) => run.includes(each))
        sequence.forEach((each, index) => {
          for (const { target } of references(each)) {
            const creation = sequence
              .slice(0, index)
              .findLast((other) => other.op === 'create' && createdName(other) === target)
            if (creation && creation !== each) expect(placeOf(creation)).toBeLessThan(placeOf(each))
          }
        })
      }),
    )
  })
})

describe('the order of a group', () => {
  it('K2 comes to the same rows, and no row refers to one that is created later', () => {
    fc.assert(
      fc.property(edits, (random) => {
        const sequence = plausible(random).filter(({ op }) => op !== 'delete')
        const ordered = orderEdits(sequence, rank)
        expect(play(ordered)).toEqual(play(sequence))
        const there = new Set<string>()
        const created = new Set(sequence.flatMap((each) => (each.op === 'create' ? [createdName(each)] : [])))
        for (const each of ordered) {
          for (const { target } of references(each)) {
            if (created.has(target) && target !== createdName(each)) expect(there.has(target)).toBe(true)
          }
          if (each.op === 'create') there.add(createdName(each))
        }
      }),
    )
  })

  it('deletes children before their parents', () => {
    fc.assert(
      fc.property(edits, (random) => {
        const deletions = random.filter(({ op }) => op === 'delete')
        const ranks = orderEdits(deletions, rank).map(({ plan }) => rank(plan.entity.id))
        expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
      }),
    )
  })

  it('bears a chain of any length', () => {
    const plan = plans.get('customer')
    const rule = rules.get('customer')
    if (!plan || !rule) throw new Error('No such entity.')
    const rest = { group: 0, base: null, at: 0, resolves: null, made: [], was: {}, op: 'create' as const }
    const chain = Array.from({ length: 10_000 }, (_, n): PlannedEdit => {
      return { ...rest, plan, rule, sentKey: [`${n}`], key: [`${n}`], set: { boss: `${n + 1}` } }
    })
    expect(orderEdits(chain, rank)).toHaveLength(10_000)
  })
})

describe('the edits of a row where conflicts are detected', () => {
  it('become one, with the oldest base and what was there first', () => {
    fc.assert(
      fc.property(edits, (random) => {
        const sequence = plausible(random)
        const netted = netEdits(sequence)
        expect(play(netted)).toEqual(play(sequence))
        const tickets = netted.filter(({ plan }) => plan.entity.id === 'ticket').map(rowName)
        expect(new Set(tickets).size).toBe(tickets.length)
      }),
    )
  })
})
