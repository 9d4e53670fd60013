import { useMutation } from '@tanstack/react-query'
import { DatabaseZap } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useProject, useSession } from '@/designer/stores/session'
import { useTRPC } from '@/designer/stores/trpc'
import { ImportDialog } from '../home/import-dialog'

/** A project that was started empty takes the place of the one that an import makes. */
export function EmptySchema() {
  const [importing, setImporting] = useState(false)
  const { projectId } = useSession()
  const stillEmpty = useProject((project) => Object.keys(project.localEntities).length === 0)
  const router = useRouter()
  const trpc = useTRPC()
  const remove = useMutation(trpc.projects.remove.mutationOptions())

  return (
    <div className="empty-state">
      <DatabaseZap aria-hidden />
      <h3>No server schema yet</h3>
      <p>The tables of your PostgreSQL database go here.</p>
      <button type="button" className="btn btn-primary" onClick={() => setImporting(true)}>
        Import a database
      </button>
      {importing && (
        <ImportDialog
          initialFile={null}
          onClose={() => setImporting(false)}
          onOpen={(address) => {
            if (stillEmpty) remove.mutate({ id: projectId })
            router.push(address)
          }}
        />
      )}
    </div>
  )
}
