/** What a row that is about to be written refers to, and is not on this device (L9). */
import type { EntityContract, Image, ReferenceContract, SyncTransaction } from '../../contract'
import { keepsReferredRows } from '../../contract/device-schema-sql'
import { rowText, type StoreContext } from './context'

/**
 * The first entity that has not the row to which `image` refers; null where all are here.
 *
 * @param own rows that the same transaction makes, by `rowText`, and null for those that it removes
 * @param asks which references count
 */
export async function missingReference(
  context: StoreContext,
  tx: SyncTransaction,
  entity: EntityContract,
  image: Image,
  own: ReadonlyMap<string, Image | null>,
  asks: (reference: ReferenceContract) => boolean = () => true,
): Promise<EntityContract | null> {
  for (const reference of entity.references.filter(asks)) {
    const target = context.entities.get(reference.entity)
    const isByKey = target?.key.every((attribute) => reference.referencedAttributes.includes(attribute)) === true
    if (!target || !isByKey || !keepsReferredRows(target)) continue
    const key = target.key.map(
      (part) => image[reference.attributes[reference.referencedAttributes.indexOf(part)] ?? ''],
    )
    if (!key.every((part) => typeof part === 'string')) continue
    const made = own.get(rowText(target.id, key))
    if (made ?? (made === undefined && (await tx.images(target.id, [key])).size > 0)) continue
    return target
  }
  return null
}
