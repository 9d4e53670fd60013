/**
 * The field bundle with a pattern of each kind that a proof can tell apart: parts are counted, so that an edit that was
 * applied twice shows in a sum.
 */
import type { Bundle } from '../contract/bundle'
import { FIELD_BUNDLE } from '../testing/field-bundle'

export const PROOF_BUNDLE: Bundle = {
  ...FIELD_BUNDLE,
  schemaHash: 'proof-1',
  entities: FIELD_BUNDLE.entities.map((entity) =>
    entity.id === 'le_part' ? { ...entity, pattern: { kind: 'merge', policies: { quantity: 'counter' } } } : entity,
  ),
}
