import { KeyRound, Link2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ServerEntity } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'
import { Dialog } from '../ui/dialog'
import { counted } from '../ui/format'
import { shortTypeName } from '../ui/type-name'
import { orderedAttributes, referencesOf } from './schema-rows'

const WAYS = [
  { id: 'all', label: 'All' },
  { id: 'key', label: 'Key only' },
  { id: 'hand', label: 'By hand' },
] as const

interface Props {
  readonly entity: ServerEntity
  readonly onClose: () => void
  readonly onAdd: (attributes: readonly string[]) => void
}

/** Which attributes of a table go onto the device. The key always goes: without it rows can't be told apart. */
export function AttributeDialog({ entity, onClose, onAdd }: Props) {
  const entities = useProject((project) => project.serverEntities)
  const attributes = useMemo(() => orderedAttributes(entity), [entity])
  const references = useMemo(() => referencesOf(entity, entities), [entity, entities])
  const isKey = (id: string) => entity.primaryKey.includes(id)
  const [way, setWay] = useState<(typeof WAYS)[number]['id']>('all')
  const [byHand, setByHand] = useState<ReadonlySet<string>>(new Set(attributes.map(({ id }) => id)))

  const isChosen = (id: string) => isKey(id) || way === 'all' || (way === 'hand' && byHand.has(id))
  const chosen = attributes.filter(({ id }) => isChosen(id)).map(({ id }) => id)
  const toggle = (id: string) => {
    const next = new Set(way === 'hand' ? byHand : chosen)
    if (!next.delete(id)) next.add(id)
    setByHand(next)
    setWay('hand')
  }

  return (
    <Dialog
      open
      onClose={onClose}
      className="w-[min(440px,calc(100vw-32px))]"
      title={
        <>
          Add <span className="name text-base">{entity.name}</span>
        </>
      }
      footer={
        <>
          <span className="hint mr-auto">
            {chosen.length} of {counted(attributes.length, 'attribute')}
          </span>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          {/* biome-ignore lint/a11y/noAutofocus: Enter adds the table as it stands. */}
          <button type="button" className="btn btn-primary" autoFocus onClick={() => onAdd(chosen)}>
            Add to canvas
          </button>
        </>
      }
    >
      <div className="grid gap-3">
        <fieldset className="segmented justify-self-start">
          <legend className="visually-hidden">Attributes on the device</legend>
          {WAYS.map(({ id, label }) => (
            <button key={id} type="button" className="tab" aria-pressed={way === id} onClick={() => setWay(id)}>
              {label}
            </button>
          ))}
        </fieldset>
        <ul className="max-h-[40vh] overflow-auto rounded-md border border-line">
          {attributes.map((attribute) => (
            <li key={attribute.id}>
              <label className="row row-interactive">
                <input
                  type="checkbox"
                  className="checkbox"
                  checked={isChosen(attribute.id)}
                  disabled={isKey(attribute.id)}
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
              </label>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
