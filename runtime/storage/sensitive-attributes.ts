/** A file of its own, so that a device without sensitive attributes need not load what encrypts them. */
import type { Bundle } from '../contract'

/** Whether a device of the bundle needs an encryption key. */
export function hasSensitiveAttributes(bundle: Bundle): boolean {
  return bundle.entities.some(({ attributes }) => attributes.some(({ sensitive }) => sensitive))
}
