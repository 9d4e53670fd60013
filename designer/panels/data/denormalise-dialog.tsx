import { KeyRound, Link2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { attributeSize } from '@/designer/model/attribute-size'
import { deviceType } from '@/designer/model/device-types'
import { followPath, pathLabel } from '@/designer/model/paths'
import type { LocalEntity, Project } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'
import { Dialog } from '../ui/dialog'
import { counted, formatBytes } from '../ui/format'
import { shortTypeName } from '../ui/type-name'
import { orderedAttributes } from './schema-rows'

interface Props {
  readonly entity: LocalEntity
  /** The way that is chosen to begin with; null for the first. */
  readonly path: readonly string[] | null
  readonly onClose: () => void
  readonly onAdd: (path: readonly string[], attributes: readonly string[]) => void
}

/** Which attributes of a table that the entity refers to come with each of its rows. */
export function DenormaliseDialog({ entity, path: given, onClose, onAdd }: Props) {
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const ways = useMemo(() => waysFrom(serverEntities, entity.root, given), [serverEntities, entity.root, given])
  const [way, setWay] = useState(given ? given.join('/') : (ways[0]?.key ?? ''))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())

  const path = ways.find(({ key }) => key === way)?.path ?? []
  const table = followPath({ serverEntities }, entity.root, path)?.end
  const present = new Set(
    Object.values(entity.attributes).flatMap(({ source }) =>
      source.kind === 'denormalised' && source.path.join('/') === way ? [source.attribute] : [],
    ),
  )
  const attributes = table ? orderedAttributes(table) : []
  const added = attributes.filter(({ id }) => chosen.has(id))
  const bytes = Math.round(added.reduce((sum, attribute) => sum + attributeSize(attribute).bytes, 0))

  return (
    <Dialog
      open
      onClose={onClose}
      className="w-[min(480px,calc(100vw-32px))]"
      title={
        <>
          Denormalise into <span className="name text-base">{entity.name}</span>
        </>
      }
      footer={
        <>
          <span className="hint mr-auto">
            {counted(added.length, 'attribute')}
            {added.length > 0 && <span className="block">{formatBytes(bytes)} more a row</span>}
          </span>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="btn btn-primary"
            disabled={added.length === 0}
            onClick={() =>
              onAdd(
                path,
                added.map(({ id }) => id),
              )
            }
          >
            Denormalise
          </button>
        </>
      }
    >
      <div className="grid gap-3">
        <label className="field">
          <span className="label">Table that it refers to</span>
          <select
            className="select name"
            value={way}
            onChange={({ target }) => {
              setWay(target.value)
              setChosen(new Set())
            }}
          >
            {ways.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <p className="hint">
          Each row on the device gets these values as its own: read-only there, and kept up to date when the other table
          changes.
        </p>
        {/* Of another table the list begins at its top again. */}
        <ul key={way} className="max-h-[40vh] overflow-auto rounded-md border border-line">
          {attributes.map((attribute) => {
            const fits = deviceType({ serverTypes }, attribute) !== null
            const isPresent = present.has(attribute.id)
            return (
              <li key={attribute.id}>
                <label
                  className="row row-interactive"
                  title={isPresent ? 'Is on the card already.' : fits ? undefined : 'A device does not have this type.'}
                >
                  <input
                    type="checkbox"
                    className="checkbox"
                    checked={isPresent || chosen.has(attribute.id)}
                    disabled={isPresent || !fits}
                    onChange={() => {
                      const next = new Set(chosen)
                      if (!next.delete(attribute.id)) next.add(attribute.id)
                      setChosen(next)
                    }}
                  />
                  <span className="name row-text">{attribute.name}</span>
                  {table?.primaryKey.includes(attribute.id) && <KeyRound className="text-conflict!" aria-label="key" />}
                  {isPresent && <Link2 className="text-waiting!" aria-label="on the card already" />}
                  <span className="name row-note">
                    {shortTypeName(attribute.type)}
                    {attribute.nullable && '?'}
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

interface Way {
  readonly key: string
  readonly path: readonly string[]
  readonly label: string
}

/** Two steps reach what people denormalise; more is found in the tree. */
const LONGEST_WAY = 2

/** The ways out of a table that come to no table twice, the short ones first; with them the given one. */
function waysFrom(
  serverEntities: Project['serverEntities'],
  root: string,
  given: readonly string[] | null,
): readonly Way[] {
  const paths: (readonly string[])[] = []
  let ends: readonly { readonly path: readonly string[]; readonly visited: readonly string[] }[] = [
    { path: [], visited: [root] },
  ]
  for (let step = 0; step < LONGEST_WAY; step += 1) {
    ends = ends.flatMap(({ path, visited }) =>
      Object.values(serverEntities[visited.at(-1) ?? '']?.foreignKeys ?? {})
        .filter(({ entity }) => entity in serverEntities && (path.length === 0 || !visited.includes(entity)))
        .map(({ id, entity }) => ({ path: [...path, id], visited: [...visited, entity] })),
    )
    paths.push(...ends.map(({ path }) => path))
  }
  if (given && !paths.some((path) => path.join('/') === given.join('/'))) paths.push(given)
  return paths.map((path) => ({
    key: path.join('/'),
    path,
    label: `${followPath({ serverEntities }, root, path)?.end.name} via ${pathLabel({ serverEntities }, root, path)}`,
  }))
}
