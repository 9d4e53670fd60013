/**
 * What the app chose of entities on demand: the values of the choosing attributes, a record each.
 *
 * Invariant: a row that was made here stays here; creating one in a parent that was not chosen chooses it.
 */
import type { EntityContract, Image, Key, Row, StoredEdit, SyncTransaction, Value } from '../../contract'
import type { DeviceStore } from '../device-store'
import { toText } from '../values'
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
    choose: (id, keys) =>
      tables.sync((tx) => {
        const attributes = choosingAttributes(context, id)
        return choose(
          context,
          tx,
          id,
          keys.map((key) => chosenImage(attributes, key)),
        )
      }),
    release: (id, keys) =>
      tables.sync(async (tx) => {
        const attributes = choosingAttributes(context, id)
        const released = new Set(keys.map((key) => chosenText(id, attributes, chosenImage(attributes, key))))
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

async function choose(
  context: StoreContext,
  tx: SyncTransaction,
  entity: string,
  images: readonly Image[],
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

function chosenImage(attributes: readonly string[], key: readonly unknown[]): Image {
  return Object.fromEntries(attributes.map((attribute, index) => [attribute, toText(key[index])]))
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
