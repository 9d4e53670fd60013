import { useMemo } from 'react'
import type { StepOutcome } from '@/designer/stores/project-store'
import { useSession } from '@/designer/stores/session'

/** Undo and redo with a word about what was undone, for eyes that don't see it happen. */
export function useHistorySteps(): { readonly undo: () => void; readonly redo: () => void } {
  const session = useSession()
  return useMemo(() => {
    const report = (verb: string, outcome: StepOutcome) => {
      if (outcome.kind === 'done') session.announce(`${verb}: ${outcome.label}`)
      if (outcome.kind === 'overtaken') {
        session.refuse(`“${outcome.label}” was overtaken by an edit made elsewhere and can no longer be taken back.`)
      }
    }
    return {
      undo: () => report('Undone', session.project.undo()),
      redo: () => report('Redone', session.project.redo()),
    }
  }, [session])
}
