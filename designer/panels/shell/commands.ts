import {
  CircleAlert,
  Download,
  FileCode2,
  Home,
  Keyboard,
  type LucideIcon,
  Monitor,
  Moon,
  PanelBottom,
  Plus,
  Redo2,
  Search,
  Sun,
  Trash2,
  Undo2,
  Waypoints,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { removeLocalEntity } from '@/designer/model/operations/local-entities'
import { addSyncUnit } from '@/designer/model/operations/sync-units'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { useTheme } from '../ui/theme'
import { useHistorySteps } from './history-steps'
import { MODES, modePath } from './modes'
import type { Shortcut } from './shortcut'

export interface AppCommand {
  readonly id: string
  readonly group: 'Go to' | 'Edit' | 'View' | 'Project'
  readonly label: string
  readonly Icon: LucideIcon
  readonly shortcuts: readonly Shortcut[]
  /** Also while a field has the focus. */
  readonly inFields?: boolean
  readonly run: () => void
}

/** Whatever can be done from anywhere in the workbench: one list for the keys, the palette and the sheet. */
export function useCommands(): readonly AppCommand[] {
  const session = useSession()
  const router = useRouter()
  const edit = useEdit()
  const { undo, redo } = useHistorySteps()
  const { choose } = useTheme()

  return useMemo(() => {
    const { panels, projectId } = session
    const open = (path: string) => router.push(path)
    return [
      ...MODES.map(
        ({ id, label, Icon }, index): AppCommand => ({
          id: `mode-${id}`,
          group: 'Go to',
          label,
          Icon,
          shortcuts: [`mod+${index + 1}`],
          run: () => open(modePath(projectId, id)),
        }),
      ),
      { id: 'home', group: 'Go to', label: 'All projects', Icon: Home, shortcuts: [], run: () => open('/') },
      { id: 'undo', group: 'Edit', label: 'Undo', Icon: Undo2, shortcuts: ['mod+z'], run: undo },
      { id: 'redo', group: 'Edit', label: 'Redo', Icon: Redo2, shortcuts: ['mod+shift+z', 'mod+y'], run: redo },
      {
        id: 'delete',
        group: 'Edit',
        label: 'Delete what is selected',
        Icon: Trash2,
        shortcuts: ['delete', 'backspace'],
        run: () => {
          const { selection } = session.selection.getState()
          if (selection.kind !== 'local-entities') return
          const { localEntities } = session.project.getState().history.project
          const ids = selection.ids.filter((id) => id in localEntities)
          if (ids.length === 0) return
          const what =
            ids.length === 1 ? `“${localEntities[ids[0] ?? '']?.name}”` : counted(ids.length, 'entity', 'entities')
          edit(`Delete ${what}`, (draft) => {
            let result = removeLocalEntity(draft, ids[0] ?? '')
            for (const id of ids.slice(1)) result = removeLocalEntity(draft, id)
            return result
          })
          session.selection.select({ kind: 'none' })
          session.announce(`Deleted ${what}`)
        },
      },
      {
        id: 'rename',
        group: 'Edit',
        label: 'Rename',
        Icon: Keyboard,
        shortcuts: ['f2'],
        run: () => focusOn('[data-rename]'),
      },
      {
        id: 'search',
        group: 'View',
        label: 'Search',
        Icon: Search,
        shortcuts: ['mod+f'],
        inFields: true,
        run: () => focusOn('[data-search]'),
      },
      {
        id: 'bottom',
        group: 'View',
        label: 'Lower panel',
        Icon: PanelBottom,
        shortcuts: ['mod+j'],
        inFields: true,
        run: panels.toggleBottom,
      },
      {
        id: 'problems',
        group: 'View',
        label: 'Problems',
        Icon: CircleAlert,
        shortcuts: [],
        run: () => panels.showBottom('problems'),
      },
      {
        id: 'code',
        group: 'View',
        label: 'Generated code',
        Icon: FileCode2,
        shortcuts: [],
        run: () => panels.showBottom('code'),
      },
      { id: 'light', group: 'View', label: 'Light theme', Icon: Sun, shortcuts: [], run: () => choose('light') },
      { id: 'dark', group: 'View', label: 'Dark theme', Icon: Moon, shortcuts: [], run: () => choose('dark') },
      {
        id: 'system',
        group: 'View',
        label: 'Theme of the system',
        Icon: Monitor,
        shortcuts: [],
        run: () => choose('system'),
      },
      {
        id: 'palette',
        group: 'View',
        label: 'Commands',
        Icon: Plus,
        shortcuts: ['mod+k'],
        inFields: true,
        run: () => panels.setState(({ palette }) => ({ palette: !palette })),
      },
      {
        id: 'shortcuts',
        group: 'View',
        label: 'Keyboard shortcuts',
        Icon: Keyboard,
        shortcuts: ['?'],
        run: () => panels.setState({ shortcuts: true }),
      },
      {
        id: 'new-unit',
        group: 'Project',
        label: 'Add a sync unit',
        Icon: Waypoints,
        shortcuts: [],
        run: () => {
          const result = edit('Add a sync unit', (draft) => addSyncUnit(draft, 'Unit', newIds))
          if (result.kind !== 'done') return
          open(`${modePath(projectId, 'flows')}?select=unit:${result.value}`)
        },
      },
      {
        id: 'project-file',
        group: 'Project',
        label: 'Download the project file',
        Icon: Download,
        shortcuts: [],
        run: async () => {
          await session.flush()
          window.location.assign(`/api/project-file/${projectId}`)
        },
      },
    ]
  }, [session, router, edit, undo, redo, choose])
}

function focusOn(selector: string): void {
  const field = document.querySelector<HTMLInputElement>(selector)
  field?.focus()
  field?.select()
}
