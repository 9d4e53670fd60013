'use client'
import { ReactFlowProvider } from '@xyflow/react'
import { Link2, Unlink, Waypoints } from 'lucide-react'
import { FlowCanvas } from '@/designer/canvas/flow-canvas'
import { inOrder } from '@/designer/model/operations/order'
import { useProject, useSelection } from '@/designer/stores/session'
import { ModeLayout } from '../shell/mode-layout'
import { StepInspector } from './step-inspector'
import { UnitInspector } from './unit-inspector'
import { UnitList } from './unit-list'

export function FlowsMode() {
  const unit = useShownUnit()
  const step = useSelection((s) => (s.kind === 'flow-node' ? s.node : null))
  return (
    <ReactFlowProvider>
      <ModeLayout
        title="Flows"
        left={<UnitList shown={unit} />}
        centre={unit ? <UnitCanvas key={unit} unit={unit} /> : <NoUnit />}
        right={
          <section className="panel h-full" aria-label="Inspector">
            {unit && (step ? <StepInspector unit={unit} step={step} /> : <UnitInspector key={unit} id={unit} />)}
          </section>
        }
      />
    </ReactFlowProvider>
  )
}

/** The selected unit, else the first: there is always one to look at. */
function useShownUnit(): string | null {
  const units = useProject((project) => project.syncUnits)
  const selected = useSelection((s) => (s.kind === 'sync-unit' ? s.id : s.kind === 'flow-node' ? s.unit : null))
  return selected && selected in units ? selected : (inOrder(units)[0]?.[0] ?? null)
}

function UnitCanvas({ unit }: { readonly unit: string }) {
  const name = useProject((project) => project.syncUnits[unit]?.name)
  const follows = useProject((project) => project.flows[project.syncUnits[unit]?.flow ?? '']?.kind !== 'own')
  return (
    <div className="panel h-full">
      <div className="panel-head">
        <h2 className="panel-title">{name}</h2>
        {follows ? (
          <span
            className="badge badge-accent"
            title="Generated from the patterns of its entities, and kept in step with them"
          >
            <Link2 aria-hidden /> Follows its patterns
          </span>
        ) : (
          <span
            className="badge badge-conflict"
            title="Edited by hand: it no longer follows the patterns of its entities"
          >
            <Unlink aria-hidden /> Detached from its patterns
          </span>
        )}
      </div>
      <div className="min-h-0 flex-1">
        <FlowCanvas unit={unit} />
      </div>
    </div>
  )
}

function NoUnit() {
  return (
    <div className="canvas">
      <div className="empty-state">
        <Waypoints aria-hidden />
        <h2>No sync unit yet</h2>
        <p>
          The first local entity brings one with it. A unit’s entities are synced together, at one moment of the server.
        </p>
      </div>
    </div>
  )
}
