/**
 * What the app chose of entities on demand: the values of the choosing attributes, a record each.
 *
 * Invariant: a row that was made here stays here; creating one in a parent that was not chosen chooses it.
 */
import type { EntityContract, Image, Key, Row, StoredEdit, SyncTransaction, Value } from '../../contract'
import { columnTypeOf } from '../column-type/column-type'
import type { DeviceStore } from '../device-store'
import type { StoreContext } from './context'

/** The empty key and `set` make a record that `adopt-keys` understands. */
interface ChosenRecord {
  readonly entity: string
  readonly key: readonly []
  /** Choosing attribute to value. */
  readonly set: Image
}

export function demandOf(context: StoreContext): DeviceStore['demand'] {
  const { tables } = context
  return {
    choose: async (id, keys) => {
      const images = keys.map((key) => chosenImage(context, id, key))
      await tables.sync((tx) => choose(context, tx, id, images))
    },
    release: (id, keys) =>
      tables.sync(async (tx) => {
        const attributes = choosingAttributes(context, id)
        const released = new Set(keys.map((key) => chosenText(id, attributes, chosenImage(context, id, key))))
        for (const { recordId, chosen } of await readChosen(tx))
          if (released.has(chosenText(chosen.entity, attributes, chosen.set))) await tx.removeRecord('chosen', recordId)
      }),
    list: (id) =>
      tables.sync(async (tx) => {
        const attributes = choosingAttributes(context, id)
        const entity = context.entities.get(id)
        return (await readChosen(tx))
          .filter(({ chosen }) => chosen.entity === id)
          .map(({ chosen }) => toRow(entity, attributes, chosen.set))
      }),
  }
}

/** The chosen values of each entity on demand, as a pull asks for them. */
export async function chosenKeys(context: StoreContext, tx: SyncTransaction): Promise<ReadonlyMap<string, Key[]>> {
  const keys = new Map<string, Key[]>()
  for (const { chosen } of await readChosen(tx)) {
    const { pattern } = context.entities.get(chosen.entity) ?? {}
    if (pattern?.kind !== 'on-demand') continue
    // What an earlier bundle took for a value may be none any more: it must not stop the pull of all the others.
    if (!pattern.chosenBy.every((id) => isValue(context, chosen.entity, id, chosen.set[id]))) continue
    const key = pattern.chosenBy.map((attribute) => chosen.set[attribute] ?? '')
    keys.set(chosen.entity, [...(keys.get(chosen.entity) ?? []), key])
  }
  return keys
}

/** Chooses the parents of rows that the server took and of which nobody chose the parent. */
export async function chooseParents(
  context: StoreContext,
  tx: SyncTransaction,
  accepted: readonly StoredEdit[],
): Promise<void> {
  for (const { id, pattern } of context.bundle.entities) {
    if (pattern.kind !== 'on-demand') continue
    const images = accepted
      .filter(
        ({ entity, op, set }) =>
          entity === id && op === 'create' && pattern.chosenBy.every((name) => set[name] != null),
      )
      .map(({ set }) => Object.fromEntries(pattern.chosenBy.map((name) => [name, set[name] ?? null])))
    if (images.length > 0) await choose(context, tx, id, images)
  }
}

/** With details it chooses the parents that they belong to, where these come on demand by their own key. */
async function choose(
  context: StoreContext,
  tx: SyncTransaction,
  entity: string,
  images: readonly Image[],
  via: readonly string[] = [],
): Promise<void> {
  const attributes = choosingAttributes(context, entity)
  const known = new Set((await readChosen(tx)).map(({ chosen }) => chosenText(chosen.entity, attributes, chosen.set)))
  for (const set of images) {
    const text = chosenText(entity, attributes, set)
    if (known.has(text)) continue
    known.add(text)
    const record: ChosenRecord = { entity, key: [], set }
    await tx.putRecord('chosen', { id: context.newId(), body: JSON.stringify(record) })
  }
  for (const { target, attributeOf } of parentsOnDemand(context, entity, attributes)) {
    if (target === entity || via.includes(target)) continue
    const parents = images.map((set) =>
      Object.fromEntries([...attributeOf].map(([key, attribute]) => [key, set[attribute] ?? null])),
    )
    await choose(context, tx, target, parents, [...via, entity])
  }
}

