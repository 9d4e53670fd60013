'use client'
import dynamic from 'next/dynamic'
import { useStore } from 'zustand'
import { useProject, useSession } from '@/designer/stores/session'
import { useTRPCClient } from '@/designer/stores/trpc'

/** PGlite is large: it comes with this mode, and not before. */
const PreviewMode = dynamic(() => import('@/preview/ui').then((module) => module.PreviewMode), { ssr: false })

/** Where designer and preview meet: the preview gets the bundle that the server builds, and knows no project. */
export function PreviewPage() {
  const { projectId, project, flush } = useSession()
  const client = useTRPCClient()
  const name = useProject((p) => p.name)
  const version = useStore(project, (state) => state.revision)
  return (
    <PreviewMode
      key={projectId}
      projectId={projectId}
      projectName={name}
      projectVersion={version}
      startDataUrl={`/api/start-data/${projectId}`}
      loadBundle={async () => {
        await flush()
        return client.bundle.build.query({ id: projectId })
      }}
    />
  )
}
