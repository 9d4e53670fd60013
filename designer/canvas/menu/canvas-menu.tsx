import { ContextMenu } from '@base-ui/react/context-menu'
import { useReactFlow } from '@xyflow/react'
import { type MouseEvent, type ReactElement, useState } from 'react'
import { useDataModeStore } from '@/designer/panels/data/data-mode-context'
import { useDropActions } from '@/designer/panels/data/drag/use-drop-actions'
import { MenuEntries } from '@/designer/panels/ui/menu-entries'
import { useEdit, useSession } from '@/designer/stores/session'
import { useCanvasActions } from '../use-canvas-actions'
import { type CanvasTarget, selectTarget, targetOf } from './canvas-target'
import { targetEntries } from './target-entries'

/** The menu of the canvas, which is its child here, and of all that lies on it. */
export function CanvasMenu({ children }: { readonly children: ReactElement }) {
  const session = useSession()
  const flow = useReactFlow()
  const [target, setTarget] = useState<CanvasTarget | null>(null)
  const onContextMenu = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return
    const next = targetOf(event.target, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }), session)
    selectTarget(next, session)
    setTarget(next)
  }
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={children} onContextMenu={onContextMenu} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-[60]">
          <ContextMenu.Popup className="menu">{target && <TargetMenu target={target} />}</ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

/** The inside of the menu of something on the canvas, wherever it was asked for; worked out only while it is open. */
export function TargetMenu({ target }: { readonly target: CanvasTarget }) {
  const session = useSession()
  const edit = useEdit()
  const canvas = useCanvasActions()
  const drop = useDropActions()
  const store = useDataModeStore()
  const { project } = session.project.getState().history
  const denormalise = (entity: string) => store.setState({ dialog: { kind: 'denormalise', entity, path: null } })
  return <MenuEntries entries={targetEntries({ project, session, edit, canvas, drop, denormalise }, target)} />
}
