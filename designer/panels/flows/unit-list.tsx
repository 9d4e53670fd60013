import { Plus, Waypoints } from 'lucide-react'
import { useStore } from 'zustand'
import { inOrder } from '@/designer/model/operations/order'
import { addSyncUnit } from '@/designer/model/operations/sync-units'
import { newIds, useEdit, useProject, useSession } from '@/designer/stores/session'
import { IconButton } from '../ui/icon-button'

export function UnitList({ shown }: { readonly shown: string | null }) {
  const units = useProject((project) => project.syncUnits)
  const edit = useEdit()
  const { selection } = useSession()
  const select = (id: string) => selection.select({ kind: 'sync-unit', id })
  return (
    <section className="panel h-full" aria-label="Sync units">
      <div className="panel-head">
        <h2 className="panel-title flex-1">Sync units</h2>
        <IconButton
          label="Add a sync unit"
          onClick={() => {
            const result = edit('Add a sync unit', (draft) => addSyncUnit(draft, 'Unit', newIds))
            if (result.kind === 'done') select(result.value)
          }}
        >
          <Plus />
        </IconButton>
      </div>
      <ul className="panel-body py-1">
        {inOrder(units).map(([id, unit]) => (
          <li key={id}>
            <button type="button" className="row px-3" aria-current={id === shown} onClick={() => select(id)}>
              <Waypoints aria-hidden />
              <span className="row-text">{unit.name}</span>
              <UnitProblems id={id} />
              <span className="row-note" title="Entities">
                {Object.keys(unit.entities).length}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function UnitProblems({ id }: { readonly id: string }) {
  const { compilation } = useSession()
  const count = useStore(compilation, (state) => state.problemsByTarget.get(id))
  if (!count || count.errors + count.warnings === 0) return null
  return (
    <span className={`badge ${count.errors > 0 ? 'badge-error' : 'badge-conflict'}`}>
      {count.errors + count.warnings}
    </span>
  )
}
