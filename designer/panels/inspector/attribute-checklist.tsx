import { KeyRound, Link2, Lock, LockOpen } from 'lucide-react'
import { useMemo } from 'react'
import { setAttributeSwitch } from '@/designer/model/operations/attribute-settings'
import { setLocalAttributes } from '@/designer/model/operations/local-attributes'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { newIds, useEdit, useProject } from '@/designer/stores/session'
import { orderedAttributes, referencesOf } from '../data/schema-rows'
import { IconButton } from '../ui/icon-button'
import { shortTypeName } from '../ui/type-name'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
}

/** Which attributes of the table are on the device. */
export function AttributeChecklist({ entity, root }: Props) {
  const serverEntities = useProject((project) => project.serverEntities)
  const edit = useEdit()
  const attributes = useMemo(() => (root ? orderedAttributes(root) : []), [root])
  const references = useMemo(
    () => (root ? referencesOf(root, serverEntities) : new Map<string, string>()),
    [root, serverEntities],
  )
  const localOf = useMemo(
    () =>
      new Map(
        inOrder(entity.attributes).flatMap(([, local]) =>
          local.source.kind === 'root' ? [[local.source.attribute, local] as const] : [],
        ),
      ),
    [entity.attributes],
  )
  const set = (label: string, chosen: readonly string[]) =>
    edit(label, (draft) => setLocalAttributes(draft, entity.id, chosen, newIds))
  const toggle = (id: string, name: string) => {
    const chosen = new Set(localOf.keys())
    const removed = chosen.delete(id)
    if (!removed) chosen.add(id)
    set(`${removed ? 'Remove' : 'Add'} “${entity.name}.${name}”`, [...chosen])
  }

  return (
    <div className="pt-3 pb-4">
      <div className="flex items-center px-3 pb-1">
        <h3 className="section-title flex-1">
          Attributes on the device
          <span className="badge">
            {localOf.size}/{attributes.length}
          </span>
        </h3>
        {localOf.size < attributes.length && (
          <button
            type="button"
            className="btn btn-sm btn-ghost"
            onClick={() =>
              set(
                `Add all attributes of “${entity.name}”`,
                attributes.map(({ id }) => id),
              )
            }
          >
            All
          </button>
        )}
      </div>
      <ul>
        {attributes.map((attribute) => {
          const isKey = root?.primaryKey.includes(attribute.id) ?? false
          const reference = references.get(attribute.id)
          const local = localOf.get(attribute.id)
          return (
            <li key={attribute.id} className="flex items-center pr-1">
              <label className="row row-interactive min-w-0 flex-1 px-3" title={attribute.comment ?? undefined}>
                <input
                  type="checkbox"
                  className="checkbox"
                  checked={localOf.has(attribute.id)}
                  disabled={isKey}
                  onChange={() => toggle(attribute.id, attribute.name)}
                />
                <span className="name row-text">{attribute.name}</span>
                {isKey && <KeyRound className="text-conflict!" aria-label="key" />}
                {reference && <Link2 className="text-waiting!" aria-label={`refers to ${reference}`} />}
                <span className="name row-note max-w-[42%] overflow-hidden text-ellipsis" title={attribute.type}>
                  {shortTypeName(attribute.type)}
                  {attribute.nullable && '?'}
                </span>
              </label>
              {local && !isKey ? (
                <IconButton
                  label={`Encrypt ${attribute.name} on the device`}
                  side="left"
                  aria-pressed={local.sensitive}
                  onClick={() =>
                    edit(`${local.sensitive ? 'Do not encrypt' : 'Encrypt'} “${entity.name}.${local.name}”`, (draft) =>
                      setAttributeSwitch(draft, entity.id, local.id, 'sensitive', !local.sensitive),
                    )
                  }
                >
                  {local.sensitive ? <Lock /> : <LockOpen className="opacity-40" />}
                </IconButton>
              ) : (
                <span className="w-7 flex-none" />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
