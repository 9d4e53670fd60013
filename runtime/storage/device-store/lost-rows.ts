/**
 * A server that was restored to an earlier time gives keys again that this device knows of rows which are lost there
 * (L6). Such a row gives way to the one that has the key now; the pull that follows a restore is a full one anyway.
 *
 * Invariant: edits of a lost row go to quarantine. They speak of that row and never become edits of another (P3).
 */
import { type DeviceEvents, type Key, keyText, type SyncTransaction } from '../../contract'
import type { KeyMapping } from '../../protocol/messages'
import { noteEnded } from './ended-conflicts'
import { keepRefused, type QuarantineRecord } from './quarantine-record'
import { editsByRow } from './show-rows'

const LOST =
  'The server has lost the row of these edits: it was restored to an earlier time, and has given the row’s key to another row since. ' +
  'Create the row anew with these values where it is still wanted, then discard this group.'

/**
 * Takes away rows of the entity that stand in the way of keys which the server made; answers whether there were some.
 * @param quarantined takes what becomes of their edits
 */
export async function removeLostRows(
  tx: SyncTransaction,
  entity: string,
  mappings: readonly KeyMapping[],
  { nowMs, newId }: { readonly nowMs: number; readonly newId: () => string },
  quarantined: DeviceEvents['quarantine'][],
): Promise<boolean> {
  // Of an answer that comes a second time the temporary rows are gone, and the keys are their own.
  const temporary = mappings.map((mapping) => mapping.temporary)
  const [waiting, created] = [await tx.images(entity, temporary), await tx.shadows(entity, temporary)]
  const isWaiting = (key: Key) => waiting.has(keyText(key)) || created.has(keyText(key))
  const keys = mappings.filter((mapping) => isWaiting(mapping.temporary)).map(({ key }) => key)
  const [shown, edited] = [await tx.images(entity, keys), await tx.shadows(entity, keys)]
  const lost = keys.filter((key) => shown.has(keyText(key)) || edited.has(keyText(key)))
  if (lost.length === 0) return false
  quarantined.push(...(await quarantineEdits(tx, entity, lost, nowMs, newId)))
  await tx.removeRows(entity, lost)
  return true
}

async function quarantineEdits(
  tx: SyncTransaction,
  entity: string,
  keys: readonly Key[],
  refusedAt: number,
  newId: () => string,
): Promise<DeviceEvents['quarantine'][]> {
  const edits = await tx.editsOfRows(keys.map((key) => ({ entity, key })))
  if (edits.length === 0) return []
  const quarantined: DeviceEvents['quarantine'][] = []
  const images = await tx.images(entity, keys)
  for (const row of editsByRow(edits).values()) {
    const record: QuarantineRecord = {
      reason: 'row-deleted',
      message: LOST,
      refusedAt,
      edits: row.map(({ op, key, set, was }) => {
        const local = op === 'delete' ? null : (images.get(keyText(key)) ?? null)
        return { entity, op, key, set, was, local, server: null, lost: true }
      }),
    }
    quarantined.push(await keepRefused(tx, newId(), record))
  }
  const texts = new Set(keys.map(keyText))
  const ended = edits.map(({ resolves }) => resolves)
  for (const { id, body } of await tx.records('conflict')) {
    const open = JSON.parse(body) as { readonly entity: string; readonly key: Key }
    if (open.entity !== entity || !texts.has(keyText(open.key))) continue
    await tx.removeRecord('conflict', id)
    ended.push(id)
  }
  await noteEnded(tx, 'refused', ended)
  await tx.removeEdits(edits.map(({ seq }) => seq))
  return quarantined
}
