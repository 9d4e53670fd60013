import { inOrder } from '@/designer/model'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** In an action's code: a subscription to the end of a sync, and a trigger. */
const COMPLETION = /onSyncComplete|sync\s*\.\s*(on|subscribe)\s*\(/i
const TRIGGER = /(TriggerOfflineDataSync|sync\s*\.\s*trigger)\s*\(/i

export const triggerInCompletion: ChecklistRule = {
  code: 'SL6007',
  asks: 'No sync is triggered by the end of a sync',
  check: ({ project }) => [
    ...inOrder(project.actions).flatMap(([id, { name, side, code }]) =>
      side === 'client' && COMPLETION.test(code) && TRIGGER.test(code)
        ? [
            diagnostic(
              'SL6007',
              { kind: 'action', id },
              `The action "${name}" listens for the end of a sync and triggers one, so that the device may never stop syncing. Use an interval or the server’s poke.`,
            ),
          ]
        : [],
    ),
    ...inOrder(project.syncUnits).flatMap(([id, unit]) => {
      const flow = project.flows[unit.flow]
      if (flow?.kind !== 'own') return []
      const again = Object.values(flow.nodes).filter(
        ({ kind, disabled, settings }) =>
          kind === 'sub-flow' && !disabled && (settings['flow'] === unit.flow || settings['unit'] === id),
      )
      return again.length === 0
        ? []
        : [
            diagnostic(
              'SL6007',
              { kind: 'syncUnit', id },
              `The flow of "${unit.name}" runs itself again in ${again.length} of its steps. Use an interval or the server’s poke.`,
            ),
          ]
    }),
  ],
}
