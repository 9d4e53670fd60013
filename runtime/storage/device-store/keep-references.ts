/**
 * Rows that go while other rows still refer to them. Those that were deleted here: a pull may bring rows that refer to
 * them before the server has taken the delete, or while a conflict holds it back. And those that the server deleted,
 * refused or no longer shows, to which rows refer that have edits: these stay until the server has answered.
 *
 *   deleted here, the server has it ─┬─ a shown row refers to it ─► shown as the server has it (L9)
 *                                    └─ none does ────────────────► not shown
 *   gone, or never came, there ──────┬─ a row with edits refers to it ─► shown as it was, its shadow says that it is gone
 *                                    └─ none does ─────────────────────► not shown
 *
 * Invariants
 * - No edit changes: the delete goes to the server all the same, and the pull after it takes the row away.
 * - A row that is kept is no part of what the server has: not of digests, and not of what an edit of it is based on.
 * - Where no edit waits, this is one read.
 */
import type { EntityContract, Image, Key, RowRef, SyncTransaction } from '../../contract'
import { deviceReferences } from '../../contract/device-model'
import { keyText } from '../../contract/storage'
import { byEntity, rowText, type StoreContext } from './context'
import { shadowsOf } from './show-rows'

/** A row deleted here, with what the server has or had of it. */
export interface DeletedRow {
  readonly entity: string
  readonly key: Key
  readonly image: Image
}

/** By `rowText`. */
export type Referred = ReadonlyMap<string, DeletedRow>

/**
 * The rows to which rows with edits refer, and those to which these refer, as they are shown: to be asked for before
 * rows may go. Null where nothing has edits.
 */
export async function referredRows(context: StoreContext, tx: SyncTransaction): Promise<Referred | null> {
  if ((await tx.shadowed()).length === 0) return null
  const referred = new Map<string, DeletedRow>()
  await followReferences(context, tx, async (entity, keys) => {
    const images = await tx.images(entity, keys)
    return keys.flatMap((key) => {
      const image = images.get(keyText(key))
      if (!image) return []
      const row = { entity, key, image }
      referred.set(rowText(entity, key), row)
      return [row]
    })
  })
  return referred
}

/**
 * Shows the rows that are gone and to which others refer, and no others of them; answers the entities of which rows came
 * or went.
 *
 * @param referred `referredRows` from before rows may have gone; null where none with edits can have lost what it refers to
 * @param ended rows of which the server has just taken the delete, so that no edit tells of them any more
 */
export async function keepReferences(
  context: StoreContext,
  tx: SyncTransaction,
  referred: Referred | null = null,
  ended: readonly DeletedRow[] = [],
): Promise<readonly string[]> {
  const kept = await keepReferred(context, tx, referred ?? new Map())
  return [...new Set([...kept, ...(await keepDeleted(context, tx, ended))])]
}

async function keepReferred(
  context: StoreContext,
  tx: SyncTransaction,
  referred: Referred,
): Promise<ReadonlySet<string>> {
  const kept = new Map((await tx.keptRows()).map((row) => [rowText(row.entity, row.key), row]))
  const changed = new Set<string>()
  if (kept.size === 0 && referred.size === 0) return changed
  await followReferences(context, tx, async (entity, keys) => {
    const images = await tx.images(entity, keys)
    const gone = keys.flatMap((key): DeletedRow[] => {
      const row = images.has(keyText(key)) ? undefined : referred.get(rowText(entity, key))
      return row ? [row] : []
    })
    // What has edits says itself whether it is shown.
    const edited = new Set((await tx.editsOfRows(gone)).map((edit) => rowText(edit.entity, edit.key)))
    const back = gone.filter(({ key }) => !edited.has(rowText(entity, key)))
    if (back.length > 0) {
      await tx.putImages(
        entity,
        back.map(({ image }) => image),
      )
      await tx.putShadows(
        entity,
        back.map(({ key }) => [key, null]),
      )
      changed.add(entity)
    }
    const stay = keys.flatMap((key): DeletedRow[] => {
      const image = images.get(keyText(key))
      return image && kept.has(rowText(entity, key)) ? [{ entity, key, image }] : []
    })
    const held = [...back, ...stay]
    for (const { key } of held) kept.delete(rowText(entity, key))
    return held
  })
  for (const [entity, rows] of byEntity(kept.values())) {
    const keys = rows.map(({ key }) => key)
    await tx.removeRows(entity, keys)
    await tx.removeShadows(entity, keys)
    changed.add(entity)
  }
  return changed
}

