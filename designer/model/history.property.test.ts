import fc from 'fast-check'
import { current } from 'immer'
import { describe, expect, it } from 'vitest'
import {
  addComputedAttribute,
  addDenormalisedAttribute,
  addIndex,
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
  moveLocalAttribute,
  type Project,
  redo,
  removeIndex,
  removeLocalAttribute,
  removeLocalEntity,
  removeSyncUnit,
  renameLocalAttribute,
  renameLocalEntity,
  renameProject,
  replaceDocument,
  serializeProject,
  setAttributeDefault,
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

/** Of the nth entity the mth attribute. */
const on =
  (n: number, m: number, run: (draft: Project, entity: string, attribute: string) => unknown) =>
  (draft: Project): unknown => {
    const entity = nth(draft.localEntities, n)
    return run(draft, entity, nth(draft.localEntities[entity]?.attributes ?? {}, m))
  }

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
  fc.tuple(small, small, small).map(
    ([n, m, place]): Operation => ({
      run: on(n, m, (draft, entity, id) => moveLocalAttribute(draft, entity, id, place)),
    }),
  ),
  fc.tuple(small, small, fc.constantFrom('a', 'b', 'note')).map(
    ([n, m, name]): Operation => ({
      run: on(n, m, (draft, entity, id) => renameLocalAttribute(draft, entity, id, name)),
    }),
  ),
  fc
    .tuple(small, small)
    .map(([n, m]): Operation => ({ run: on(n, m, (draft, entity, id) => removeLocalAttribute(draft, entity, id)) })),
  fc.tuple(small, small, fc.constantFrom('1', null)).map(
    ([n, m, value]): Operation => ({
      run: on(n, m, (draft, entity, id) => setAttributeDefault(draft, entity, id, value)),
    }),
  ),
  fc.tuple(small, small).map(
    ([n, m]): Operation => ({
      run: on(n, m, (draft, entity, id) => addIndex(draft, { entity, attributes: [id], ids })),
    }),
  ),
  small.map(
    (n): Operation => ({
      run: on(n, 0, (draft, entity) => removeIndex(draft, entity, nth(draft.localEntities[entity]?.indexes ?? {}, n))),
    }),
  ),
  small.map(
    (n): Operation => ({
      run: on(n, 0, (draft, entity) =>
        addComputedAttribute(draft, { entity, name: 'shout', expression: 'upper(b.note)', type: 'text', ids }),
      ),
    }),
  ),
  fc.tuple(small, small).map(
    ([n, m]): Operation => ({
      run: on(n, 0, (draft, entity) => {
        const root = draft.serverEntities[draft.localEntities[entity]?.root ?? '']
        const [key] = Object.values(root?.foreignKeys ?? {})
        const attribute = nth(draft.serverEntities[key?.entity ?? '']?.attributes ?? {}, m)
        return addDenormalisedAttribute(draft, { entity, path: key === undefined ? [] : [key.id], attribute, ids })
      }),
    }),
  ),
  fc.tuple(small, fc.constantFrom('a', 'Text')).map(
    ([n, name]): Operation => ({
      run: (draft) => {
        const next = structuredClone(current(draft))
        const entity = next.localEntities[nth(next.localEntities, n)]
        if (entity !== undefined) entity.name = name
        next.name = name
        return replaceDocument(draft, next)
      },
      coalesce: 'text',
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
