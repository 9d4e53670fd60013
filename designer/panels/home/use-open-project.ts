import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '@/designer/stores/trpc'
import { useToast } from '../ui/toasts'

export interface OpenProject {
  readonly sample: () => void
  readonly empty: () => void
  readonly file: (file: File) => void
  /** Which of the three is under way. */
  readonly busy: 'sample' | 'empty' | 'file' | null
}

/** The ways to a project that need no dialog; each ends in its Data mode. */
export function useOpenProject(): OpenProject {
  const trpc = useTRPC()
  const router = useRouter()
  const toast = useToast()
  const go = ({ id }: { id: string }) => router.push(`/projects/${id}/data`)
  const onError = (error: { message: string }) => toast({ message: error.message, urgent: true })

  const sample = useMutation(trpc.projects.openSample.mutationOptions({ onSuccess: go, onError }))
  const empty = useMutation(trpc.projects.createEmpty.mutationOptions({ onSuccess: go, onError }))
  const openFile = useMutation(
    trpc.projects.openFile.mutationOptions({
      onSuccess: (result) => {
        if (result.kind === 'opened') go(result)
        else toast({ message: result.message, urgent: true })
      },
      onError,
    }),
  )

  return {
    sample: () => sample.mutate(),
    empty: () => empty.mutate({ name: 'Untitled project' }),
    file: async (file) => openFile.mutate({ text: await file.text() }),
    busy: sample.isPending ? 'sample' : empty.isPending ? 'empty' : openFile.isPending ? 'file' : null,
  }
}
