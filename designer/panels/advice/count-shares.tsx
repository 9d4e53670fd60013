import { Ruler, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { inOrder } from '@/designer/model/operations/order'
import { setSharesOnDevice } from '@/designer/model/operations/requirements'
import type { LocalEntity, Project } from '@/designer/model/project'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { useTRPCClient } from '@/designer/stores/trpc'
import { IconButton } from '../ui/icon-button'

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'counting'; readonly done: number; readonly of: number }
  | { readonly kind: 'failed'; readonly reason: string }

/** Puts what the project's test users would hold in the place of guessed shares, as one step that can be undone. */
export function CountShares() {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const calledOff = useRef<AbortController | null>(null)
  const hasUsers = useProject((project) => Object.keys(project.testUsers).length > 0)
  const hasScopes = useProject((project) => Object.values(project.localEntities).some(isScoped))
  const { project, projectId, flush, announce } = useSession()
  const client = useTRPCClient()
  const edit = useEdit()
  if (!hasScopes) return null

  const count = async () => {
    const controller = new AbortController()
    const { signal } = controller
    calledOff.current = controller
    await flush()
    const now = project.getState().history.project
    const scoped = inOrder(now.localEntities).filter(([, entity]) => isScoped(entity))
    const shares: Record<string, number> = {}
    try {
      for (const [index, [id, entity]] of scoped.entries()) {
        setState({ kind: 'counting', done: index, of: scoped.length })
        const input = { id: projectId, entity: id, which: 'read', scope: entity.scope, users: usersOf(now) } as const
        const answer = await client.scope.counts.mutate(input, { signal })
        if (answer.kind === 'unusable') throw new Error(`${entity.name}: ${answer.message}`)
        const rows = Object.values(answer.users).flatMap((each) => (each.kind === 'counted' ? [each.rows] : []))
        if (answer.total.kind !== 'counted' || answer.total.rows === 0 || rows.length === 0) continue
        const mean = rows.reduce((total, each) => total + each, 0) / rows.length
        shares[id] = Number((mean / answer.total.rows).toPrecision(4))
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      setState(signal.aborted ? { kind: 'idle' } : { kind: 'failed', reason })
      return
    }
    edit('Set the shares that were counted', (draft) => setSharesOnDevice(draft, shares))
    announce('Shares were counted')
    setState({ kind: 'idle' })
  }

  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-1">
        <button
          type="button"
          className="btn btn-sm"
          disabled={!hasUsers || state.kind === 'counting'}
          onClick={() => void count()}
        >
          <Ruler aria-hidden />
          {state.kind === 'counting' ? `Counting ${state.done + 1} of ${state.of}` : 'Count the shares'}
        </button>
        {state.kind === 'counting' && (
          <IconButton label="Call it off" className="size-6" onClick={() => calledOff.current?.abort()}>
            <X />
          </IconButton>
        )}
      </div>
      <p className="hint" role={state.kind === 'failed' ? 'alert' : undefined}>
        {state.kind === 'failed'
          ? state.reason
          : hasUsers
            ? 'On data, for the test users of the tab Scope, on average.'
            : 'Add test users in the tab Scope to count on data what a device holds.'}
      </p>
    </div>
  )
}

const isScoped = ({ scope, direction }: LocalEntity): boolean => scope.kind !== 'all' && direction !== 'up'

const MOST_USERS = 40

const usersOf = (project: Project) =>
  inOrder(project.testUsers)
    .slice(0, MOST_USERS)
    .map(([id, { name, claims }]) => ({ id, name, claims }))
