import { inOrder } from '@/designer/model'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** A flow that follows its patterns tells by itself; only one's own can be made to fail in silence. */
export const silentFlow: ChecklistRule = {
  code: 'SL6006',
  asks: 'Users are told how sync goes',
  check: ({ project }) =>
    inOrder(project.syncUnits).flatMap(([id, unit]) => {
      const flow = project.flows[unit.flow]
      if (flow?.kind !== 'own') return []
      const nodes = Object.values(flow.nodes).filter(({ disabled }) => !disabled)
      const catches = nodes.filter(({ kind }) => kind === 'try-catch').length
      if (catches === 0 || nodes.some(({ kind }) => kind === 'notify' || kind === 'fail')) return []
      return [
        diagnostic(
          'SL6006',
          { kind: 'syncUnit', id },
          `The flow of "${unit.name}" catches errors in ${catches} of ${nodes.length} steps and tells nobody. Add a Notify step, or let the error through with Fail.`,
        ),
      ]
    }),
}
