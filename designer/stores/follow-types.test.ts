import { describe, expect, it } from 'vitest'
import { type SqlPiece, sqlPieces } from '@/designer/compiler/sql-check/sql-pieces'
import {
  addComputedAttribute,
  createNamedIds,
  type Project,
  projectFromSchema,
  type SqlAnswer,
  setComputation,
} from '@/designer/model'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { createTypeFollower } from './follow-types'

function shop(): { readonly project: Project; readonly entity: string } {
  const schema = buildSchema({ orders: { attributes: { id: 'uuid!', qty: 'integer', price: 'numeric' }, key: ['id'] } })
  const made = projectFromSchema({ schema, name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const [entity] = Object.keys(made.project.localEntities)
  if (entity === undefined) throw new Error('There is no entity.')
  return { project: made.project, entity }
}

function compute(project: Project, entity: string, expression: string, type: string): string {
  const added = addComputedAttribute(project, { entity, name: 'total', expression, type, ids: createNamedIds() })
  if (added.kind === 'refused') throw new Error(added.reason)
  return added.value
}

/** PostgreSQL, for three expressions. */
function answerOf({ about }: SqlPiece): SqlAnswer | null {
  const types: Readonly<Record<string, string>> = { 'b.qty': 'integer', 'b.price': 'numeric', 'b.qty > 3': 'boolean' }
  const found = about.kind === 'computed' ? types[about.typed] : undefined
  if (found === undefined || about.kind !== 'computed') return null
  const named = (name: string) => ({ name, base: name })
  // None of them is what the attributes of these tests have.
  return { kind: 'accepted', type: named(found), declared: named('text') }
}

describe('the type of a computed attribute', () => {
  it('follows the expression from when it is made', () => {
    const { project, entity } = shop()
    const take = createTypeFollower(structuredClone(project))
    const attribute = compute(project, entity, 'b.qty', 'text')
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([
      { entity, attribute, expression: 'b.qty', type: 'integer' },
    ])
    setComputation(project, entity, attribute, { expression: 'b.price', type: 'integer' })
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([
      { entity, attribute, expression: 'b.price', type: 'numeric' },
    ])
  })

  it('is taken once for an expression, so that undo can go behind it', () => {
    const { project, entity } = shop()
    const take = createTypeFollower(structuredClone(project))
    compute(project, entity, 'b.qty', 'text')
    expect(take(project, sqlPieces(project).pieces, answerOf)).toHaveLength(1)
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([])
  })

  it('stays as somebody chose it', () => {
    const { project, entity } = shop()
    const take = createTypeFollower(structuredClone(project))
    const attribute = compute(project, entity, 'b.qty', 'text')
    take(project, sqlPieces(project).pieces, answerOf)
    setComputation(project, entity, attribute, { expression: 'b.qty > 3', type: 'date' })
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([])
  })

  it('stays in a project that is opened, until its expression changes', () => {
    const { project, entity } = shop()
    const attribute = compute(project, entity, 'b.qty', 'text')
    const take = createTypeFollower(structuredClone(project))
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([])
    setComputation(project, entity, attribute, { expression: 'b.price', type: 'text' })
    expect(take(project, sqlPieces(project).pieces, answerOf)).toEqual([])
  })
})
