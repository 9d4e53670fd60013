import type { ReactNode } from 'react'
import { type Budget, CONNECTIONS, formatBytes, formatRate, formatSeconds } from '@/designer/patterns/advice'
import { counted } from '../ui/format'
import { SourceSign } from './source-sign'

const ALL = ['3g', '4g', 'wifi'] as const

/** The whole at a glance: what one device holds, and what it waits for. */
export function BudgetSummary({ budget: { total, connection } }: { readonly budget: Budget }) {
  return (
    <div className="budget-summary">
      <dl aria-label="All entities together">
        <Figure term="On a device" note={counted(total.rowsOnDevice, 'row')}>
          {formatBytes(total.bytesOnDevice)}
        </Figure>
        <Figure
          term="First sync"
          note={ALL.map((each) => `${CONNECTIONS[each].label} ${formatSeconds(total.firstSync[each])}`).join(' · ')}
        >
          {formatBytes(total.firstSyncBytes)}
        </Figure>
        <Figure
          term="A day, one device"
          note={`${CONNECTIONS[connection].label} ${formatSeconds(total.daily[connection])}`}
        >
          {formatBytes(total.dailyBytesDown)} down, {formatBytes(total.dailyBytesUp)} up
        </Figure>
        <Figure term="Conflicts a day" note="of all devices">
          {formatRate(total.conflictsPerDay)}
        </Figure>
      </dl>
      <SourceSign measured={total.measured} />
    </div>
  )
}

function Figure(props: { readonly term: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="hint">{props.term}</dt>
      <dd>
        <span className="budget-figure">{props.children}</span> <span className="hint">{props.note}</span>
      </dd>
    </div>
  )
}
