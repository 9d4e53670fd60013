/**
 * Whether the device's rows, edits aside, are the server's: by digest, and where they are not, which rows differ (F9).
 *
 * Digests are computed by the store where it can; else by `core/digest`, which is loaded only then.
 */
import type { EntityContract, EntityVerification, SyncTransaction } from '../../contract'
import { keyText } from '../../contract/storage'
import type { Digest } from '../../protocol/messages'
import type { ComparedDigest } from '../device-store'
import { keyOf, namedKey, type StoreContext } from './context'

/** Compares the server's digests, by entity id, with the device's at this moment. */
export async function compareDigests(
  context: StoreContext,
  tx: SyncTransaction,
  digests: Readonly<Record<string, Digest>>,
): Promise<ComparedDigest[]> {
  const compared: ComparedDigest[] = []
  for (const [id, server] of Object.entries(digests)) {
    const entity = context.entities.get(id)
    if (!entity) continue
    const device = await digestOf(tx, entity)
    compared.push({ entity: id, equal: device.rows === server.rows && device.sum === server.sum, device, server })
  }
  return compared
}

async function digestOf(tx: SyncTransaction, entity: EntityContract): Promise<Digest> {
  if (tx.digest) return tx.digest(entity.id)
  const { createDigest } = await import('../../core/digest')
  const digest = createDigest(entity.attributes.map(({ id }) => id))
  await tx.serverImages(entity.id, digest.add)
  return digest.result()
}

/** The keys that are told of each kind: enough to see what is wrong, little enough to be read. */
const KEYS_TOLD = 100

/** Remembers a digest of each row; what is answered compares them with the rows as they are when it is called. */
export async function rememberRows(
  tx: SyncTransaction,
  entity: EntityContract,
): Promise<() => Promise<Pick<EntityVerification, 'missing' | 'surplus' | 'different'>>> {
  const { rowDigest } = await import('../../core/digest')
  const attributes = entity.attributes.map(({ id }) => id)
  const read = async () => {
    const rows = new Map<string, bigint>()
    await tx.serverImages(entity.id, (images) => {
      for (const image of images) rows.set(keyText(keyOf(entity, image)), rowDigest(attributes, image))
    })
    return rows
  }
  const before = await read()
  return async () => {
    const after = await read()
    const told = (keys: Iterable<string>, isTold: (key: string) => boolean) =>
      [...keys]
        .filter(isTold)
        .slice(0, KEYS_TOLD)
        .map((key) => namedKey(entity, JSON.parse(key) as string[]))
    return {
      missing: told(after.keys(), (key) => !before.has(key)),
      surplus: told(before.keys(), (key) => !after.has(key)),
      different: told(after.keys(), (key) => before.has(key) && before.get(key) !== after.get(key)),
    }
  }
}
