import { Ban, Link2, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { deviceType } from '@/designer/model/device-types'
import { addLocalAttribute, setLocalAttributes } from '@/designer/model/operations/local-attributes'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { newIds, useEdit, useProject } from '@/designer/stores/session'
import { orderedAttributes, referencesOf } from '../../data/schema-rows'
import { counted } from '../../ui/format'
import { shortTypeName } from '../../ui/type-name'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
}

/** Columns of the table that are not on the device; a press takes one. */
export function ColumnsNotTaken({ entity, root }: Props) {
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const edit = useEdit()
  const references = useMemo(
    () => (root ? referencesOf(root, serverEntities) : new Map<string, string>()),
    [root, serverEntities],
  )
  const left = useMemo(() => {
    const taken = new Set(
      Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
    )
    return root ? orderedAttributes(root).filter(({ id }) => !taken.has(id)) : []
  }, [root, entity.attributes])
  const possible = left.filter((attribute) => deviceType({ serverTypes }, attribute) !== null)
  if (left.length === 0) return null
  const takeAll = () => {
    const taken = Object.values(entity.attributes).flatMap(({ source }) =>
      source.kind === 'root' ? [source.attribute] : [],
    )
    edit(`Add all attributes of “${entity.name}”`, (draft) =>
      setLocalAttributes(draft, entity.id, [...taken, ...possible.map(({ id }) => id)], newIds),
    )
  }
  return (
    <div className="pt-3">
      <div className="flex items-center px-3">
        <h4 className="section-title flex-1">{counted(left.length, 'column')} not on the device</h4>
        {possible.length > 1 && (
          <button type="button" className="btn btn-sm btn-ghost" onClick={takeAll}>
            Take all
          </button>
        )}
      </div>
      <ul aria-label="Columns not on the device">
        {left.map((column) => {
          const isPossible = possible.includes(column)
          const reference = references.get(column.id)
          return (
            <li key={column.id}>
              <button
                type="button"
                className="row row-interactive px-4!"
                aria-disabled={!isPossible}
                title={
                  isPossible
                    ? (column.comment ?? undefined)
                    : `A device has no type ${column.type}: it stays on the server.`
                }
                onClick={() =>
                  isPossible &&
                  edit(`Add “${entity.name}.${column.name}”`, (draft) =>
                    addLocalAttribute(draft, entity.id, column.id, newIds),
                  )
                }
              >
                {isPossible ? <Plus aria-label="Take" /> : <Ban aria-label="Not possible:" />}
                <span className="name row-text text-ink-muted">{column.name}</span>
                {reference && <Link2 className="text-waiting!" aria-label={`refers to ${reference}`} />}
                <span className="name row-note max-w-[42%] overflow-hidden text-ellipsis">
                  {shortTypeName(column.type)}
                  {column.nullable && '?'}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
