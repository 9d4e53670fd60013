import { useMemo } from 'react'
import { typeMapping } from '@/designer/compiler/type-mapping'
import { originType } from '@/designer/model/attribute-origin'
import { useProject } from '@/designer/stores/session'
import type { AttributeProps } from './types'

/** The same value on the server, in each store and in the app. */
export function TypeSection({ attribute, origin }: AttributeProps) {
  const serverTypes = useProject((project) => project.serverTypes)
  const type = originType(origin)
  const { sensitive } = attribute
  const isFile = attribute.transfer === 'file'
  const mapping = useMemo(
    () =>
      type === null ? null : typeMapping({ serverTypes }, { type: type.type, typeId: type.typeId, sensitive, isFile }),
    [serverTypes, type, sensitive, isFile],
  )
  if (type === null) return null
  return (
    <div className="section">
      <h3 className="section-title">Type</h3>
      {mapping === null ? (
        <p className="text-xs">
          <span className="name">{type.type}</span> is a type that a device does not have.
        </p>
      ) : (
        <>
          <dl className="facts">
            <dt>Server</dt>
            <dd className="name">{mapping.server}</dd>
            <dt>PGlite</dt>
            <dd className="name">{mapping.pglite}</dd>
            <dt>SQLite</dt>
            <dd className="name">{mapping.sqlite}</dd>
            <dt>TypeScript</dt>
            <dd className="name">{mapping.typescript}</dd>
          </dl>
          <p className="hint">{mapping.note}</p>
        </>
      )}
    </div>
  )
}
