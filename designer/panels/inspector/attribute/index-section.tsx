import { isUniqueOnServer, whyNotIndexed } from '@/designer/model/index-rules'
import { addIndex, removeIndex, setIndexUnique } from '@/designer/model/operations/indexes'
import { newIds, useEdit, useProject } from '@/designer/stores/session'
import { SwitchRow } from '../../ui/switch-row'
import type { AttributeProps } from './types'

/** An index of this attribute alone; those of several are the entity's. */
export function IndexSection({ entity, attribute, role }: AttributeProps) {
  const root = useProject((project) => project.serverEntities[entity.root])
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const edit = useEdit()
  const indexes = Object.values(entity.indexes)
  const own = indexes.find(({ attributes }) => attributes.length === 1 && attributes[0] === attribute.id)
  const others = indexes.filter(({ attributes }) => attributes.length > 1 && attributes.includes(attribute.id))
  const isWholeKey = role.isKey && root?.primaryKey.length === 1
  const why = isWholeKey
    ? 'As the key it has an index already.'
    : attribute.sensitive
      ? 'What is encrypted can not be sorted by.'
      : attribute.transfer === 'file'
        ? 'It is a file, of which a row has only the name.'
        : capitalised(whyNotIndexed({ serverEntities, serverTypes }, entity, attribute))
  const canBeUnique = root !== undefined && isUniqueOnServer(entity, root, [attribute.id])
  const what = `“${entity.name}.${attribute.name}”`
  return (
    <div className="section gap-3">
      <h3 className="section-title">Index</h3>
      <SwitchRow
        label="Indexed on the device"
        hint={why ?? 'Looking up and sorting by it is quick; each write takes a little longer.'}
        checked={own !== undefined || isWholeKey}
        fixed={own === undefined && why !== null}
        onChange={(on) =>
          on
            ? edit(`Index ${what}`, (draft) =>
                addIndex(draft, { entity: entity.id, attributes: [attribute.id], ids: newIds }),
              )
            : own && edit(`Remove the index of ${what}`, (draft) => removeIndex(draft, entity.id, own.id))
        }
      />
      {own && (
        <SwitchRow
          label="Unique"
          hint={
            canBeUnique
              ? 'Unique on the server too, so a device can refuse a second one at once.'
              : 'The server does not promise it, so rows could come that the device would have to refuse.'
          }
          checked={own.unique}
          fixed={!canBeUnique && !own.unique}
          onChange={(unique) =>
            edit(`${unique ? 'Make' : 'Do not make'} the index of ${what} unique`, (draft) =>
              setIndexUnique(draft, entity.id, own.id, unique),
            )
          }
        />
      )}
      {others.length > 0 && (
        <p className="hint">
          Also in {others.length === 1 ? 'the index' : 'the indexes'}{' '}
          {others
            .map(({ attributes }) => `(${attributes.map((id) => entity.attributes[id]?.name ?? '?').join(', ')})`)
            .join(', ')}
          .
        </p>
      )}
    </div>
  )
}

const capitalised = (reason: string | null): string | null =>
  reason === null ? null : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
