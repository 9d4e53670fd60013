import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, MergePolicy, ServerEntity } from '@/designer/model/project'
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

const POLICIES = ['latest', 'counter', 'set'] as const satisfies readonly MergePolicy[]

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
      {attributes.map(({ id, name, type }) => {
        const policies = POLICIES.filter((policy) => policy === 'latest' || policy === value[id] || takes(policy, type))
        return (
          <div key={id} className="flex min-h-7 items-center gap-2" title={`${name} ${shortTypeName(type)}`}>
            <span id={`merge-${id}`} className="name row-text flex-1">
              {name}
            </span>
            {policies.length === 1 ? (
              <span className="hint w-30 px-2">{POLICY_WORDS.latest}</span>
            ) : (
              <select
                className="select w-30!"
                aria-labelledby={`merge-${id}`}
                value={value[id] ?? 'latest'}
                onChange={(event) => {
                  const policy = policies.find((candidate) => candidate === event.target.value)
                  if (policy) set(id, policy)
                }}
              >
                {policies.map((policy) => (
                  <option key={policy} value={policy}>
                    {POLICY_WORDS[policy]}
                  </option>
                ))}
              </select>
            )}
          </div>
        )
      })}
    </fieldset>
  )
}

/** What the compiler would take; a domain over such a type is told by the problem that choosing it makes. */
const takes = (policy: 'counter' | 'set', type: string): boolean =>
  policy === 'set'
    ? type.endsWith('[]') || type === 'jsonb'
    : /^(smallint|integer|bigint|numeric\b.*|real|double precision)$/.test(type)
