'use client'
import { createContext, type ReactNode, useCallback, useContext } from 'react'
import { useStore } from 'zustand'
import { createIds, type Ids } from '@/designer/model/ids'
import type { OperationResult } from '@/designer/model/operations/result'
import type { Project } from '@/designer/model/project'
import type { CompilationStore } from './compilation'
import type { PanelsState, PanelsStore } from './panels'
import type { ProjectStore } from './project-store'
import type { Selection, SelectionStore } from './selection'

/** Everything that belongs to one open project: made when it is opened, gone when it is left. */
export interface Session {
  readonly projectId: string
  readonly project: ProjectStore
  readonly selection: SelectionStore
  readonly panels: PanelsStore
  readonly compilation: CompilationStore
  /** Saves what is not saved yet; resolves when that is done or the server is away. */
  readonly flush: () => Promise<void>
  readonly startDataKept: boolean
  /** Shows a refusal to the user. */
  readonly refuse: (reason: string) => void
  /** Shows a short message that nothing has to be done about. */
  readonly tell: (message: string) => void
  /** Tells what the last step did, with a button that takes it back. */
  readonly offerUndo: (message: string) => void
  /** Says to a screen reader what has just happened. */
  readonly announce: (message: string) => void
}

export const SessionContext = createContext<Session | null>(null)

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>
}

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is used outside of a workbench')
  return session
}

/** A part of the project; the component draws again only when that part changed. */
export function useProject<Part>(select: (project: Project) => Part): Part {
  return useStore(useSession().project, (state) => select(state.history.project))
}

export function useSelection<Part>(select: (selection: Selection) => Part): Part {
  return useStore(useSession().selection, (state) => select(state.selection))
}

export function usePanels<Part>(select: (state: PanelsState) => Part): Part {
  return useStore(useSession().panels, select)
}

export type Edit = <Value>(
  label: string,
  operation: (draft: Project) => OperationResult<Value>,
  options?: { readonly coalesce?: string },
) => OperationResult<Value>

/** The door to the project for all panels: applies an operation, and shows why where it was refused. */
export function useEdit(): Edit {
  const session = useSession()
  return useCallback<Edit>(
    (label, operation, options) => {
      const result = session.project.apply(label, operation, options)
      if (result.kind === 'refused') session.refuse(result.reason)
      return result
    },
    [session],
  )
}

/** Ids for whatever the user makes. */
export const newIds: Ids = createIds((length) => crypto.getRandomValues(new Uint8Array(length)))
