import { ContextMenu } from '@base-ui/react/context-menu'
import { Columns3, Plus, Waypoints } from 'lucide-react'
import { syncable } from '@/designer/model/keys'
import type { ServerEntity } from '@/designer/model/project'
import { counted } from '../ui/format'

export interface TableMenuProps {
  readonly table: ServerEntity
  readonly related: readonly string[]
  readonly onAdd: (id: string) => void
  readonly onAddAll: (ids: readonly string[]) => void
  readonly onToggle: () => void
}

/** What can be done with a table of the tree, on its context menu. */
export function TableMenu({ table, related, onAdd, onAddAll, onToggle }: TableMenuProps) {
  const disabled = syncable(table).kind === 'not-syncable'
  return (
    <ContextMenu.Portal>
      <ContextMenu.Positioner className="z-[60]">
        <ContextMenu.Popup className="menu">
          <ContextMenu.Item className="menu-item" disabled={disabled} onClick={() => onAdd(table.id)}>
            <Plus /> Add to canvas…
            <span className="shortcut">Enter</span>
          </ContextMenu.Item>
          {related.length > 1 && (
            <ContextMenu.Item className="menu-item" onClick={() => onAddAll(related)}>
              <Waypoints /> Add with the {counted(related.length - 1, 'table')} it refers to
            </ContextMenu.Item>
          )}
          <div className="menu-separator" />
          <ContextMenu.Item className="menu-item" onClick={onToggle}>
            <Columns3 /> Show or hide columns
          </ContextMenu.Item>
        </ContextMenu.Popup>
      </ContextMenu.Positioner>
    </ContextMenu.Portal>
  )
}
