import { Popover } from '@base-ui/react/popover'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Check, CircleHelp, Minus, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LocalEntity, Scope, TestUser } from '@/designer/model'
import { useSession } from '@/designer/stores/session'
import { type RouterOutputs, useTRPCClient } from '@/designer/stores/trpc'
import type { Which } from './use-scope-trial'
import { useSettled } from './use-settled'

interface Props {
  readonly entity: LocalEntity
  readonly which: Which
  readonly scope: Scope
  readonly user: TestUser
  readonly isUsable: boolean
}

interface Row {
  readonly key: readonly string[]
  readonly label: string | null
}

/** Why a row is, or is not, on this user's device. */
export function WhyRow({ entity, which, scope, user, isUsable }: Props) {
  const session = useSession()
  const client = useTRPCClient()
  const [row, setRow] = useState<Row | null>(null)
  // The question as it was when the typing came to rest.
  const question = useMemo(() => ({ scope, user, row }), [scope, user, row])
  const asked = useSettled(question)
  const answer = useQuery({
    queryKey: ['scope-why', session.projectId, entity.id, which, asked],
    queryFn: async ({ signal }) => {
      await session.flush()
      const { id, name, claims } = asked.user
      const key = [...(asked.row?.key ?? [])]
      const input = { id: session.projectId, entity: entity.id, which, scope: asked.scope, key }
      return client.scope.explain.mutate({ ...input, user: { id, name, claims } }, { signal })
    },
    enabled: asked.row !== null && isUsable,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
    refetchOnWindowFocus: false,
  })
  // An explanation of another row, or of another condition, is none of this one.
  const isOther = asked !== question || answer.isPlaceholderData
  return (
    <section className="scope-why" aria-label="Why a row is on the device">
      <div className="flex flex-wrap items-center gap-2">
        <span className="label">
          {which === 'read' ? `Is it on ${user.name}’s device?` : `May ${user.name} write it?`}
        </span>
        <RowPicker entity={entity} row={row} onChoose={setRow} />
      </div>
      {answer.isError && !isOther && <p className="hint text-error">{answer.error.message}</p>}
      {isOther && row !== null && isUsable && <p className="hint">Looking …</p>}
      {answer.data && !isOther && row !== null && (
        <Explanation answer={answer.data} isOld={answer.isFetching} which={which} />
      )}
    </section>
  )
}

const idOf = ({ key }: Row): string => JSON.stringify(key)

interface PickerProps {
  readonly entity: LocalEntity
  readonly row: Row | null
  readonly onChoose: (row: Row) => void
}

function RowPicker({ entity, row, onChoose }: PickerProps) {
  const session = useSession()
  const client = useTRPCClient()
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const wanted = useSettled(search)
  const rows = useQuery({
    queryKey: ['scope-rows', session.projectId, entity.id, wanted],
    queryFn: async ({ signal }) => {
      await session.flush()
      return client.scope.rows.mutate({ id: session.projectId, entity: entity.id, search: wanted }, { signal })
    },
    enabled: open,
    staleTime: 30_000,
    retry: false,
    placeholderData: (before) => before,
  })
  const found = rows.data?.kind === 'rows' ? rows.data.rows : []
  // Rows come after they were searched: whichever is first by then is the one that Enter takes.
  const [marked, setMarked] = useState('')
  const value = found.some((each) => idOf(each) === marked) ? marked : found[0] === undefined ? '' : idOf(found[0])
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="select name scope-row" aria-label="Row">
        {row === null ? 'choose a row' : (row.label ?? row.key.join(', '))}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="z-[60]" align="end" sideOffset={4}>
          <Popover.Popup className="menu scope-picker" aria-label="Rows">
            <Command label="Rows" shouldFilter={false} loop value={value} onValueChange={setMarked}>
              <Command.Input
                autoFocus
                value={search}
                onValueChange={setSearch}
                placeholder={`Key or name of one of ${entity.name}`}
                className="input mb-1"
              />
              <Command.List className="max-h-[260px] overflow-auto">
                <Command.Empty className="px-2 py-3 text-ink-muted text-xs">
                  {rows.isFetching ? 'Looking' : rows.data?.kind === 'failed' ? rows.data.message : 'No such row.'}
                </Command.Empty>
                {found.map((each) => (
                  <Command.Item
                    key={idOf(each)}
                    value={idOf(each)}
                    className="menu-item"
                    onSelect={() => {
                      setOpen(false)
                      onChoose(each)
                    }}
                  >
                    <span className="row-text">{each.label ?? each.key.join(', ')}</span>
                    {each.label !== null && <span className="menu-note name">{each.key.join(', ')}</span>}
                  </Command.Item>
                ))}
              </Command.List>
            </Command>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

type Answer = RouterOutputs['scope']['explain']
type Term = Extract<Answer['explanation'], { kind: 'explained' }>['term']

function Explanation({
  answer: { explanation },
  isOld,
  which,
}: {
  readonly answer: Answer
  readonly isOld: boolean
  readonly which: Which
}) {
  switch (explanation.kind) {
    case 'not-found':
      return <p className="hint">The row is not there any more.</p>
    case 'failed':
      return <p className="callout callout-warning text-xs">{explanation.message}</p>
    case 'explained': {
      const { inScope, because, rules, term } = explanation
      const verdict = which === 'read' ? 'in the scope' : 'open to writing'
      return (
        <div ref={showAnswer} className="grid gap-2" data-old={isOld || undefined} aria-live="polite">
          <p className="scope-verdict" data-in={inScope}>
            {inScope ? <Check size={15} aria-hidden /> : <X size={15} aria-hidden />}
            <span>
              <strong>{inScope ? `Yes, it is ${verdict}.` : `No, it is not ${verdict}.`}</strong> What decided it:{' '}
              {because.join('; ')}.
            </span>
          </p>
          {rules.map((rule) => (
            <p key={rule} className="callout callout-info text-xs">
              {rule}
            </p>
          ))}
          {term.terms.length > 0 && (
            <ul className="scope-explained" aria-label="Each condition">
              <ExplainedTerm term={term} />
            </ul>
          )}
        </div>
      )
    }
  }
}

/** An answer below the edge of the panel would go unseen. */
const showAnswer = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })

const HOLDS = {
  true: { Icon: Check, words: 'holds', className: 'text-ok' },
  false: { Icon: X, words: 'does not hold', className: 'text-error' },
  null: { Icon: CircleHelp, words: 'is not known', className: 'text-conflict' },
} as const

const GROUPS: Readonly<Record<string, string>> = { and: 'all of', or: 'any of', not: 'not' }

function ExplainedTerm({ term }: { readonly term: Term }) {
  const { Icon, words, className } = HOLDS[`${term.holds}`]
  return (
    <li>
      <div className="flex gap-1.5">
        <Icon size={13} className={`mt-0.5 flex-none ${className}`} aria-label={words} />
        <span className="min-w-0">
          {GROUPS[term.kind] ?? term.words}
          {term.values.map((value) => (
            <span key={value.words} className="scope-seen">
              {value.words} <Minus size={8} aria-hidden className="inline" /> <b>{value.value ?? 'empty'}</b>
            </span>
          ))}
        </span>
      </div>
      {term.terms.length > 0 && (
        <ul>
          {term.terms.map((inner, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a term has no name but its place.
            <ExplainedTerm key={index} term={inner} />
          ))}
        </ul>
      )}
    </li>
  )
}
