import { useCallback, useEffect, useRef, useState } from 'react'
import { moveCards } from '@/designer/model/operations/layout'
import { useEdit, useSession } from '@/designer/stores/session'
import { arrange } from './arrange'

/** Arranges all cards as one step to undo; `cancel` is null while nothing runs. */
export function useArrange(): { readonly run: () => void; readonly cancel: (() => void) | null } {
  const session = useSession()
  const edit = useEdit()
  const [running, setRunning] = useState<AbortController | null>(null)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])

  const run = useCallback(() => {
    current.current?.abort()
    const controller = new AbortController()
    current.current = controller
    setRunning(controller)
    const { project } = session.project.getState().history
    void arrange(project, controller.signal).then((answer) => {
      if (current.current === controller) setRunning(null)
      if (answer.kind === 'cancelled' || controller.signal.aborted) return
      edit('Arrange the cards', (draft) => moveCards(draft, answer.places))
      const [first] = Object.keys(project.localEntities)
      if (first) session.panels.setState({ reveal: { id: first, among: 'all' } })
      session.announce('Arranged the cards')
    })
  }, [session, edit])

  return { run, cancel: running ? () => running.abort() : null }
}
