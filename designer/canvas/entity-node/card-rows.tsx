import { CircleAlert, CloudDownload, Equal, KeyRound, Link2, LockKeyhole, Paperclip, Waypoints } from 'lucide-react'
import { memo, useMemo } from 'react'
import { attributeOrigin, originInWords, originType } from '@/designer/model/attribute-origin'
import { cardRows, isKeyRow, referringAttributes } from '@/designer/model/card-rows'
import type { LocalAttribute, LocalEntity, Project, ServerEntity } from '@/designer/model/project'
import { shortTypeName } from '@/designer/panels/ui/type-name'
import { useProject } from '@/designer/stores/session'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
  /** The attribute that is selected. */
  readonly selected: string | null
  /** From farther away the others are no more than their names. */
  readonly namesOnly: boolean
}

export function CardRows({ entity, root, selected, namesOnly }: Props) {
  const { shown, hidden } = useMemo(() => cardRows(entity, root), [entity, root])
  const references = useMemo(() => referringAttributes(root), [root])
  const serverEntities = useProject((project) => project.serverEntities)
  if (namesOnly) return <RowNames attributes={shown} hidden={hidden.length} root={root} />
  return (
    <ul className="entity-rows">
      {shown.map((attribute) => {
        const isKey = isKeyRow(attribute, root)
        return (
          <CardRow
            key={attribute.id}
            serverEntities={serverEntities}
            root={entity.root}
            attribute={attribute}
            isKey={isKey}
            isReference={attribute.source.kind === 'root' && references.has(attribute.source.attribute)}
            selected={attribute.id === selected}
          />
        )
      })}
      {hidden.length > 0 && (
        <li
          className="entity-row text-ink-muted"
          data-selected={hidden.some(({ id }) => id === selected) ? '' : undefined}
          title={hidden.map(({ name }) => name).join(', ')}
        >
          <span className="entity-row-icon" />
          {hidden.length} more
        </li>
      )}
    </ul>
  )
}

interface NamesProps {
  readonly attributes: readonly LocalAttribute[]
  readonly hidden: number
  readonly root: ServerEntity | undefined
}

/** Keys with their sign; what lies between them as one text of a line each: cards come by the dozen while the canvas moves. */
function RowNames({ attributes, hidden, root }: NamesProps) {
  const runs: { readonly id: string; readonly isKey: boolean; readonly names: string[] }[] = []
  for (const attribute of attributes) {
    const isKey = isKeyRow(attribute, root)
    const last = runs.at(-1)
    if (isKey || last === undefined || last.isKey) runs.push({ id: attribute.id, isKey, names: [attribute.name] })
    else last.names.push(attribute.name)
  }
  if (hidden > 0) runs.push({ id: 'hidden', isKey: false, names: [`${hidden} more`] })
  return (
    <ul className="entity-rows">
      {runs.map(({ id, isKey, names }) =>
        isKey ? (
          <li key={id} className="entity-row" data-attribute={names[0]} data-attribute-id={id} data-key="">
            <span className="entity-row-icon">
              <KeyRound className="text-conflict" aria-label="key" />
            </span>
            <span className="row-text">{names[0]}</span>
          </li>
        ) : (
          <li key={id} className="entity-names">
            {names.join('\n')}
          </li>
        ),
      )}
    </ul>
  )
}

interface RowProps {
  readonly serverEntities: Project['serverEntities']
  readonly root: string
  readonly attribute: LocalAttribute
  readonly isKey: boolean
  readonly isReference: boolean
  readonly selected: boolean
}

const CardRow = memo(function CardRow({ serverEntities, root, attribute, isKey, isReference, selected }: RowProps) {
  const origin = attributeOrigin({ serverEntities }, { root }, attribute)
  const type = originType(origin)
  const nullable = (origin.kind === 'column' || origin.kind === 'path') && origin.server.nullable
  const { source } = attribute
  return (
    <li
      className="entity-row"
      data-attribute={attribute.name}
      data-attribute-id={attribute.id}
      data-selected={selected ? '' : undefined}
      data-key={isKey ? '' : undefined}
    >
      <span className="entity-row-icon">
        {isKey ? (
          <KeyRound className="text-conflict" aria-label="key" />
        ) : source.kind === 'denormalised' ? (
          <Waypoints className="text-accent-ink" aria-label="denormalised" />
        ) : source.kind === 'computed' ? (
          <Equal className="text-accent-ink" aria-label="computed" />
        ) : (
          isReference && <Link2 className="text-waiting" aria-label="reference" />
        )}
      </span>
      <span className="row-text">{attribute.name}</span>
      {attribute.sensitive && (
        <span className="entity-row-icon" title="Encrypted on the device">
          <LockKeyhole className="text-ink-muted" aria-label="sensitive" />
        </span>
      )}
      {attribute.transfer === 'on-demand' && (
        <span className="entity-row-icon" title="Comes when the app asks for it">
          <CloudDownload className="text-ink-muted" aria-label="on demand" />
        </span>
      )}
      {attribute.transfer === 'file' && (
        <span className="entity-row-icon" title="Its content travels as a file beside the row">
          <Paperclip className="text-ink-muted" aria-label="as a file" />
        </span>
      )}
      {source.kind === 'denormalised' && origin.kind === 'path' ? (
        <span className="entity-type" title={originInWords(origin)}>
          {origin.table.name}
        </span>
      ) : type === null ? (
        <span className="entity-type entity-missing" title="What it is read from is not in the schema any more">
          <CircleAlert aria-hidden /> missing
        </span>
      ) : (
        <span className="entity-type" title={source.kind === 'computed' ? source.expression : undefined}>
          {shortTypeName(type.type)}
          {nullable && '?'}
        </span>
      )}
    </li>
  )
})
