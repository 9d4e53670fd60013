import { useRouter } from 'next/navigation'
import type { Diagnostic } from '@/designer/compiler/diagnostics'
import type { Selection } from '@/designer/stores/selection'
import { useSession } from '@/designer/stores/session'
import { modePath } from '../shell/modes'

/** Answers a function that goes to what a diagnostic is about: its mode, selected and in view. */
export function useJump(): (target: Diagnostic['target']) => void {
  const { projectId, selection, panels, project } = useSession()
  const router = useRouter()
  // Another mode reads its selection from its address: to select here as well would rewrite the address of the mode
  // that is being left, which calls the navigation off.
  const go = (mode: 'data' | 'flows' | 'conflicts', query: string, select?: Selection) => {
    const path = modePath(projectId, mode)
    if (window.location.pathname !== path) router.push(`${path}?select=${query}`)
    else if (select) selection.select(select)
  }
  return (target) => {
    switch (target.kind) {
      case 'project':
        return go('data', '')
      case 'serverEntity':
        return go('data', `table:${target.id}`, { kind: 'server-entity', id: target.id })
      case 'localEntity':
        panels.setState({ reveal: { id: target.id } })
        if (target.scope !== undefined) {
          panels.setState({ scope: target.scope.which })
          panels.showBottom('scope')
        }
        return go('data', `entity:${target.id}`, { kind: 'local-entities', ids: [target.id] })
      case 'localAttribute': {
        const { entity, id } = target
        panels.setState({ reveal: { id: entity } })
        return go('data', `attribute:${entity},${id}`, { kind: 'local-attribute', entity, id })
      }
      case 'syncUnit':
      case 'flow': {
        const { syncUnits } = project.getState().history.project
        const unit =
          target.kind === 'syncUnit' ? target.id : Object.values(syncUnits).find((u) => u.flow === target.id)?.id
        if (!unit) return
        return go('flows', `unit:${unit}`, { kind: 'sync-unit', id: unit })
      }
      case 'conflictHandler':
      case 'action':
        return go('conflicts', '')
    }
  }
}
