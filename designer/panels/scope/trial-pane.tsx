import { Database, FlaskConical, Plus, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { LocalEntity, Project, Scope, ServerEntity } from '@/designer/model'
import { addTestUser } from '@/designer/model/operations/test-users'
import { newIds, useEdit } from '@/designer/stores/session'
import { formatCount } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { ClaimsEditor } from './claims-editor'
import { claimsOfScope } from './claims-of-scope'
import { useScopeProblems } from './use-scope-problems'
import { type ScopeCounts, useScopeCounts, type Which } from './use-scope-trial'
import { UserRow } from './user-row'
import { WhyRow } from './why-row'

interface Props {
  readonly project: Project
  readonly entity: LocalEntity
  readonly root: ServerEntity
  readonly which: Which
  readonly scope: Scope
}

/** Who gets how much of it, and why. */
export function TrialPane({ project, entity, root, which, scope }: Props) {
  const edit = useEdit()
  const { query, users, isUsable, isOther } = useScopeCounts(project, entity, which, scope)
  // What PostgreSQL refuses is asked for and fails; that is told beside the scope, once.
  const isRefused = useScopeProblems(project, entity, root, which).some(({ severity }) => severity === 'error')
  const isCounted = isUsable && !isRefused
  const [chosen, setChosen] = useState<string | null>(null)
  const user = users.find(({ id }) => id === chosen) ?? users[0]
  const counts = query.data
  const counted = counts?.kind === 'counted' && !isOther ? counts : null
  const total = counted?.total.kind === 'counted' ? counted.total : null
  const isOld = isOther || query.isFetching || !isCounted
  const tryAgain = (
    <button type="button" className="btn btn-sm mt-1" onClick={() => void query.refetch()}>
      <RefreshCw aria-hidden /> Try again
    </button>
  )
  const add = () => {
    const claims = Object.fromEntries(claimsOfScope(project, root, scope).map((name) => [name, '']))
    const made = edit('Add a test user', (draft) => addTestUser(draft, { name: 'user', claims }, newIds))
    if (made.kind === 'done') setChosen(made.value)
  }
  return (
    <section className="scope-trial" aria-label="Test users">
      <div className="scope-title">
        <h2 className="panel-title">Test users</h2>
        <SourceBadge counts={counts} />
        {counts?.source === 'live' && (
          <IconButton label="Count again" className="size-6" onClick={() => void query.refetch()}>
            <RefreshCw />
          </IconButton>
        )}
        <button type="button" className="btn btn-sm ml-auto" onClick={add}>
          <Plus aria-hidden /> User
        </button>
      </div>
      <div className="scope-trial-body">
        {users.length === 0 ? (
          <p className="hint px-3 py-3">
            Name somebody with the claims that a session of theirs has: then each scope shows how many rows their device
            holds{total === null ? '' : ` of ${formatCount(total.rows)}`}.
          </p>
        ) : (
          <ul className="scope-users" aria-busy={isOld} data-old={isOld || undefined}>
            {users.map((each) => (
              <UserRow
                key={each.id}
                user={each}
                isChosen={each.id === user?.id}
                isCounted={isCounted}
                isCounting={isOther || query.isFetching}
                count={counted?.users[each.id] ?? null}
                total={total}
                onChoose={() => setChosen(each.id)}
              />
            ))}
            <li className="scope-total">
              <span className="flex-1">On the server</span>
              <span className="name">{total === null ? '–' : formatCount(total.rows)}</span>
            </li>
          </ul>
        )}
        {!isCounted && <p className="hint px-3 pb-2">Counts come back once the problems of the scope are put right.</p>}
        {counts?.kind === 'unusable' && isUsable && !isOther && !query.isFetching && (
          <div className="callout callout-warning mx-3 mb-2 text-xs">
            <div>
              <p>{counts.message}</p>
              {tryAgain}
            </div>
          </div>
        )}
        {query.isError && !isOther && !query.isFetching && (
          <div className="callout callout-error mx-3 mb-2 text-xs" role="alert">
            <div>
              <p>{query.error.message}</p>
              {tryAgain}
            </div>
          </div>
        )}
        {user !== undefined && (
          <>
            <ClaimsEditor key={user.id} user={user} wanted={claimsOfScope(project, root, scope)} />
            <WhyRow
              key={`${user.id} ${which}`}
              entity={entity}
              which={which}
              scope={scope}
              user={user}
              isUsable={isUsable}
            />
          </>
        )}
      </div>
    </section>
  )
}

function SourceBadge({ counts }: { readonly counts: ScopeCounts | undefined }) {
  if (counts === undefined) return null
  switch (counts.source) {
    case 'live':
      return (
        <span className="badge badge-ok" title="Counted on the connected database, which is only read">
          <Database aria-hidden /> {counts.name ?? 'live'}
        </span>
      )
    case 'sample':
      return (
        <span className="badge" title="Counted on the rows that were imported with the schema">
          <FlaskConical aria-hidden /> sample data
        </span>
      )
    case 'empty':
      return (
        <span
          className="badge badge-conflict"
          title="The schema was imported without rows: connect a database, or import it with its rows"
        >
          <FlaskConical aria-hidden /> no rows
        </span>
      )
  }
}
