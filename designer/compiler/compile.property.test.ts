import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Project } from '@/designer/model'
import { compile } from './index'
import { SAMPLES } from './testing/sample-projects'

type Json = { [key: string]: unknown }
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place in the document that holds something, as a path. */
function paths(value: unknown, path: readonly string[] = []): string[][] {
  const inside = isObject(value) || Array.isArray(value) ? Object.entries(value) : []
  return [...(path.length > 0 ? [[...path]] : []), ...inside.flatMap(([key, item]) => paths(item, [...path, key]))]
}

/** What a hand, or a merge, may leave: something removed, or put where another thing was. */
function damage(
  document: unknown,
  path: readonly string[],
  change: { readonly kind: 'remove' } | { readonly kind: 'put'; readonly value: unknown },
): void {
  let holder: unknown = document
  for (const key of path.slice(0, -1))
    holder = isObject(holder) || Array.isArray(holder) ? Reflect.get(holder, key) : undefined
  const last = path.at(-1) ?? ''
  if (Array.isArray(holder)) {
    if (change.kind === 'remove') holder.splice(Number(last), 1)
    else holder[Number(last)] = change.value
  } else if (isObject(holder)) {
    if (change.kind === 'remove') delete holder[last]
    else holder[last] = change.value
  }
}

describe('compile', () => {
  it('never throws on a document that can be read, however it was damaged', () => {
    let read = 0
    let compiled = 0
    for (const make of Object.values(SAMPLES)) {
      const original = make()
      const places = paths(original).filter(([section]) => section !== 'layout' && section !== 'format')
      const values = places.map((path) =>
        path.reduce<unknown>(
          (value, key) => (value === undefined ? undefined : Reflect.get(Object(value), key)),
          original,
        ),
      )
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(places.length - 1), fc.option(fc.oneof(fc.nat(places.length - 1), fc.string()))), {
            minLength: 1,
            maxLength: 3,
          }),
          (changes) => {
            const document: unknown = structuredClone(original)
            for (const [at, other] of changes) {
              const value = typeof other === 'number' ? structuredClone(values[other]) : other
              damage(document, places[at] ?? [], other === null ? { kind: 'remove' } : { kind: 'put', value })
            }
            const parsed = Project.safeParse(document)
            if (!parsed.success) return
            read += 1
            const { files, diagnostics } = compile(parsed.data)
            if (files !== null) compiled += 1
            expect(files === null).toBe(diagnostics.some(({ severity }) => severity === 'error'))
          },
        ),
        { numRuns: 250 },
      )
    }
    expect(read).toBeGreaterThan(100)
    expect(compiled).toBeGreaterThan(20)
    expect(read - compiled).toBeGreaterThan(20)
  })
})
