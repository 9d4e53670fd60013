import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { usePanels, useSession } from '@/designer/stores/session'
import { useTRPC } from '@/designer/stores/trpc'
import { ImportFailure } from '../home/import-failure'
import { ImportProgress } from '../home/import-progress'
import { type ImportSource, ImportSourceForm } from '../home/import-source-form'
import { type ImportFailed, type ImportStage, type ReadDatabase, readAgain } from '../home/run-import'
import { Dialog } from '../ui/dialog'
import { useToast } from '../ui/toasts'
import { Review } from './review'

type State =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'running'; readonly stage: ImportStage | null; readonly source: ImportSource }
  | { readonly kind: 'failed'; readonly failure: ImportFailed }
  | { readonly kind: 'read'; readonly read: ReadDatabase }

/** Reads the database again, shows what is otherwise and what that means, and takes what the user wants of it. */
export function ReimportDialog() {
  return usePanels(({ reimport }) => reimport) ? <OpenDialog /> : null
}

function OpenDialog() {
  const { projectId, panels } = useSession()
  const trpc = useTRPC()
  const kept = useQuery(
    trpc.connections.describe.queryOptions({ id: projectId }, { staleTime: 0, gcTime: 0, retry: false }),
  )
  const toast = useToast()
  const forget = useMutation(
    trpc.connections.remove.mutationOptions({
      onSuccess: () => kept.refetch(),
      onError: ({ message }) => toast({ message, urgent: true }),
    }),
  )
  const [state, setState] = useState<State>({ kind: 'choosing' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const close = () => panels.setState({ reimport: false })
  const start = useCallback(
    async (source: ImportSource) => {
      const controller = new AbortController()
      running.current = controller
      setState({ kind: 'running', stage: null, source })
      const answer = await readAgain(projectId, source, {
        signal: controller.signal,
        onStage: (stage) => !controller.signal.aborted && setState({ kind: 'running', stage, source }),
      })
      if (controller.signal.aborted) return
      setState(answer.kind === 'failed' ? { kind: 'failed', failure: answer } : { kind: 'read', read: answer })
    },
    [projectId],
  )
  const cancel = () => {
    running.current?.abort()
    setState({ kind: 'choosing' })
  }

  if (state.kind === 'read') return <Review read={state.read} onClose={close} />
  return (
    <Dialog open onClose={close} title="Read the database again" className="w-[min(640px,calc(100vw-32px))]">
      {!kept.isPending && (
        <div className="grid gap-4" hidden={state.kind !== 'choosing'}>
          {kept.data?.kind === 'unreadable' && <p className="callout callout-warning">{kept.data.message}</p>}
          <ImportSourceForm
            // Begins anew where the connection comes or goes.
            key={kept.data?.kind}
            hidden={state.kind !== 'choosing'}
            onStart={start}
            startLabel="Compare"
            kept={kept.data?.kind === 'kept' ? kept.data : null}
            onForget={() => forget.mutate({ id: projectId })}
          />
        </div>
      )}
      {state.kind === 'running' && (
        <ImportProgress stage={state.stage} what="the database" source={state.source} onCancel={cancel} />
      )}
      {state.kind === 'failed' && <ImportFailure failure={state.failure} what="The database" onBack={cancel} />}
    </Dialog>
  )
}
