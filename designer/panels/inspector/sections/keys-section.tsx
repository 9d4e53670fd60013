import { KeyRound } from 'lucide-react'
import { useId, useMemo } from 'react'
import { keyAdvice } from '@/designer/model/key-advice'
import { setKeyStrategy } from '@/designer/model/operations/local-entities'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { useEdit, useProject } from '@/designer/stores/session'
import { Collapsible } from '../../ui/collapsible'

/** Who makes the key of a new row, with what speaks for each way on this table. */
export function KeysSection({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity }) {
  const serverEntities = useProject((project) => project.serverEntities)
  const localEntities = useProject((project) => project.localEntities)
  const edit = useEdit()
  const group = useId()
  const advice = useMemo(
    () => keyAdvice({ serverEntities, localEntities }, root),
    [serverEntities, localEntities, root],
  )
  const chosen = advice.options.find(({ strategy }) => strategy === entity.keyStrategy)
  const createsRows = entity.direction !== 'down'
  return (
    <Collapsible id="keys" title="Key" summary={createsRows ? chosen?.label : advice.key.join(', ')}>
      <p className="name flex items-center gap-1.5">
        <KeyRound size={13} className="flex-none text-conflict" aria-hidden />
        {advice.key.join(', ') || 'none'}
      </p>
      {createsRows ? (
        <fieldset className="grid gap-1.5">
          <legend className="label pb-1">Key of a new row</legend>
          {advice.options.map(({ way, strategy, label, meaning, possible, recommended, reason }) => (
            <label key={way} className="key-option" data-possible={possible}>
              <input
                type="radio"
                className="radio"
                name={group}
                aria-label={label}
                aria-describedby={`${group}-${way}`}
                checked={strategy === entity.keyStrategy}
                disabled={!possible}
                onChange={() =>
                  edit(`Set the key of “${entity.name}”`, (draft) => setKeyStrategy(draft, entity.id, strategy))
                }
              />
              <span className={possible ? 'flex items-center gap-2' : 'flex items-center gap-2 text-ink-muted'}>
                {label}
                {recommended && <span className="badge badge-accent">advised</span>}
              </span>
              <span className="hint" id={`${group}-${way}`}>
                {possible ? `${meaning} ${reason}` : reason}
              </span>
            </label>
          ))}
          {chosen?.possible !== true && (
            <p className="callout callout-error">The way that is set is not possible with this key.</p>
          )}
        </fieldset>
      ) : (
        <p className="hint">Rows of this entity only come to the device, so that no key is made there.</p>
      )}
      {createsRows && advice.improvement && <p className="hint">{advice.improvement}</p>}
    </Collapsible>
  )
}
