import { Handle, type NodeProps } from '@xyflow/react'
import { MonitorSmartphone, Server } from 'lucide-react'
import { type CSSProperties, memo } from 'react'
import { useProject } from '@/designer/stores/session'
import { type LaneNode, STEP_PORTS, type StepNode } from '../flow-mapping'
import { STEP_SIGNS, stepHue } from './step-signs'

/** One step of a flow: icon, name, what kind of step it is, and for how many entities. */
export const StepNodeView = memo(function StepNodeView({ data: { step }, selected }: NodeProps<StepNode>) {
  const { Icon, title } = STEP_SIGNS[step.kind]
  const names = useProject((project) => step.entities.map((id) => project.localEntities[id]?.name ?? '').join(', '))
  const isEnd = step.kind === 'start' || step.kind === 'stop'
  return (
    <div
      className="step hued"
      style={stepHue(step.kind)}
      data-selected={selected ? '' : undefined}
      data-end={isEnd ? '' : undefined}
      data-step={step.kind}
    >
      <div className="flex min-w-0 items-center gap-2">
        <span className="step-sign">
          <Icon aria-hidden />
        </span>
        <span className="min-w-0">
          <span className="block truncate font-semibold text-base leading-[18px]">{title}</span>
          <span
            className="line-clamp-2 text-ink-muted text-sm leading-4 [overflow-wrap:anywhere]"
            title={names || undefined}
          >
            {names || (isEnd ? 'of the flow' : step.kind)}
          </span>
        </span>
      </div>
      {STEP_PORTS.map(({ id, type, position, x, y }) => (
        <Handle key={id} id={id} type={type} position={position} isConnectable={false} style={{ left: x, top: y }} />
      ))}
    </div>
  )
})

const LANES = {
  device: { label: 'Device', Icon: MonitorSmartphone, tint: 'var(--device-tint)', ink: 'var(--device)' },
  server: { label: 'Server', Icon: Server, tint: 'var(--server-tint)', ink: 'var(--server)' },
} as const

export const LaneNodeView = memo(function LaneNodeView({ data: { lane } }: NodeProps<LaneNode>) {
  const { label, Icon, tint, ink } = LANES[lane]
  return (
    <div className="lane" style={{ '--lane-tint': tint, '--lane-ink': ink } as CSSProperties} data-lane={lane}>
      <div className="lane-label">
        <Icon size={15} aria-hidden />
        {label}
      </div>
    </div>
  )
})
