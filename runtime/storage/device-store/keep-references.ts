/**
 * Rows that were deleted here while other rows still refer to them: a pull may bring such rows before the server has
 * taken the delete, or while a conflict holds it back.
 *
 *   deleted here, the server has it ─┬─ a shown row refers to it ─► shown as the server has it (L9)
 *                                    └─ none does ────────────────► not shown
 *
 * Invariants
 * - No edit changes: the delete goes to the server all the same, and the pull after it takes the row away.
 * - Where no delete waits, this is one read.
 */
import type { EntityContract, Image, Key, SyncTransaction } from '../../contract'
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

/**
 * Shows the deleted rows to which shown rows refer, and no others of them; answers the entities of which rows came or went.
 *
 * @param ended rows of which the server has just taken the delete, so that no edit tells of them any more
 */
export async function keepReferences(
  context: StoreContext,
  tx: SyncTransaction,
  ended: readonly DeletedRow[] = [],
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
        keys.length === 0 ? [] : await tx.referredKeys(entity, keys, reference.entity, reference.attributes)
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

/** The attributes by which rows of each entity refer to the entity, in the order of its key. */
function referencesTo(
  { bundle }: StoreContext,
  id: string,
): { readonly entity: string; readonly attributes: readonly string[] }[] {
  const inOrder = ({ key }: EntityContract, attributes: readonly string[], referenced: readonly string[]) =>
    key.map((part) => attributes[referenced.indexOf(part)] ?? '')
  return bundle.entities.flatMap((from) =>
    deviceReferences(bundle, from)
      .filter(({ target }) => target.id === id)
      .map(({ target, attributes, referencedAttributes }) => ({
        entity: from.id,
        attributes: inOrder(target, attributes, referencedAttributes),
      })),
  )
}
