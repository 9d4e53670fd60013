import { Equal, Waypoints } from 'lucide-react'
import { addComputedAttribute } from '@/designer/model/operations/derived-attributes'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { useDataModeStore } from '../../data/data-mode-context'
import { Collapsible } from '../../ui/collapsible'
import { AttributeList } from './attribute-list'
import { ColumnsNotTaken } from './columns-not-taken'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
}

/** The attributes on the device in their order, whatever they come from, and the columns that are not there. */
export function AttributesSection({ entity, root }: Props) {
  const dataMode = useDataModeStore()
  const { selection } = useSession()
  const edit = useEdit()
  const refers = Object.keys(root?.foreignKeys ?? {}).length > 0
  const compute = () => {
    const column = computedFrom(entity, root)
    const added = edit(`Add a computed attribute to “${entity.name}”`, (draft) =>
      addComputedAttribute(draft, { entity: entity.id, name: 'computed', ...column, ids: newIds }),
    )
    if (added.kind === 'done') selection.select({ kind: 'local-attribute', entity: entity.id, id: added.value })
  }
  return (
    <Collapsible id="attributes" title="Attributes on the device" summary={Object.keys(entity.attributes).length} flush>
      <AttributeList entity={entity} />
      <div className="flex flex-wrap gap-1.5 px-3 pt-2">
        <button type="button" className="btn btn-sm" onClick={compute}>
          <Equal aria-hidden /> Add computed
        </button>
        <button
          type="button"
          className="btn btn-sm"
          disabled={!refers}
          title={refers ? undefined : 'The table refers to no other table.'}
          onClick={() => dataMode.setState({ dialog: { kind: 'denormalise', entity: entity.id, path: null } })}
        >
          <Waypoints aria-hidden /> Denormalise…
        </button>
      </div>
      <ColumnsNotTaken entity={entity} root={root} />
    </Collapsible>
  )
}

/** Something that compiles as it stands, to be changed from there. */
function computedFrom(entity: LocalEntity, root: ServerEntity | undefined) {
  const columns = inOrder(entity.attributes).flatMap(([, { source }]) =>
    source.kind === 'root' ? (root?.attributes[source.attribute] ?? []) : [],
  )
  const column = columns.find(({ type }) => /^(text|character varying)/.test(type)) ?? columns[0]
  return column === undefined
    ? { expression: "''", type: 'text' }
    : { expression: `upper(b."${column.name.replaceAll('"', '""')}"::text)`, type: 'text' }
}
