import { useState } from 'react'
import { deviceDefault } from '@/designer/compiler/2-lower/defaults'
import { setAttributeDefault } from '@/designer/model/operations/attribute-settings'
import { useEdit, useProject } from '@/designer/stores/session'
import type { AttributeProps } from './types'

/** What a new row has there: the server's default, or one of the device's own. */
export function DefaultSection({ entity, attribute, origin, role }: AttributeProps) {
  const serverTypes = useProject((project) => project.serverTypes)
  const edit = useEdit()
  const [draft, setDraft] = useState<string | null>(null)
  if (origin.kind !== 'column' || entity.direction === 'down') return null
  const { server } = origin
  const why = whyNone(attribute, role)
  const onServer = server.generated ?? server.default
  const onDevice = deviceDefault({ serverTypes }, server)
  const commit = () => {
    const text = draft?.trim() ?? null
    if (text !== null && text !== (attribute.default ?? '')) {
      edit(`Set the default of “${entity.name}.${attribute.name}”`, (project) =>
        setAttributeDefault(project, entity.id, attribute.id, text === '' ? null : text),
      )
    }
    setDraft(null)
  }
  return (
    <div className="section">
      <h3 className="section-title">Default of a new row</h3>
      <dl className="facts">
        <dt>Server</dt>
        <dd className={onServer === null ? 'text-ink-muted' : 'name'}>
          {onServer ?? (server.identity === null ? 'none' : 'numbered by the server')}
        </dd>
      </dl>
      {why === null || attribute.default !== null ? (
        <label className="field">
          <span className="label">On the device</span>
          <input
            className="input name"
            spellCheck={false}
            placeholder={onDevice ?? (onServer === null ? 'none' : 'null, until it was synced')}
            value={draft ?? attribute.default ?? ''}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit()
              if (event.key === 'Escape') setDraft(null)
            }}
          />
          <span className="hint">
            {why ?? (
              <>
                An SQL constant: <code>&apos;open&apos;</code>, <code>0</code>, <code>true</code>, <code>now()</code>.
                Empty for the server’s.
              </>
            )}
          </span>
        </label>
      ) : (
        <p className="hint">{why}</p>
      )}
    </div>
  )
}

function whyNone(
  { sensitive, readOnly, transfer }: AttributeProps['attribute'],
  role: AttributeProps['role'],
): string | null {
  if (role.isKey) return 'The key is made as its strategy says.'
  if (role.madeByServer || readOnly || transfer === 'on-demand')
    return 'A device does not write it; the server’s value comes with the next sync.'
  if (transfer === 'file') return 'It is a file, of which a row has only the name.'
  return sensitive ? 'A default would stand in the device’s schema in clear text.' : null
}
