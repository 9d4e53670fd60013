import { inOrder } from '@/designer/model/operations/order'
import { type LocalEntity, MergePolicy, type ServerEntity } from '@/designer/model/project'
import { shortTypeName } from '../../ui/type-name'

interface Props {
  readonly entity: LocalEntity
  readonly root: ServerEntity | undefined
  readonly value: Readonly<Record<string, MergePolicy>>
  readonly onChange: (attributes: Record<string, MergePolicy>) => void
}

const POLICY_WORDS: Readonly<Record<MergePolicy, string>> = {
  latest: 'latest stays',
  counter: 'adds up',
  set: 'set of elements',
}

/** How two edits of one attribute become one. */
export function MergeSettings({ entity, root, value, onChange }: Props) {
  const attributes = inOrder(entity.attributes).flatMap(([id, attribute]) => {
    const server = attribute.source.kind === 'root' ? root?.attributes[attribute.source.attribute] : undefined
    return server && !root?.primaryKey.includes(server.id) ? [{ id, name: attribute.name, type: server.type }] : []
  })
  const set = (id: string, policy: MergePolicy) => {
    const { [id]: _, ...others } = value
    onChange(policy === 'latest' ? others : { ...others, [id]: policy })
  }
  return (
    <fieldset className="field">
      <legend className="label pb-1">Two edits of one attribute</legend>
      {attributes.map(({ id, name, type }) => (
        <label key={id} className="flex items-center gap-2">
          <span className="name row-text flex-1" title={type}>
            {name} <span className="row-note">{shortTypeName(type)}</span>
          </span>
          <select
            className="select w-auto!"
            value={value[id] ?? 'latest'}
            onChange={(event) => {
              const policy = MergePolicy.options.find((candidate) => candidate === event.target.value)
              if (policy) set(id, policy)
            }}
          >
            {(['latest', 'counter', 'set'] as const)
              .filter((policy) => policy === 'latest' || policy === value[id] || takes(policy, type))
              .map((policy) => (
                <option key={policy} value={policy}>
                  {POLICY_WORDS[policy]}
                </option>
              ))}
          </select>
        </label>
      ))}
    </fieldset>
  )
}

/** What the compiler would take; a domain over such a type is told by the problem that choosing it makes. */
const takes = (policy: 'counter' | 'set', type: string): boolean =>
  policy === 'set'
    ? type.endsWith('[]') || type === 'jsonb'
    : /^(smallint|integer|bigint|numeric\b.*|real|double precision)$/.test(type)
