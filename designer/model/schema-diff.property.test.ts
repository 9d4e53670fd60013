import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ForeignKey, ServerAttribute, ServerEntity, ServerSchema, ServerType } from './project'
import { chosenSchema, diffSchemas } from './schema-diff'
import { schemaChanges } from './schema-diff/changes'
import type { Rename } from './schema-diff/kept-ids'
import { closedRefusals } from './schema-diff/needs'

interface TableDraft {
  readonly schema: string
  readonly name: string
  readonly columns: readonly ColumnDraft[]
  readonly key: number
  readonly uniques: readonly number[]
  readonly references: readonly (readonly [column: number, table: number, to: number])[]
  readonly rows: number | null
}

interface ColumnDraft {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly value: string | null
  readonly bytes: number | null
}

const column = fc.record<ColumnDraft>({
  name: fc.constantFrom('id', 'a', 'b', 'c', 'd'),
  type: fc.constantFrom('text', 'integer', 'x', 'y', 'x[]'),
  nullable: fc.boolean(),
  value: fc.constantFrom(null, '1'),
  bytes: fc.constantFrom(null, 4, 8),
})
const table = fc.record<TableDraft>({
  schema: fc.constantFrom('p', 'q'),
  name: fc.constantFrom('one', 'two', 'three', 'four'),
  columns: fc.uniqueArray(column, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  key: fc.nat(3),
  uniques: fc.array(fc.nat(3), { maxLength: 1 }),
  references: fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.nat(3)), { maxLength: 2 }),
  rows: fc.constantFrom(null, 7),
})
const type = fc.record({ schema: fc.constantFrom('p', 'q'), name: fc.constantFrom('x', 'y'), value: fc.nat(1) })

/** As the catalogue is read: ids follow from names. */
const readSchema: fc.Arbitrary<ServerSchema> = fc
  .tuple(
    fc.uniqueArray(table, { minLength: 0, maxLength: 5, selector: ({ schema, name }) => `${schema}.${name}` }),
    fc.uniqueArray(type, { maxLength: 2, selector: ({ schema, name }) => `${schema}.${name}` }),
  )
  .map(([tables, types]) => schemaOf(tables, types))

function schemaOf(
  tables: readonly TableDraft[],
  types: readonly { readonly schema: string; readonly name: string; readonly value: number }[],
): ServerSchema {
  const nth = <T>(all: readonly T[], n: number): T => all[n % all.length] as T
  const attributeId = (at: TableDraft, n: number) => `sa_${at.schema}_${at.name}_${nth(at.columns, n).name}`
  const serverTypes = types.map(
    ({ schema, name, value }): ServerType => ({
      id: `st_${schema}_${name}`,
      kind: 'enum',
      schema,
      name,
      values: [String(value)],
    }),
  )
  const entities = tables.map((at): ServerEntity => {
    const attributes = at.columns.map(({ name, type: printed, nullable, value, bytes }, index): ServerAttribute => {
      const named = serverTypes.find((each) => each.name === printed.replace('[]', ''))
      return {
        id: attributeId(at, index),
        name,
        order: index + 1,
        type: named === undefined ? 'text' : printed.replace(named.name, `${named.schema}.${named.name}`),
        typeId: named?.id ?? null,
        nullable,
        default: value,
        identity: null,
        generated: null,
        comment: null,
        averageBytes: bytes,
      }
    })
    const foreignKeys = at.references.map(([from, to, referenced], index): ForeignKey => {
      const target = nth(tables, to)
      return {
        id: `fk_${at.schema}_${at.name}_${index}`,
        name: `fk_${index}`,
        attributes: [attributeId(at, from)],
        entity: `se_${target.schema}_${target.name}`,
        referencedAttributes: [attributeId(target, referenced)],
        onDelete: 'no-action',
        onUpdate: 'no-action',
        deferrable: false,
      }
    })
    return {
      id: `se_${at.schema}_${at.name}`,
      schema: at.schema,
      name: at.name,
      kind: 'table',
      attributes: recordsOf(attributes),
      primaryKey: [attributeId(at, at.key)],
      uniques: at.uniques.map((n) => ({ name: `unique_${n}`, attributes: [attributeId(at, n)] })),
      foreignKeys: recordsOf(foreignKeys),
      rowEstimate: at.rows,
      comment: null,
    }
  })
  return { serverTypes: recordsOf(serverTypes), serverEntities: recordsOf(entities) }
}

const recordsOf = <T extends { readonly id: string }>(all: readonly T[]): Record<string, T> =>
  Object.fromEntries(all.map((each) => [each.id, each]))

/** Any records that are gone, said to be any that are new: also such as have nothing in common. */
const renamesBetween = (before: ServerSchema, after: ServerSchema, choice: number): Rename[] => {
  const [from, to] = [Object.keys(before.serverEntities), Object.keys(after.serverEntities)]
  const [fromTypes, toTypes] = [Object.keys(before.serverTypes), Object.keys(after.serverTypes)]
  const renames: Rename[] = []
  const pick = (all: readonly string[], n: number): string => all[n % Math.max(1, all.length)] ?? 'se_none'
  if (choice % 2 === 1) renames.push({ kind: 'entity', from: pick(from, choice), to: pick(to, choice >> 1) })
  if (choice % 3 === 1) renames.push({ kind: 'type', from: pick(fromTypes, choice), to: pick(toTypes, choice >> 2) })
  const entity = pick(to, choice >> 3)
  const old = before.serverEntities[entity]
  const now = after.serverEntities[entity]
  if (choice % 5 > 1 && old !== undefined && now !== undefined) {
    const [columns, columnsNow] = [Object.keys(old.attributes), Object.keys(now.attributes)]
    renames.push({ kind: 'attribute', entity, from: pick(columns, choice), to: pick(columnsNow, choice >> 2) })
  }
  return renames
}

