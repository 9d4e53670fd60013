import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCw, Table2, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '@/designer/stores/trpc'
import { counted } from '../ui/format'
import { IconButton } from '../ui/icon-button'
import { timeAgo } from '../ui/time-ago'
import { useToast } from '../ui/toasts'

export function RecentProjects() {
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions(undefined, { refetchOnMount: 'always' }))
  const remove = useRemoveWithUndo()

  return (
    <section aria-labelledby="recent" className="grid gap-2">
      <h2 id="recent" className="text-sm text-ink-muted">
        Projects
      </h2>
      {projects.isPending && <Skeletons />}
      {projects.isError && (
        <div className="callout callout-error" role="alert">
          <span className="flex-1">The list could not be read: {projects.error.message}</span>
          <button type="button" className="btn btn-sm" onClick={() => projects.refetch()}>
            <RotateCw /> Try again
          </button>
        </div>
      )}
      {projects.data?.length === 0 && (
        <p className="card border-dashed px-4 py-6 text-center text-ink-muted">
          Your projects will be listed here. Nothing leaves this computer.
        </p>
      )}
      {projects.data && projects.data.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden">
          {projects.data.map((project) => (
            <li key={project.id} className="row-interactive relative flex h-11 items-center gap-3 pr-2 pl-4">
              <Table2 size={15} className="flex-none text-ink-muted" aria-hidden />
              <Link
                href={`/projects/${project.id}/data`}
                className="row-text whitespace-nowrap font-medium after:absolute after:inset-0"
              >
                {project.name}
              </Link>
              <span className="row-note text-right">{contentOf(project)}</span>
              <span className="row-note w-28 text-right">{timeAgo(project.updatedAt)}</span>
              <IconButton
                label={`Delete ${project.name}`}
                className="relative"
                onClick={() => remove(project.id, project.name)}
              >
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

interface Counts {
  readonly entityCount: number
  readonly tableCount: number | null
}

/** A database of which nothing is on devices yet is not an empty project. */
function contentOf({ entityCount, tableCount }: Counts): string {
  if (entityCount > 0 || tableCount === null) return counted(entityCount, 'entity', 'entities')
  return tableCount === 0 ? 'Empty' : `${counted(tableCount, 'table')}, none on devices yet`
}

function useRemoveWithUndo(): (id: string, name: string) => void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const toast = useToast()
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.projects.list.queryKey() })
  const onError = (error: { message: string }) => toast({ message: error.message, urgent: true })
  const restore = useMutation(trpc.projects.restore.mutationOptions({ onSuccess: refresh, onError }))
  const remove = useMutation(trpc.projects.remove.mutationOptions({ onSuccess: refresh, onError }))
  return (id, name) =>
    remove.mutate(
      { id },
      {
        onSuccess: () =>
          toast({ message: `Deleted ${name}.`, action: { label: 'Undo', run: () => restore.mutate({ id }) } }),
      },
    )
}

function Skeletons() {
  return (
    <div className="card divide-y divide-line" aria-hidden>
      {[60, 44, 52].map((width) => (
        <div key={width} className="flex h-11 items-center px-4">
          <div className="skeleton h-3" style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  )
}
