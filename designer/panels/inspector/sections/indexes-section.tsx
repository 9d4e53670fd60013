import { ArrowDown, ArrowUp, Plus, Trash2, X } from 'lucide-react'
import { isUniqueOnServer, whyNotIndexed } from '@/designer/model/index-rules'
import { addIndex, removeIndex, setIndexAttributes, setIndexUnique } from '@/designer/model/operations/indexes'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { newIds, useEdit, useProject } from '@/designer/stores/session'
import { Collapsible } from '../../ui/collapsible'
import { IconButton } from '../../ui/icon-button'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity
}

type Index = LocalEntity['indexes'][string]

/** Indexes that the device keeps besides that of the key, each of one attribute or several. */
export function IndexesSection({ entity, root }: Props) {
  const edit = useEdit()
  const indexable = useIndexable(entity)
  const indexes = Object.values(entity.indexes).sort((a, b) => (a.id < b.id ? -1 : 1))
  const alone = new Set(indexes.flatMap(({ attributes }) => (attributes.length === 1 ? attributes : [])))
  const key = new Set(root.primaryKey)
  const isKey = (id: string) => {
    const source = entity.attributes[id]?.source
    return source?.kind === 'root' && key.has(source.attribute)
  }
  // The key has an index already.
  const next = indexable.find(({ id }) => !alone.has(id) && !isKey(id))
  return (
    <Collapsible
      id="indexes"
      title="Indexes"
      summary={indexes.length === 0 ? 'only the key' : indexes.length}
      actions={
        next && (
          <IconButton
            label="Add an index"
            onClick={() =>
              edit(`Add an index to “${entity.name}”`, (draft) =>
                addIndex(draft, { entity: entity.id, attributes: [next.id], ids: newIds }),
              )
            }
          >
            <Plus />
          </IconButton>
        )
      }
    >
      {indexes.length === 0 && (
        <p className="hint">The device looks up by the key alone. An index makes other lookups quick.</p>
      )}
      {indexes.map((index) => (
        <IndexCard key={index.id} entity={entity} root={root} index={index} indexable={indexable} />
      ))}
    </Collapsible>
  )
}

interface CardProps extends Props {
  readonly index: Index
  readonly indexable: readonly { readonly id: string; readonly name: string }[]
}

function IndexCard({ entity, root, index, indexable }: CardProps) {
  const edit = useEdit()
  const { attributes } = index
  const names = attributes.map((id) => entity.attributes[id]?.name ?? '?')
  const what = `the index (${names.join(', ')})`
  const set = (label: string, next: readonly string[]) =>
    edit(label, (draft) => setIndexAttributes(draft, entity.id, index.id, next))
  const canBeUnique = isUniqueOnServer(entity, root, attributes)
  const left = indexable.filter(({ id }) => !attributes.includes(id))
  return (
    <fieldset className="grid gap-1 rounded-md border border-line p-2">
      <legend className="visually-hidden">Index of {names.join(', ')}</legend>
      <ol>
        {attributes.map((id, at) => (
          <li key={id} className="flex h-7 items-center gap-1">
            <span className="name row-text">{names[at]}</span>
            {at > 0 && (
              <IconButton
                label={`Move ${names[at]} up`}
                onClick={() => set(`Reorder ${what}`, attributes.with(at, attributes[at - 1] ?? id).with(at - 1, id))}
              >
                <ArrowUp />
              </IconButton>
            )}
            {at < attributes.length - 1 && (
              <IconButton
                label={`Move ${names[at]} down`}
                onClick={() => set(`Reorder ${what}`, attributes.with(at, attributes[at + 1] ?? id).with(at + 1, id))}
              >
                <ArrowDown />
              </IconButton>
            )}
            {attributes.length > 1 && (
              <IconButton
                label={`Take ${names[at]} out of the index`}
                onClick={() => set(`Change ${what}`, attributes.toSpliced(at, 1))}
              >
                <X />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
      <div className="flex items-center gap-2">
        {left.length > 0 && (
          <select
            className="select h-6! w-auto! text-xs!"
            aria-label={`Add an attribute to ${what}`}
            value=""
            onChange={(event) => set(`Change ${what}`, [...attributes, event.target.value])}
          >
            <option value="">Then by…</option>
            {left.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        {(canBeUnique || index.unique) && (
          <label className="flex items-center gap-1.5 text-xs">
            <input
              type="checkbox"
              className="checkbox"
              checked={index.unique}
              onChange={(event) =>
                edit(`Change ${what}`, (draft) => setIndexUnique(draft, entity.id, index.id, event.target.checked))
              }
            />
            Unique
          </label>
        )}
        <IconButton
          label={`Remove ${what}`}
          className="ml-auto"
          onClick={() => edit(`Remove ${what}`, (draft) => removeIndex(draft, entity.id, index.id))}
        >
          <Trash2 />
        </IconButton>
      </div>
    </fieldset>
  )
}

function useIndexable(entity: LocalEntity): CardProps['indexable'] {
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  return inOrder(entity.attributes).flatMap(([id, attribute]) =>
    attribute.sensitive || whyNotIndexed({ serverEntities, serverTypes }, entity, attribute) !== null
      ? []
      : [{ id, name: attribute.name }],
  )
}
