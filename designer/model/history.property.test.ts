import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addLocalEntity,
  addSyncUnit,
  applyOperation,
  canUndo,
  createHistory,
  createNamedIds,
  emptyProject,
  type History,
  moveCards,
  moveEntityToUnit,
  moveFlowNodes,
  type Project,
  redo,
  removeLocalEntity,
  removeSyncUnit,
  renameLocalEntity,
  renameProject,
  serializeProject,
  setAttributeSwitch,
  setLocalAttributes,
  setPattern,
  setUnitEntities,
  undo,
} from './index'
import { shopSchema } from './testing/build-schema'

const ids = createNamedIds()
const original = (): Project => ({ ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() })
const roots = Object.keys(shopSchema().serverEntities)
const attributes = Object.values(shopSchema().serverEntities).flatMap((entity) => Object.keys(entity.attributes))

type Operation = { readonly run: (draft: Project) => unknown; readonly coalesce?: string }

/** The nth record of those that are there, so that most operations meet something. */
const nth = (records: object, n: number): string =>
  Object.keys(records)[n % Math.max(1, Object.keys(records).length)] ?? 'zz_none'
const small = fc.nat({ max: 7 })

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.constantFrom(...roots).map((root): Operation => ({ run: (draft) => addLocalEntity(draft, { root, ids }) })),
  small.map((n): Operation => ({ run: (draft) => removeLocalEntity(draft, nth(draft.localEntities, n)) })),
  fc.tuple(small, fc.constantFrom('a', 'b', 'Orders', '')).map(
    ([n, name]): Operation => ({
      run: (draft) => renameLocalEntity(draft, nth(draft.localEntities, n), name),
      coalesce: `rename ${n}`,
    }),
  ),
  fc.tuple(small, fc.subarray(attributes)).map(
    ([n, chosen]): Operation => ({
      run: (draft) => setLocalAttributes(draft, nth(draft.localEntities, n), chosen, ids),
    }),
  ),
  fc.tuple(small, small, fc.boolean()).map(
    ([n, m, on]): Operation => ({
      run: (draft) => {
        const entity = nth(draft.localEntities, n)
        return setAttributeSwitch(draft, entity, nth(draft.localEntities[entity]?.attributes ?? {}, m), 'readOnly', on)
      },
    }),
  ),
  small.map(
    (n): Operation => ({ run: (draft) => setPattern(draft, nth(draft.localEntities, n), { kind: 'read-only-delta' }) }),
  ),
  fc.tuple(small, small, small).map(
    ([n, x, y]): Operation => ({
      run: (draft) => moveCards(draft, { [nth(draft.localEntities, n)]: { x, y } }),
      coalesce: 'move',
    }),
  ),
  fc.constantFrom('Night', 'Default').map((name): Operation => ({ run: (draft) => addSyncUnit(draft, name, ids) })),
  small.map((n): Operation => ({ run: (draft) => removeSyncUnit(draft, nth(draft.syncUnits, n)) })),
  fc.tuple(small, small).map(
    ([n, m]): Operation => ({
      run: (draft) => moveEntityToUnit(draft, nth(draft.localEntities, n), nth(draft.syncUnits, m)),
    }),
  ),
  small.map(
    (n): Operation => ({
      run: (draft) => setUnitEntities(draft, nth(draft.syncUnits, n), Object.keys(draft.localEntities).reverse()),
    }),
  ),
  fc.tuple(small, small).map(
    ([n, x]): Operation => ({
      run: (draft) => moveFlowNodes(draft, nth(draft.flows, n), { start: { x, y: 0 } }),
      coalesce: 'nodes',
    }),
  ),
  fc.constantFrom('Shop', 'Other').map((name): Operation => ({ run: (draft) => renameProject(draft, name) })),
)

const repeat = (history: History, step: (history: History) => History): History => {
  const next = step(history)
  return next === history ? history : repeat(next, step)
}

describe('history', () => {
  it('after any operations, undoing all gives the original, and redoing all the same bytes', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const start = createHistory(original(), { limit: 1000 })
        const end = operations.reduce(
          (history, { run, coalesce }) =>
            applyOperation(history, 'edit', run, coalesce === undefined ? {} : { coalesce }).history,
          start,
        )
        const undone = repeat(end, undo)
        expect(undone.project).toEqual(original())
        expect(serializeProject(repeat(undone, redo).project)).toBe(serializeProject(end.project))
      }),
      { numRuns: 150 },
    )
  })

  it('an operation that is refused or changes nothing leaves no step', () => {
    const history = createHistory(original())
    expect(applyOperation(history, 'x', (draft) => removeLocalEntity(draft, 'le_none')).history).toBe(history)
    expect(applyOperation(history, 'x', (draft) => renameProject(draft, 'Shop')).history).toBe(history)
  })

  it('moves with one key are one step, until something is undone', () => {
    let history = applyOperation(createHistory(original()), 'Add', (draft) =>
      addLocalEntity(draft, { root: 'se_orders', ids }),
    ).history
    const id = Object.keys(history.project.localEntities)[0] ?? ''
    const move = (x: number) => {
      history = applyOperation(history, 'Move', (draft) => moveCards(draft, { [id]: { x, y: 0 } }), {
        coalesce: 'drag',
      }).history
    }
    for (let x = 10; x < 50; x += 1) move(x)
    expect(history.past).toHaveLength(2)
    expect(history.past[1]?.patches.length).toBeLessThan(4)
    history = undo(history)
    expect(history.project.layout.data[id]?.x).toBe(0)
    history = redo(history)
    move(99)
    expect(history.past).toHaveLength(3)
  })

  it('is bounded', () => {
    let history = createHistory(original(), { limit: 3 })
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      history = applyOperation(history, name, (draft) => renameProject(draft, name)).history
    history = repeat(history, undo)
    expect(history.project.name).toBe('b')
    expect(canUndo(history)).toBe(false)
  })
})
