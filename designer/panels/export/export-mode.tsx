'use client'
import { useQuery } from '@tanstack/react-query'
import { Check, Copy, Download, PackageOpen } from 'lucide-react'
import { type ComponentProps, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useProject, useSession } from '@/designer/stores/session'
import { useTRPCClient } from '@/designer/stores/trpc'
import { IconButton } from '../ui/icon-button'
import { ExportErrors } from './export-errors'
import { ExportFiles } from './export-files'

/** The bundle as it will be downloaded: built by the server from what is saved, to the byte. */
export function ExportMode() {
  const build = useBuild()
  if (build.isError) {
    return (
      <main className="empty-state" role="alert">
        <h2>The bundle could not be built</h2>
        <p>{build.error.message}</p>
        <button type="button" className="btn" onClick={() => build.refetch()}>
          Try again
        </button>
      </main>
    )
  }
  if (!build.data) {
    return (
      <main className="mx-auto grid w-full max-w-[960px] content-start gap-4 p-8" aria-busy="true">
        <h1 className="text-lg">Building the bundle</h1>
        <div className="progress" data-indeterminate="" role="progressbar" aria-label="Building the bundle">
          <span />
        </div>
      </main>
    )
  }
  if (build.data.kind === 'has-errors') return <ExportErrors diagnostics={build.data.diagnostics} />
  return <Built hash={build.data.hash} files={build.data.files} sourceMaps={build.data.sourceMaps} />
}

/** Builds again whenever a newer state of the project was saved. */
function useBuild() {
  const { projectId, project, flush } = useSession()
  const client = useTRPCClient()
  const document = useStore(project, (state) => state.history.project)
  const [settled, setSettled] = useState(document)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(document), 300)
    return () => clearTimeout(timer)
  }, [document])
  const revision = useStore(project, (state) => state.revision)
  return useQuery({
    queryKey: ['bundle', projectId, revision, settled === document],
    queryFn: async () => {
      await flush()
      return client.bundle.build.query({ id: projectId })
    },
    placeholderData: (before) => before,
    gcTime: 0,
  })
}

interface BuiltProps extends ComponentProps<typeof ExportFiles> {
  readonly hash: string
}

function Built({ hash, files, sourceMaps }: BuiltProps) {
  const { projectId, flush } = useSession()
  const name = useProject((project) => project.name)
  const fileName = `${
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'project'
  }.syncline.json`
  const command = `npx syncline compile ${fileName} --out bundle`
  return (
    <main className="flex h-full min-h-0 flex-col">
      <div className="grid flex-none gap-4 border-line border-b bg-surface-1 px-6 py-5">
        <div className="flex items-center gap-3">
          <PackageOpen size={20} className="text-accent-ink" aria-hidden />
          <h1 className="text-lg">Bundle of {name}</h1>
          <button
            type="button"
            className="btn btn-primary ml-auto"
            onClick={async () => {
              await flush()
              window.location.assign(`/api/export/${projectId}`)
            }}
          >
            <Download aria-hidden /> Download zip
          </button>
        </div>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-1">
          <dt className="label">Hash</dt>
          <dd className="flex items-center gap-1">
            <code className="truncate" data-bundle-hash={hash}>
              {hash}
            </code>
            <CopyButton text={hash} label="Copy the hash" />
          </dd>
          <dt className="label">Same files by command</dt>
          <dd className="flex items-center gap-1">
            <code className="truncate">{command}</code>
            <CopyButton text={command} label="Copy the command" />
            <a className="btn btn-sm btn-ghost" href={`/api/project-file/${projectId}`} download>
              <Download aria-hidden /> {fileName}
            </a>
          </dd>
        </dl>
      </div>
      <ExportFiles files={files} sourceMaps={sourceMaps} />
    </main>
  )
}

function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false)
  const { announce } = useSession()
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      className="size-6"
      onClick={async () => {
        await navigator.clipboard.writeText(text)
        setCopied(true)
        announce('Copied')
      }}
      onBlur={() => setCopied(false)}
    >
      {copied ? <Check /> : <Copy />}
    </IconButton>
  )
}
