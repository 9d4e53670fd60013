import type { AttributeOrigin, AttributeRole } from '@/designer/model/attribute-origin'
import type { LocalAttribute, LocalEntity } from '@/designer/model/project'

/** What each section of the attribute's inspector is about. */
export interface AttributeProps {
  readonly entity: LocalEntity
  readonly attribute: LocalAttribute
  readonly origin: AttributeOrigin
  readonly role: AttributeRole
}