/** A project's schema has been read, renamed and refused before: its ids say nothing about its names any more. */
const situation = fc
  .tuple(
    readSchema,
    readSchema,
    readSchema,
    fc.nat(),
    fc.nat(),
    fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  )
  .map(([first, second, after, earlier, choice, refusals]) => {
    const past = diffSchemas(first, second, renamesBetween(first, second, earlier))
    const before = chosenSchema(first, past, nthOf(past.changes, refusals))
    const renames = renamesBetween(before, after, choice)
    return { before, after, renames, diff: diffSchemas(before, after, renames), refusals }
  })

const nthOf = (changes: readonly { readonly id: string }[], chosen: readonly boolean[]): string[] =>
  changes.flatMap(({ id }, index) => (chosen[index % chosen.length] ? [id] : []))

const runs = { numRuns: 400 }

describe('reading a schema again', () => {
  it('and taking all changes gives what was read', () => {
    fc.assert(
      fc.property(situation, ({ before, after, diff }) => {
        const taken = chosenSchema(before, diff, [])
        expect(taken).toEqual(diff.read)
        expect(inNames(taken)).toEqual(inNames(after))
        expectWhole(taken)
        expect(diffSchemas(taken, after, []).changes).toEqual([])
      }),
      runs,
    )
  })

  it('and refusing all leaves what was there', () => {
    fc.assert(
      fc.property(situation, ({ before, diff }) => {
        expect(
          chosenSchema(
            before,
            diff,
            diff.changes.map(({ id }) => id),
          ),
        ).toEqual(before)
      }),
      runs,
    )
  })

  it('and refusing some leaves those, with what goes with them, and a schema that is whole', () => {
    fc.assert(
      fc.property(situation, ({ before, diff, refusals }) => {
        const refused = closedRefusals(diff.changes, nthOf(diff.changes, refusals))
        const chosen = chosenSchema(before, diff, nthOf(diff.changes, refusals))
        expectWhole(chosen)
        const left = schemaChanges(chosen, diff.read).map(({ id }) => id)
        expect(withoutDetails(left)).toEqual(withoutDetails([...refused]))
      }),
      runs,
    )
  })

  it('keeps what is not touched as it is, the very same objects', () => {
    fc.assert(
      fc.property(situation, ({ before, diff, refusals }) => {
        const chosen = chosenSchema(before, diff, nthOf(diff.changes, refusals))
        for (const [id, entity] of Object.entries(chosen.serverEntities)) {
          if (JSON.stringify(entity) === JSON.stringify(before.serverEntities[id]))
            expect(entity).toBe(before.serverEntities[id])
        }
      }),
      runs,
    )
  })
})

const withoutDetails = (ids: readonly string[]): string[] => ids.filter((id) => id !== 'details').sort()

/** Every id leads somewhere, and no two things share a name. */
function expectWhole({ serverTypes, serverEntities }: ServerSchema): void {
  const namesOf = (all: readonly { readonly schema: string; readonly name: string }[]) =>
    all.map(({ schema, name }) => `${schema}.${name}`)
  expectOnce(namesOf(Object.values(serverTypes)))
  expectOnce(namesOf(Object.values(serverEntities)))
  for (const [id, each] of Object.entries(serverTypes)) expect(each.id).toBe(id)
  for (const [id, entity] of Object.entries(serverEntities)) {
    expect(entity.id).toBe(id)
    const attributes = Object.keys(entity.attributes)
    expectOnce(Object.values(entity.attributes).map(({ name }) => name))
    for (const { typeId, type: printed } of Object.values(entity.attributes)) {
      if (typeId === null) continue
      const named = serverTypes[typeId]
      expect(printed).toContain(`${named?.schema}.${named?.name}`)
    }
    expect(attributes).toEqual(expect.arrayContaining(entity.primaryKey))
    for (const unique of entity.uniques) expect(attributes).toEqual(expect.arrayContaining(unique.attributes))
    for (const key of Object.values(entity.foreignKeys)) {
      expect(attributes).toEqual(expect.arrayContaining(key.attributes))
      const referenced = serverEntities[key.entity]
      expect(Object.keys(referenced?.attributes ?? {})).toEqual(expect.arrayContaining(key.referencedAttributes))
    }
  }
}

const expectOnce = (names: readonly string[]): void => expect(names).toHaveLength(new Set(names).size)

/** A schema as people write it, without ids and without what was measured. */
function inNames({ serverTypes, serverEntities }: ServerSchema): string[] {
  const name = (entity: string, attribute: string): string =>
    serverEntities[entity]?.attributes[attribute]?.name ?? `no ${attribute}`
  const lines = Object.values(serverEntities).flatMap((entity) => {
    const own = (ids: readonly string[]): string => ids.map((id) => name(entity.id, id)).join()
    return [
      ...Object.values(entity.attributes).map(
        (each) =>
          `${each.order} ${each.name} ${each.type} ${serverTypes[each.typeId ?? '']?.name} ${each.nullable} ${each.default}`,
      ),
      `key ${own(entity.primaryKey)}`,
      ...entity.uniques.map((unique) => `unique ${unique.name} ${own(unique.attributes)}`),
      ...Object.values(entity.foreignKeys).map(
        (key) =>
          `${key.name} ${own(key.attributes)} → ${serverEntities[key.entity]?.name} ${key.referencedAttributes.map((id) => name(key.entity, id)).join()}`,
      ),
    ].map((line) => `${entity.schema}.${entity.name} ${line}`)
  })
  return [...lines, ...Object.values(serverTypes).map((each) => JSON.stringify({ ...each, id: '' }))].sort()
}
