import { useId } from 'react'
import { inOrder } from '@/designer/model/operations/order'
import type { AttributeResolution, LocalEntity, ServerEntity } from '@/designer/model/project'
import { shortTypeName } from '../../ui/type-name'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
  readonly value: Readonly<Record<string, AttributeResolution>>
  readonly onChange: (attributes: Record<string, AttributeResolution>) => void
}

const WORDS: Readonly<Record<AttributeResolution, string>> = {
  park: 'a person decides',
  latest: 'the later edit',
  local: 'the device’s edit',
  server: 'the server’s value',
  larger: 'the larger value',
  smaller: 'the smaller value',
}

const CHOICES = [
  'park',
  'latest',
  'local',
  'server',
  'larger',
  'smaller',
] as const satisfies readonly AttributeResolution[]

/** Which value stays where both sides changed one attribute. */
export function AttributeResolutions({ entity, root, value, onChange }: Props) {
  const prefix = useId()
  const attributes = inOrder(entity.attributes).flatMap(([id, { name, source, readOnly }]) => {
    const server = source.kind === 'root' ? root?.attributes[source.attribute] : undefined
    const isWritten = server && !readOnly && server.generated === null && !root?.primaryKey.includes(server.id)
    return isWritten ? [{ id, name, type: server.type }] : []
  })
  const set = (id: string, resolution: AttributeResolution) => {
    const { [id]: _, ...others } = value
    onChange(resolution === 'park' ? others : { ...others, [id]: resolution })
  }
  return (
    <fieldset className="field">
      <legend className="label pb-1">Where both changed it, what stays</legend>
      {attributes.map(({ id, name, type }) => {
        const choices = CHOICES.filter(
          (choice) => choice === value[id] || (choice !== 'larger' && choice !== 'smaller') || ORDERED.test(type),
        )
        return (
          <div key={id} className="flex min-h-7 items-center gap-2" title={`${name} ${shortTypeName(type)}`}>
            <span id={`${prefix}-${id}`} className="name row-text flex-1">
              {name}
            </span>
            <select
              className="select w-36!"
              aria-labelledby={`${prefix}-${id}`}
              value={value[id] ?? 'park'}
              onChange={({ target }) => {
                const choice = choices.find((candidate) => candidate === target.value)
                if (choice) set(id, choice)
              }}
            >
              {choices.map((choice) => (
                <option key={choice} value={choice}>
                  {WORDS[choice]}
                </option>
              ))}
            </select>
          </div>
        )
      })}
    </fieldset>
  )
}

/** What the compiler would take; a domain over such a type is told by the problem that choosing it makes. */
const ORDERED = /^(smallint|integer|bigint|oid|numeric\b.*|real|double precision|date|timestamp\b.*|time\b.*)$/
