import { Equal, KeyRound, Link2, TriangleAlert, Waypoints } from 'lucide-react'
import type { AttributeOrigin, AttributeRole } from '@/designer/model/attribute-origin'

/** What kind of attribute it is, in one sign with its name; the same as on the card. */
export function OriginSign({ origin, role }: { readonly origin: AttributeOrigin; readonly role: AttributeRole }) {
  if (role.isKey) return <KeyRound className="text-conflict!" aria-label="key" />
  switch (origin.kind) {
    case 'path':
      return <Waypoints className="text-accent-ink!" aria-label="denormalised" />
    case 'computed':
      return <Equal className="text-accent-ink!" aria-label="computed" />
    case 'missing':
      return <TriangleAlert className="text-error!" aria-label="gone from the schema" />
    case 'column':
      return role.refersTo === null ? (
        <span className="w-3.5 flex-none" />
      ) : (
        <Link2 className="text-waiting!" aria-label={`refers to ${role.refersTo.name}`} />
      )
  }
}
