import { EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath } from '@xyflow/react'
import { memo } from 'react'
import type { WireEdge } from './flow-mapping'

/** From step to step; between the lanes it is the request to the server, or its answer. */
export const WireEdgeView = memo(function WireEdgeView(props: EdgeProps<WireEdge>) {
  const { data, label, id } = props
  const [path, labelX, labelY] = data?.crossing
    ? getSmoothStepPath({ ...props, borderRadius: 10 })
    : getBezierPath(props)
  return (
    <>
      <path
        id={id}
        className="wire"
        d={path}
        data-crossing={data?.crossing ? '' : undefined}
        markerEnd={data?.crossing ? 'url(#wire-tip-crossing)' : 'url(#wire-tip)'}
      />
      {label && (
        <EdgeLabelRenderer>
          <span
            className="wire-label nodrag nopan"
            style={{ position: 'absolute', transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

/** The tips of all wires, drawn once. */
export function WireTips() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden>
      <defs>
        <Tip id="wire-tip" fill="var(--line-strong)" />
        <Tip id="wire-tip-crossing" fill="var(--accent)" />
      </defs>
    </svg>
  )
}

function Tip({ id, fill }: { readonly id: string; readonly fill: string }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      orient="auto"
      markerUnits="userSpaceOnUse"
    >
      <path d="M0 0L8 4L0 8Z" fill={fill} />
    </marker>
  )
}
