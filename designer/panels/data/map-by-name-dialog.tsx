import { ArrowRight, Check, Minus, Plus, TriangleAlert } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { type NameMapping, nameMapping } from '@/designer/model/name-mapping'
import type { LocalEntity } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'
import { Dialog } from '../ui/dialog'
import { counted } from '../ui/format'
import { shortTypeName } from '../ui/type-name'

const KEYS: Readonly<Record<LocalEntity['keyStrategy'], string>> = {
  'device-uuid': 'made on the device, as a uuid',
  server: 'made by the server, from a sequence',
  natural: 'given by the user',
}

interface Props {
  readonly entity: string
  /** The server entity that it shall take its rows from. */
  readonly table: string
  readonly onClose: () => void
  /** Answers the further columns to take. */
  readonly onMap: (take: readonly string[]) => void
}

/** What becomes of each attribute of an entity that is put onto another table, before it is done. */
export function MapByNameDialog({ entity, table, onClose, onMap }: Props) {
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const possible = useMemo(
    () => nameMapping({ localEntities, serverEntities, serverTypes }, entity, table),
    [localEntities, serverEntities, serverTypes, entity, table],
  )
  const [takesRest, setTakesRest] = useState(false)
  const mapping = possible.kind === 'possible' ? possible.mapping : null
  return (
    <Dialog
      open
      onClose={onClose}
      className="w-[min(560px,calc(100vw-32px))]"
      title={
        <>
          Map <span className="name text-base">{localEntities[entity]?.name}</span> by name to{' '}
          <span className="name text-base">{serverEntities[table]?.name}</span>
        </>
      }
      footer={
        <>
          {mapping && (
            <span className="hint mr-auto">
              {mapping.kept.length} kept, {mapping.dropped.length} dropped,{' '}
              {mapping.added.length + (takesRest ? mapping.left.length : 0)} added
            </span>
          )}
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="btn btn-primary"
            // biome-ignore lint/a11y/noAutofocus: Enter maps it as it is shown; one step takes it back.
            autoFocus
            disabled={mapping === null}
            onClick={() => onMap(takesRest && mapping ? mapping.left.map(({ id }) => id) : [])}
          >
            Map
          </button>
        </>
      }
    >
      {possible.kind === 'impossible' ? (
        <p className="callout callout-warning">
          <TriangleAlert aria-hidden /> {possible.reason}
        </p>
      ) : (
        <Mapping mapping={possible.mapping} takesRest={takesRest} onTakeRest={setTakesRest} />
      )}
    </Dialog>
  )
}

interface MappingProps {
  readonly mapping: NameMapping
  readonly takesRest: boolean
  readonly onTakeRest: (takes: boolean) => void
}

function Mapping({ mapping, takesRest, onTakeRest }: MappingProps) {
  const { entity, table, kept, dropped, added, left, breaks } = mapping
  const newStrategy = mapping.keyStrategy === entity.keyStrategy ? null : mapping.keyStrategy
  return (
    <div className="grid gap-3">
      <p className="hint">
        The card keeps its name, place, pattern and scope. Each attribute takes its values from the column of{' '}
        <span className="name">{table.name}</span> that has its name.
      </p>
      {(breaks.length > 0 || newStrategy !== null) && (
        <div className="callout callout-warning">
          <TriangleAlert aria-hidden />
          <ul className="grid gap-1" aria-label="What changes with it">
            {newStrategy !== null && <li>Keys of new rows: {KEYS[newStrategy]}.</li>}
            {breaks.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <ul className="max-h-[40vh] overflow-auto rounded-md border border-line" aria-label="Attributes">
        {kept.map(({ attribute, source, retyped }) => (
          <Line key={attribute.id} sign={<Check className="text-ok!" aria-label="kept" />} name={attribute.name}>
            {source.kind === 'computed' ? (
              'computed'
            ) : source.kind === 'denormalised' ? (
              'read along the same reference'
            ) : (
              <>
                <ArrowRight aria-label="from" className="inline size-3" />{' '}
                <span className="name">
                  {table.attributes[source.attribute]?.name}
                  {retyped && ` ${shortTypeName(retyped.before)} → ${shortTypeName(retyped.after)}`}
                </span>
              </>
            )}
          </Line>
        ))}
        {dropped.map(({ attribute, reason }) => (
          <Line
            key={attribute.id}
            sign={<Minus className="text-error!" aria-label="dropped" />}
            name={attribute.name}
            gone
          >
            {reason}
          </Line>
        ))}
        {added.map(({ id, name, type }) => (
          <Line key={id} sign={<Plus className="text-waiting!" aria-label="added" />} name={name}>
            key of {table.name} <span className="name">{shortTypeName(type)}</span>
          </Line>
        ))}
        {takesRest &&
          left.map(({ id, name, type }) => (
            <Line key={id} sign={<Plus className="text-waiting!" aria-label="added" />} name={name}>
              <span className="name">{shortTypeName(type)}</span>
            </Line>
          ))}
      </ul>
      {left.length > 0 && (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="checkbox"
            checked={takesRest}
            onChange={({ target }) => onTakeRest(target.checked)}
          />
          Take the other {counted(left.length, 'column')} of {table.name} too
        </label>
      )}
    </div>
  )
}

interface LineProps {
  readonly sign: ReactNode
  readonly name: string
  readonly gone?: boolean
  readonly children: ReactNode
}

function Line({ sign, name, gone = false, children }: LineProps) {
  return (
    <li className="row h-auto! min-h-7 py-1" title={typeof children === 'string' ? children : undefined}>
      {sign}
      <span className={`name row-text ${gone ? 'text-ink-muted line-through' : ''}`}>{name}</span>
      <span className="row-note max-w-[65%] shrink-0 truncate text-right">{children}</span>
    </li>
  )
}
