import { MiniMap, Panel, useReactFlow, useStore } from '@xyflow/react'
import { LayoutDashboard, Maximize, Minus, Plus } from 'lucide-react'
import { memo, useCallback } from 'react'
import { useStore as useCompilation } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { IconButton } from '@/designer/panels/ui/icon-button'
import { useSession } from '@/designer/stores/session'

interface Props {
  readonly minimap: boolean
  /** Null where there is nothing to arrange. */
  readonly arrange?: (() => void) | null
}

export const CanvasControls = memo(function CanvasControls({ minimap, arrange = null }: Props) {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow()
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  const calm = { duration: 160 }
  return (
    <>
      <Panel position="bottom-left" className="card m-3! flex items-center p-0.5">
        <IconButton label="Zoom out" side="top" onClick={() => void zoomOut(calm)}>
          <Minus />
        </IconButton>
        <button
          type="button"
          className="btn btn-ghost btn-sm w-12 tabular-nums"
          aria-label={`Zoom ${percent} percent; set it to 100`}
          onClick={() => void zoomTo(1, calm)}
        >
          {percent}%
        </button>
        <IconButton label="Zoom in" side="top" onClick={() => void zoomIn(calm)}>
          <Plus />
        </IconButton>
        <span className="divider-x mx-0.5" />
        <IconButton label="Fit all" side="top" onClick={() => void fitView({ ...calm, padding: 0.08, maxZoom: 1 })}>
          <Maximize />
        </IconButton>
        {arrange && (
          <IconButton label="Arrange the cards" side="top" onClick={arrange}>
            <LayoutDashboard />
          </IconButton>
        )}
      </Panel>
      {minimap && <Overview />}
    </>
  )
})

function Overview() {
  const { compilation } = useSession()
  // The same until a card gets its first error or loses its last, so that nothing is drawn anew before.
  const wrong = useCompilation(
    compilation,
    useShallow(({ problemsByTarget }) => [...problemsByTarget].flatMap(([id, { errors }]) => (errors > 0 ? [id] : []))),
  )
  const nodeClass = useCallback(
    ({ id }: { readonly id: string }) => (wrong.includes(id) ? 'minimap-error' : ''),
    [wrong],
  )
  return (
    <MiniMap
      pannable
      zoomable
      className="canvas-minimap"
      nodeBorderRadius={8}
      nodeClassName={nodeClass}
      ariaLabel="Overview of the canvas"
    />
  )
}
