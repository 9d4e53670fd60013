'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useSelectionInAddress } from '@/designer/stores/address'
import { SessionProvider } from '@/designer/stores/session'
import { useTRPC } from '@/designer/stores/trpc'
import { EntityPicker } from '../data/entity-picker/entity-picker'
import { ReimportDialog } from '../reimport/reimport-dialog'
import { BottomPanelFrame } from './bottom-panel'
import { CommandPalette } from './command-palette'
import { ShortcutsSheet } from './shortcuts-sheet'
import { TopBar } from './top-bar'
import { useKeyboard } from './use-keyboard'
import { type StoredProject, useNewSession } from './use-new-session'

/** The frame around all modes of one project. It stays while modes change, and so do its stores. */
export function Workbench({ projectId, children }: { readonly projectId: string; readonly children: ReactNode }) {
  const trpc = useTRPC()
  const stored = useQuery(
    trpc.projects.get.queryOptions(
      { id: projectId },
      // Read once: from then on the store holds the project, and saving keeps it in step with the server.
      { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false },
    ),
  )
  if (stored.isPending) return <Opening />
  if (stored.isError) return <NotOpened message={stored.error.message} retry={() => stored.refetch()} />
  return (
    <OpenProject projectId={projectId} stored={stored.data}>
      {children}
    </OpenProject>
  )
}

interface OpenProjectProps {
  readonly projectId: string
  readonly stored: StoredProject
  readonly children: ReactNode
}

function OpenProject({ projectId, stored, children }: OpenProjectProps) {
  const session = useNewSession(projectId, stored)
  return (
    <SessionProvider session={session}>
      <Frame>{children}</Frame>
    </SessionProvider>
  )
}

function Frame({ children }: { readonly children: ReactNode }) {
  useSelectionInAddress()
  useKeyboard()
  return (
    <div className="flex h-dvh min-w-[880px] flex-col">
      <TopBar />
      <BottomPanelFrame>{children}</BottomPanelFrame>
      <CommandPalette />
      <ShortcutsSheet />
      <EntityPicker />
      <ReimportDialog />
    </div>
  )
}

function Opening() {
  return (
    <div className="flex h-dvh flex-col" aria-busy="true">
      <div className="toolbar">
        <div className="skeleton ml-2 h-4 w-40" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="panel w-[280px] gap-3 border-line border-r p-4">
          {[70, 50, 82, 64, 40].map((width) => (
            <div key={width} className="skeleton h-3" style={{ width: `${width}%` }} />
          ))}
        </div>
      </div>
      <span className="visually-hidden" role="status">
        Opening the project
      </span>
    </div>
  )
}

function NotOpened({ message, retry }: { readonly message: string; readonly retry: () => void }) {
  return (
    <main className="empty-state" role="alert">
      <h2>The project could not be opened</h2>
      <p>{message}</p>
      <div className="flex gap-2">
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
        <Link href="/" className="btn">
          All projects
        </Link>
      </div>
    </main>
  )
}
