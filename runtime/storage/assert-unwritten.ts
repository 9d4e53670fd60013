import type { AttributeContract, EntityContract, Input } from '../contract'
import { deviceDefault } from '../contract/device-model'
import { unwritableAttributes, writtenRefusal } from '../contract/guarded-attributes'

/**
 * Throws where a new row is given a read-only attribute that the device's clock or chance fills in. Other writes of what
 * is read-only are refused with the row itself; of this one the row does not tell who wrote it.
 */
export function assertUnwritten(entity: EntityContract, values: Input): void {
  const isComputed = (attribute: AttributeContract) => (deviceDefault(entity, attribute)?.kind ?? 'text') !== 'text'
  const written = unwritableAttributes(entity).find(
    (attribute) => values[attribute.name] != null && isComputed(attribute),
  )
  if (written) throw new Error(writtenRefusal(entity, written))
}
