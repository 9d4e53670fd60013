import { useRouter } from 'next/navigation'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import { useSession } from '@/designer/stores/session'
import { modePath } from '../shell/modes'

/** Answers a function that goes to what a diagnostic is about: its mode, selected and in view. */
export function useJump(): (target: Diagnostic['target']) => void {
  const { projectId, selection, panels, project } = useSession()
  const router = useRouter()
  const go = (mode: 'data' | 'flows' | 'conflicts', select: string) => {
    const path = modePath(projectId, mode)
    if (window.location.pathname !== path) router.push(`${path}?select=${select}`)
  }
  return (target) => {
    switch (target.kind) {
      case 'project':
        return go('data', '')
      case 'serverEntity':
        selection.select({ kind: 'server-entity', id: target.id })
        return go('data', `table:${target.id}`)
      case 'localEntity':
      case 'localAttribute': {
        const id = target.kind === 'localEntity' ? target.id : target.entity
        selection.select({ kind: 'local-entities', ids: [id] })
        panels.setState({ reveal: { id } })
        return go('data', `entity:${id}`)
      }
      case 'syncUnit':
      case 'flow': {
        const { syncUnits } = project.getState().history.project
        const unit =
          target.kind === 'syncUnit' ? target.id : Object.values(syncUnits).find((u) => u.flow === target.id)?.id
        if (!unit) return
        selection.select({ kind: 'sync-unit', id: unit })
        return go('flows', `unit:${unit}`)
      }
      case 'conflictHandler':
      case 'action':
        return go('conflicts', '')
    }
  }
}