/** Entities on demand by their own key to which the choosing attributes refer. `attributeOf`: part of that key to attribute. */
function parentsOnDemand(
  { entities }: StoreContext,
  id: string,
  choosing: readonly string[],
): { readonly target: string; readonly attributeOf: ReadonlyMap<string, string> }[] {
  return (entities.get(id)?.references ?? []).flatMap(({ entity, attributes, referencedAttributes }) => {
    const target = entities.get(entity)
    if (target?.pattern.kind !== 'on-demand' || !attributes.every((name) => choosing.includes(name))) return []
    const { chosenBy } = target.pattern
    const sameAsKey = (ids: readonly string[]) =>
      ids.length === target.key.length && target.key.every((part) => ids.includes(part))
    if (!sameAsKey(chosenBy) || !sameAsKey(referencedAttributes)) return []
    const attributeOf = new Map(referencedAttributes.map((part, index) => [part, attributes[index] ?? '']))
    return [{ target: entity, attributeOf }]
  })
}

async function readChosen(tx: SyncTransaction): Promise<{ recordId: string; chosen: ChosenRecord }[]> {
  return (await tx.records('chosen')).map(({ id, body }) => ({
    recordId: id,
    chosen: JSON.parse(body) as ChosenRecord,
  }))
}

function choosingAttributes(context: StoreContext, id: string): readonly string[] {
  const entity = context.entities.get(id)
  if (entity?.pattern.kind === 'on-demand') return entity.pattern.chosenBy
  throw new Error(`${entity?.name ?? id} does not come on demand: its sync pattern brings its rows by itself.`)
}

/** Throws where a value is none of its attribute's type: the server would refuse every pull that asks for it. */
function chosenImage(context: StoreContext, id: string, key: readonly unknown[]): Image {
  const attributes = choosingAttributes(context, id)
  return Object.fromEntries(
    attributes.map((attribute, index) => [attribute, chosenValue(context, id, attribute, key[index])]),
  )
}

function chosenValue({ entities, bundle }: StoreContext, id: string, attribute: string, value: unknown) {
  const entity = entities.get(id)
  const column = entity?.attributes.find((candidate) => candidate.id === attribute)
  try {
    const text = column ? columnTypeOf(column, bundle.types).input(value) : null
    if (text === null) throw new TypeError('It is null, and no row has null there to be chosen by.')
    if (text.includes('\0')) throw new TypeError('It has a character that PostgreSQL does not keep.')
    return text
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `${entity?.name ?? id} can't be chosen by the ${column?.name ?? attribute} ${shownValue(value)}: ${why} Nothing was chosen or released.`,
    )
  }
}

function isValue(context: StoreContext, id: string, attribute: string, value: string | null | undefined): boolean {
  try {
    return chosenValue(context, id, attribute, value) === value
  } catch {
    return false
  }
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function chosenText(entity: string, attributes: readonly string[], image: Image): string {
  return JSON.stringify([entity, ...attributes.map((attribute) => image[attribute] ?? null)])
}

function toRow(entity: EntityContract | undefined, attributes: readonly string[], image: Image): Row {
  return Object.fromEntries(
    attributes.map((id) => {
      const attribute = entity?.attributes.find((candidate) => candidate.id === id)
      const text = image[id] ?? null
      return [attribute?.name ?? id, text === null ? null : toValue(attribute?.type ?? 'text', text)]
    }),
  )
}

/** Keys are numbers, UUIDs and texts; of these only the small whole numbers are numbers in JavaScript. */
function toValue(type: string, text: string): Value {
  const isInteger = type === 'integer' || type === 'bigint' || type === 'smallint'
  if (!isInteger) return text
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}
