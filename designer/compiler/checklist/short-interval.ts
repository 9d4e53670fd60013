import { inOrder } from '@/designer/model'
import { formatBytes, formatCount } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

const SHORT_SECONDS = 60
const CALM_SECONDS = 300

export const shortInterval: ChecklistRule = {
  code: 'SL6013',
  asks: 'Devices do not ask all the time',
  check: ({ project, entities }) =>
    inOrder(project.syncUnits).flatMap(([id, { name, triggers, entities: members }]) => {
      const seconds = triggers.intervalInSeconds
      if (seconds === null || seconds >= SHORT_SECONDS) return []
      const of = entities.filter(({ entity }) => entity.id in members)
      const bytes = of.reduce((total, { estimate }) => total + estimate.dailyBytesDown + estimate.dailyBytesUp, 0)
      return [
        diagnostic(
          'SL6013',
          { kind: 'syncUnit', id },
          `"${name}" syncs every ${seconds} s, ${formatCount(Math.round(28_800 / seconds))} times in a working day: ${formatBytes(bytes)} a day for each device, most of it to learn that nothing changed. Let the server poke devices, or wait longer.`,
          {
            title: 'Poke, and every 5 minutes',
            edit: { kind: 'set-triggers', unit: id, triggers: { intervalInSeconds: CALM_SECONDS, serverPoke: true } },
          },
        ),
      ]
    }),
}