/** Calls `found` with the keys to which rows with edits refer, then with those to which what it answers refers, each once. */
async function followReferences(
  context: StoreContext,
  tx: SyncTransaction,
  found: (entity: string, keys: readonly Key[]) => Promise<readonly DeletedRow[]>,
): Promise<void> {
  const seen = new Set<string>()
  const edited = new Set(await tx.shadowed())
  let next: RowRef[] = []
  for (const { from, target, attributes } of references(context))
    if (edited.has(from))
      next.push(...(await tx.editedReferences(from, attributes)).map((key) => ({ entity: target, key })))
  while (next.length > 0) {
    const rows: DeletedRow[] = []
    const fresh = next.filter(({ entity, key }) => {
      const text = rowText(entity, key)
      return !seen.has(text) && seen.add(text)
    })
    for (const [entity, ofEntity] of byEntity(fresh))
      rows.push(
        ...(await found(
          entity,
          ofEntity.map(({ key }) => key),
        )),
      )
    next = references(context).flatMap(({ from, target, attributes }) =>
      rows
        .filter(({ entity }) => entity === from)
        .flatMap(({ image }): RowRef[] => {
          const key = attributes.flatMap((attribute) => image[attribute] ?? [])
          return key.length === attributes.length ? [{ entity: target, key }] : []
        }),
    )
  }
}

async function keepDeleted(
  context: StoreContext,
  tx: SyncTransaction,
  ended: readonly DeletedRow[],
): Promise<readonly string[]> {
  const waiting = await tx.deletedHere()
  if (waiting.length === 0 && ended.length === 0) return []
  const shadows = await shadowsOf(tx, waiting)
  const deleted = [
    ...ended,
    ...waiting.flatMap(({ entity, key }): DeletedRow[] => {
      const image = shadows.get(rowText(entity, key))
      return image ? [{ entity, key, image }] : []
    }),
  ]
  const hidden = new Map<string, Map<string, DeletedRow>>()
  const changed = new Map<string, Set<string>>()
  for (const [entity, rows] of byEntity(deleted)) {
    if (!context.entities.has(entity)) continue
    const keys = rows.map(({ key }) => key)
    // What refers is asked without them: rows that refer only to each other are gone together.
    const shown = [...(await tx.images(entity, keys)).keys()]
    if (shown.length > 0) await tx.removeRows(entity, keys)
    hidden.set(entity, new Map(rows.map((row) => [keyText(row.key), row])))
    changed.set(entity, new Set(shown))
  }
  while (await showReferred(context, tx, hidden, changed));
  return [...changed].filter(([, keys]) => keys.size > 0).map(([entity]) => entity)
}

/** True where rows were shown: they may refer to others. */
async function showReferred(
  context: StoreContext,
  tx: SyncTransaction,
  hidden: ReadonlyMap<string, Map<string, DeletedRow>>,
  changed: ReadonlyMap<string, Set<string>>,
): Promise<boolean> {
  let found = false
  for (const [entity, rows] of hidden) {
    for (const reference of referencesTo(context, entity)) {
      const keys = [...rows.values()].map(({ key }) => key)
      const referred =
        keys.length === 0 ? [] : await tx.referredKeys(entity, keys, reference.from, reference.attributes)
      const images = referred.flatMap((key) => {
        const row = rows.get(keyText(key))
        return row ? [row.image] : []
      })
      if (images.length === 0) continue
      await tx.putImages(entity, images)
      const differing = changed.get(entity)
      for (const text of referred.map(keyText)) {
        rows.delete(text)
        if (!differing?.delete(text)) differing?.add(text)
      }
      found = true
    }
  }
  return found
}

export function isReferred(context: StoreContext, entity: string): boolean {
  return referencesTo(context, entity).length > 0
}

interface Reference {
  readonly from: string
  readonly target: string
  /** In the order of the target's key. */
  readonly attributes: readonly string[]
}

function referencesTo(context: StoreContext, id: string): Reference[] {
  return references(context).filter(({ target }) => target === id)
}

function references({ bundle }: StoreContext): Reference[] {
  const inOrder = ({ key }: EntityContract, attributes: readonly string[], referenced: readonly string[]) =>
    key.map((part) => attributes[referenced.indexOf(part)] ?? '')
  return bundle.entities.flatMap((from) =>
    deviceReferences(bundle, from).map(({ target, attributes, referencedAttributes }) => ({
      from: from.id,
      target: target.id,
      attributes: inOrder(target, attributes, referencedAttributes),
    })),
  )
}
