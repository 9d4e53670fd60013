import { ChevronLeft, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { attributeOrigin, attributeRole } from '@/designer/model/attribute-origin'
import { removeLocalAttribute, renameLocalAttribute } from '@/designer/model/operations/local-attributes'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { ProblemList } from '../../problems/problem-list'
import { EditableText } from '../../ui/editable-text'
import { IconButton } from '../../ui/icon-button'
import { DefaultSection } from './default-section'
import { IndexSection } from './index-section'
import { OriginSection } from './origin-section'
import { SwitchesSection } from './switches-section'
import { TransferSection } from './transfer-section'
import { TypeSection } from './type-section'
import type { AttributeProps } from './types'

/** One attribute of a local entity, with whatever can be set of it. */
export function LocalAttributeInspector({ entity: entityId, id }: { readonly entity: string; readonly id: string }) {
  const entity = useProject((project) => project.localEntities[entityId])
  const serverEntities = useProject((project) => project.serverEntities)
  const attribute = entity?.attributes[id]
  const facts = useMemo(() => {
    if (!entity || !attribute) return null
    return {
      origin: attributeOrigin({ serverEntities }, entity, attribute),
      role: attributeRole({ serverEntities }, entity, attribute),
    }
  }, [entity, attribute, serverEntities])
  if (!entity || !attribute || !facts) return null
  const props: AttributeProps = { entity, attribute, ...facts }
  return (
    <>
      <Head {...props} />
      <div className="panel-body">
        <ProblemList target={entityId} attribute={id} />
        <OriginSection {...props} />
        <TypeSection {...props} />
        <SwitchesSection {...props} />
        <DefaultSection {...props} />
        <IndexSection {...props} />
        <TransferSection {...props} />
      </div>
    </>
  )
}

function Head({ entity, attribute, role }: AttributeProps) {
  const edit = useEdit()
  const { selection } = useSession()
  const back = () => selection.select({ kind: 'local-entities', ids: [entity.id] })
  return (
    <div className="panel-head pl-1">
      <IconButton label={`Back to ${entity.name}`} onClick={back}>
        <ChevronLeft />
      </IconButton>
      <button
        type="button"
        className="name max-w-[40%] flex-none overflow-hidden text-ellipsis whitespace-nowrap text-ink-muted hover:underline"
        tabIndex={-1}
        onClick={back}
      >
        {entity.name}
      </button>
      <span className="text-ink-muted" aria-hidden>
        /
      </span>
      <EditableText
        label="Name of the attribute on the device"
        value={attribute.name}
        renameTarget
        className="name -ml-2 min-w-0 flex-1 font-semibold"
        onCommit={(name) =>
          edit(`Rename “${entity.name}.${attribute.name}”`, (draft) =>
            renameLocalAttribute(draft, entity.id, attribute.id, name),
          )
        }
      />
      <IconButton
        label={role.isKey ? 'Belongs to the key: it has to be on the device' : 'Leave out of the device'}
        shortcut={role.isKey ? '' : 'Del'}
        disabled={role.isKey}
        onClick={() => {
          const removed = edit(`Remove “${entity.name}.${attribute.name}”`, (draft) =>
            removeLocalAttribute(draft, entity.id, attribute.id),
          )
          if (removed.kind === 'done') back()
        }}
      >
        <Trash2 />
      </IconButton>
    </div>
  )
}
