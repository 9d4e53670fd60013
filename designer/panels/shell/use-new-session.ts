import { TRPCClientError } from '@trpc/client'
import { useEffect, useRef, useState } from 'react'
import { mergeProjects } from '@/designer/model/merge'
import type { AppRouter } from '@/designer/server/router'
import { selectionInAddress } from '@/designer/stores/address'
import { type Autosave, createAutosave, type SaveAnswer } from '@/designer/stores/autosave'
import { createCompilationStore } from '@/designer/stores/compilation'
import { createPanelsStore } from '@/designer/stores/panels'
import { createProjectStore } from '@/designer/stores/project-store'
import { hasUnsavedWork } from '@/designer/stores/save-machine'
import { createSelectionStore } from '@/designer/stores/selection'
import type { Session } from '@/designer/stores/session'
import { type RouterOutputs, useTRPCClient } from '@/designer/stores/trpc'
import { useAnnounce } from '../ui/announcer'
import { useToast } from '../ui/toasts'
import { describeOverlap } from './describe-overlap'

export type StoredProject = RouterOutputs['projects']['get']

/** Makes the stores of an opened project, and keeps saving, compiling and other tabs in step with them. */
export function useNewSession(projectId: string, stored: StoredProject): Session {
  const client = useTRPCClient()
  const toast = useLatest(useToast())
  const announce = useAnnounce()
  const autosave = useRef<Autosave | null>(null)

  const [session] = useState<Session>(() => {
    const project = createProjectStore(stored)
    const refuse = (reason: string) => toast.current({ message: reason, urgent: true })
    return {
      projectId,
      project,
      selection: createSelectionStore(selectionInAddress()),
      panels: createPanelsStore(),
      compilation: createCompilationStore(),
      flush: async () => autosave.current?.flush(),
      startDataKept: stored.startData.kept,
      refuse,
      tell: (message) => toast.current({ message }),
      offerUndo: (message) => {
        const step = project.getState().history.past.at(-1)
        const takeBack = () => {
          if (project.getState().history.past.at(-1) !== step) {
            refuse('Other changes were made since. Take those back first, with Ctrl+Z.')
          } else if (project.undo().kind === 'overtaken') {
            refuse('An edit made elsewhere has overtaken this, so that it can no longer be taken back.')
          } else announce(`Undone: ${step?.label}`)
        }
        toast.current({ message, action: { label: 'Undo', run: takeBack } })
      },
      announce,
    }
  })

  useEffect(() => {
    const { project } = session
    const otherTabs = new BroadcastChannel(`syncline-project-${projectId}`)
    const saving = createAutosave(project, {
      save: async (revision, document) => {
        try {
          const answer = await client.projects.save.mutate({ id: projectId, revision, project: document })
          return answer satisfies SaveAnswer
        } catch (error) {
          return answerFromError(error)
        }
      },
      load: () => client.projects.get.query({ id: projectId }).catch(() => null),
      merge: (base, ours, theirs) => {
        const merge = mergeProjects(base, ours, theirs)
        return { project: merge.project, overlaps: merge.overlaps.map((path) => describeOverlap(merge.project, path)) }
      },
      after: (delayMs, fn) => {
        const timer = setTimeout(fn, delayMs)
        return () => clearTimeout(timer)
      },
      onSaved: (revision) => otherTabs.postMessage(revision),
      onMerged: (overlaps) =>
        toast.current(
          overlaps.length === 0
            ? { message: 'Edits made elsewhere were taken in.' }
            : {
                message: `Edits made elsewhere were taken in. Both had changed ${listed(overlaps)}: this window’s version was kept.`,
                urgent: true,
              },
        ),
    })
    autosave.current = saving
    otherTabs.onmessage = ({ data }) => {
      if (typeof data === 'number') void saving.savedElsewhere(data)
    }

    const onLeave = (event: BeforeUnloadEvent) => {
      if (!hasUnsavedWork(project.getState().save.state)) return
      void saving.flush()
      event.preventDefault()
    }
    const onHide = () => document.visibilityState === 'hidden' && void saving.flush()
    const onOnline = () => project.getState().save.state === 'offline' && void saving.flush()
    window.addEventListener('beforeunload', onLeave)
    window.addEventListener('online', onOnline)
    document.addEventListener('visibilitychange', onHide)
    const stopCompiling = session.compilation.follow(project, (schema, questions) =>
      client.sql.ask.mutate({ schema, questions }),
    )

    return () => {
      window.removeEventListener('beforeunload', onLeave)
      window.removeEventListener('online', onOnline)
      document.removeEventListener('visibilitychange', onHide)
      stopCompiling()
      // Leaving for another page of the app: what is open is saved behind its back.
      void saving.flush().finally(() => {
        saving.stop()
        otherTabs.close()
      })
    }
  }, [session, client, projectId, toast])

  return session
}

function answerFromError(error: unknown): SaveAnswer {
  const status = error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.httpStatus : undefined
  if (status === undefined || status >= 500) return { kind: 'unreachable' }
  return { kind: 'refused', message: error instanceof Error ? error.message : String(error) }
}

const MOST_LISTED = 3

function listed(places: readonly string[]): string {
  const shown = places.slice(0, MOST_LISTED).join(', ')
  return places.length > MOST_LISTED ? `${shown} and ${places.length - MOST_LISTED} more` : shown
}

function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}
