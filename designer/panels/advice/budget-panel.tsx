import { useVirtualizer } from '@tanstack/react-virtual'
import { Gauge } from 'lucide-react'
import { useRef } from 'react'
import { CONNECTIONS } from '@/designer/patterns/advice'
import { BudgetRow } from './budget-row'
import { BudgetSummary } from './budget-summary'
import { RequirementsForm } from './requirements-form'
import { useBudget } from './use-budget'

/** Row height in pixels, as in the stylesheet. */
const ROW_PX = 32

/** What the team expects of its users, and what each local entity then costs. */
export function BudgetPanel() {
  const { budget, design } = useBudget()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: budget.entities.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  })
  const { label } = CONNECTIONS[budget.connection]
  return (
    <div className="flex h-full min-h-0">
      <RequirementsForm />
      <div className="flex min-w-0 flex-1 flex-col">
        {budget.entities.length === 0 ? (
          <div className="empty-state">
            <Gauge aria-hidden />
            <h3>Nothing to reckon yet</h3>
            <p>Drag a table onto the canvas, and its rows, bytes and conflicts are estimated here.</p>
          </div>
        ) : (
          <>
            <BudgetSummary budget={budget} />
            {/* biome-ignore lint/a11y/useSemanticElements: a table whose rows are drawn only where they are in view. */}
            <div
              ref={scroller}
              className="budget-table"
              role="table"
              aria-label="Budget by entity"
              aria-rowcount={budget.entities.length + 1}
            >
              {/* biome-ignore lint/a11y/useSemanticElements: see the table. */}
              <div role="row" aria-rowindex={1} className="budget-row budget-head" tabIndex={-1}>
                <Head>Entity</Head>
                <Head title="Rows on the server: counted at import, or what you say">Rows</Head>
                <Head title="The part of them in one device’s scope">Share</Head>
                <Head title="Rows and bytes in a device’s database">On a device</Head>
                <Head title={`All rows for the first time, packed, and how long that takes on ${label}`}>
                  First sync, {label}
                </Head>
                <Head title="Down and up, for one device">A day</Head>
                <Head title="Of all users together">Edits a day</Head>
                <Head title="How many people edit the same record while a device is away">Editors</Head>
                <Head title="In a day, on all devices: edits that meet one their author had not seen">Conflicts</Head>
                <Head>Recommended</Head>
              </div>
              {/* biome-ignore lint/a11y/useSemanticElements: see the table. */}
              <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
                {rows.getVirtualItems().map(({ index, start }) => {
                  const estimate = budget.entities[index]
                  return (
                    estimate && (
                      <BudgetRow
                        key={estimate.entity}
                        estimate={estimate}
                        design={design}
                        connection={budget.connection}
                        index={index}
                        top={start}
                      />
                    )
                  )
                })}
              </div>
            </div>
          </>
        )}
      </div>
    </div>
  )
}

function Head({ children, title }: { readonly children: React.ReactNode; readonly title?: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table.
    // biome-ignore lint/a11y/useFocusableInteractive: a head that is only read.
    <span role="columnheader" title={title}>
      {children}
    </span>
  )
}
