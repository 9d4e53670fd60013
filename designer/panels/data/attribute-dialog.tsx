import { CornerDownRight, KeyRound, Link2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { attributeSize } from '@/designer/model/attribute-size'
import { deviceType } from '@/designer/model/device-types'
import { parentChange } from '@/designer/model/operations/children'
import { PATTERN_KINDS, type PatternKind, type ServerEntity } from '@/designer/model/project'
import { patternOf } from '@/designer/patterns'
import { useProject } from '@/designer/stores/session'
import { Dialog } from '../ui/dialog'
import { counted, formatBytes } from '../ui/format'
import { PATTERN_SIGNS } from '../ui/pattern-sign'
import { shortTypeName } from '../ui/type-name'
import { orderedAttributes, referencesOf } from './schema-rows'

const WAYS = [
  { id: 'all', label: 'All' },
  { id: 'key', label: 'Key only' },
  { id: 'hand', label: 'By hand' },
] as const

interface Props {
  readonly entity: ServerEntity
  /** Chosen to begin with; null for all. */
  readonly attributes: readonly string[] | null
  /** The local entity that its rows become part of. */
  readonly parent: string | null
  readonly onClose: () => void
  readonly onAdd: (attributes: readonly string[], pattern: PatternKind) => void
}

/** Which attributes of a table go onto the device. The key always goes: without it rows can't be told apart. */
export function AttributeDialog({ entity, attributes: given, parent, onClose, onAdd }: Props) {
  const entities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const attributes = useMemo(() => orderedAttributes(entity), [entity])
  const references = useMemo(() => referencesOf(entity, entities), [entity, entities])
  const fits = useMemo(
    () => new Set(attributes.filter((a) => deviceType({ serverTypes }, a) !== null).map(({ id }) => id)),
    [attributes, serverTypes],
  )
  const parentName = useProject((project) => project.localEntities[parent ?? '']?.name ?? null)
  const isKey = (id: string) => entity.primaryKey.includes(id)
  const [way, setWay] = useState<(typeof WAYS)[number]['id']>(given ? 'hand' : 'all')
  const [byHand, setByHand] = useState<ReadonlySet<string>>(new Set(given ?? fits))
  const [pattern, setPattern] = useState<PatternKind>('last-write-wins')

  const isChosen = (id: string) => isKey(id) || (fits.has(id) && (way === 'all' || (way === 'hand' && byHand.has(id))))
  const chosen = attributes.filter(({ id }) => isChosen(id))
  const toggle = (id: string) => {
    const next = new Set(way === 'hand' ? byHand : chosen.map((attribute) => attribute.id))
    if (!next.delete(id)) next.add(id)
    setByHand(next)
    setWay('hand')
  }

  return (
    <Dialog
      open
      onClose={onClose}
      className="w-[min(480px,calc(100vw-32px))]"
      title={
        <>
          Add <span className="name text-base">{entity.name}</span>
          {parent && (
            <span className="font-normal text-ink-muted text-sm">
              {' '}
              as a child of <span className="name">{parentName}</span>
            </span>
          )}
        </>
      }
      footer={
        <>
          <span className="hint mr-auto">
            <Total attributes={attributes} chosen={chosen} rows={entity.rowEstimate} />
          </span>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="btn btn-primary"
            // biome-ignore lint/a11y/noAutofocus: Enter adds the table as it stands.
            autoFocus
            onClick={() =>
              onAdd(
                chosen.map(({ id }) => id),
                pattern,
              )
            }
          >
            Add to canvas
          </button>
        </>
      }
    >
      <div className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <fieldset className="segmented">
            <legend className="visually-hidden">Attributes on the device</legend>
            {WAYS.map(({ id, label }) => (
              <button key={id} type="button" className="tab" aria-pressed={way === id} onClick={() => setWay(id)}>
                {label}
              </button>
            ))}
          </fieldset>
          <label className="flex items-center gap-2">
            <span className="label">Pattern</span>
            <select
              className="select w-44"
              value={pattern}
              onChange={({ target }) => {
                const next = PATTERN_KINDS.find((kind) => kind === target.value)
                if (next) setPattern(next)
              }}
            >
              {PATTERN_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {PATTERN_SIGNS[kind].label}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p className="hint -mt-1">{patternOf(pattern).summary}</p>
        {parent && <ParentChange parent={parent} child={entity.name} />}
        <ul className="max-h-[40vh] overflow-auto rounded-md border border-line">
          {attributes.map((attribute) => {
            const size = attributeSize(attribute)
            return (
              <li key={attribute.id}>
                <label className="row row-interactive" title={fits.has(attribute.id) ? undefined : NO_TYPE}>
                  <input
                    type="checkbox"
                    className="checkbox"
                    checked={isChosen(attribute.id)}
                    disabled={isKey(attribute.id) || !fits.has(attribute.id)}
                    onChange={() => toggle(attribute.id)}
                  />
                  <span className="name row-text">{attribute.name}</span>
                  {isKey(attribute.id) && <KeyRound className="text-conflict!" aria-label="key" />}
                  {references.has(attribute.id) && (
                    <Link2 className="text-waiting!" aria-label={`refers to ${references.get(attribute.id)}`} />
                  )}
                  <span className="name row-note">
                    {shortTypeName(attribute.type)}
                    {attribute.nullable && '?'}
                  </span>
                  <span className="row-note w-16 text-right" title={size.measured ? 'measured' : 'by its type'}>
                    {size.measured ? '' : '~'}
                    {formatBytes(Math.round(size.bytes))}
                  </span>
                </label>
              </li>
            )
          })}
        </ul>
      </div>
    </Dialog>
  )
}

/** What a child makes of its parent, said before it is done. */
function ParentChange({ parent: id, child }: { readonly parent: string; readonly child: string }) {
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const change = useMemo(
    () => parentChange({ localEntities, serverEntities, serverTypes }, id),
    [localEntities, serverEntities, serverTypes, id],
  )
  const name = localEntities[id]?.name
  const others = change?.others.flatMap((other) => localEntities[other]?.name ?? []) ?? []
  const toMany = PATTERN_SIGNS['one-to-many'].label
  return (
    <p className="callout callout-info">
      <CornerDownRight aria-hidden />
      <span>
        {change === null ? (
          <>
            <span className="name">{name}</span> is {toMany} already: {child} joins its children.
          </>
        ) : (
          <>
            <span className="name">{name}</span> becomes <strong>{toMany}</strong> instead of{' '}
            {PATTERN_SIGNS[change.from].label}: a row and its {child} are then sent, refused and in conflict as one.
            {others.length > 0 && ` So are its ${others.join(', ')}.`}
          </>
        )}
      </span>
    </p>
  )
}

const NO_TYPE = 'A device does not have this type.'

interface TotalProps {
  readonly attributes: readonly Parameters<typeof attributeSize>[0][]
  readonly chosen: readonly Parameters<typeof attributeSize>[0][]
  readonly rows: number | null
}

function Total({ attributes, chosen, rows }: TotalProps) {
  const bytes = Math.round(chosen.reduce((sum, attribute) => sum + attributeSize(attribute).bytes, 0))
  return (
    <>
      {chosen.length} of {counted(attributes.length, 'attribute')}
      <span className="block">
        {formatBytes(bytes)} a row
        {rows !== null && `, ${formatBytes(bytes * rows)} for ${counted(rows, 'row')}`}
      </span>
    </>
  )
}
