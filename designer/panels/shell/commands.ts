import {
  Braces,
  CircleAlert,
  Download,
  FileCode2,
  Filter,
  Gauge,
  Group,
  Home,
  ImageDown,
  Keyboard,
  LayoutDashboard,
  ListChecks,
  ListPlus,
  ListTree,
  type LucideIcon,
  Monitor,
  Moon,
  PanelBottom,
  Plus,
  Redo2,
  RefreshCw,
  Search,
  SquareDashedMousePointer,
  StickyNote,
  Sun,
  Trash2,
  Undo2,
  Waypoints,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { addSyncUnit } from '@/designer/model/operations/sync-units'
import type { CanvasCommand } from '@/designer/stores/panels'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { useTheme } from '../ui/theme'
import { deleteSelected } from './delete-selected'
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
    const onCanvas = (canvasCommand: CanvasCommand) => {
      panels.setState({ canvasCommand })
      const path = modePath(projectId, 'data')
      if (window.location.pathname !== path) open(path)
    }
    /** For what makes no sense where the cards are not seen. */
    const onCanvasInSight = (canvasCommand: CanvasCommand) => {
      if (window.location.pathname === modePath(projectId, 'data')) panels.setState({ canvasCommand })
    }
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
        run: () => deleteSelected(session, edit),
      },
      {
        id: 'rename',
        group: 'Edit',
        label: 'Rename',
        Icon: Keyboard,
        shortcuts: ['f2'],
        inFields: true,
        run: () => {
          const { selection } = session.selection.getState()
          if (selection.kind === 'group' || selection.kind === 'note') onCanvasInSight('rename')
          else focusOn('[data-rename]')
        },
      },
      {
        id: 'select-all',
        group: 'Edit',
        label: 'Select all entities',
        Icon: SquareDashedMousePointer,
        shortcuts: ['mod+a'],
        run: () => onCanvasInSight('select-all'),
      },
      {
        id: 'group',
        group: 'Edit',
        label: 'Group the selected cards',
        Icon: Group,
        shortcuts: ['mod+g'],
        run: () => onCanvasInSight('group'),
      },
      {
        id: 'note',
        group: 'Edit',
        label: 'Add a note',
        Icon: StickyNote,
        shortcuts: [],
        run: () => onCanvas('note'),
      },
      {
        id: 'arrange',
        group: 'Edit',
        label: 'Arrange the cards',
        Icon: LayoutDashboard,
        shortcuts: ['mod+shift+l'],
        run: () => onCanvas('arrange'),
      },
      {
        id: 'export-picture',
        group: 'Project',
        label: 'Export the picture (SVG)',
        Icon: ImageDown,
        shortcuts: [],
        run: () => onCanvas('export-picture'),
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
        id: 'outline',
        group: 'View',
        label: 'Outline or schema',
        Icon: ListTree,
        shortcuts: ['mod+shift+o'],
        inFields: true,
        run: () => panels.setState(({ leftTab }) => ({ leftTab: leftTab === 'schema' ? 'outline' : 'schema' })),
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
        id: 'checklist',
        group: 'View',
        label: 'Checklist',
        Icon: ListChecks,
        shortcuts: [],
        run: () => panels.showBottom('checklist'),
      },
      {
        id: 'budget',
        group: 'View',
        label: 'Budget and requirements',
        Icon: Gauge,
        shortcuts: [],
        run: () => panels.showBottom('budget'),
      },
      {
        id: 'scope',
        group: 'View',
        label: 'Scope: who gets which rows',
        Icon: Filter,
        shortcuts: [],
        run: () => panels.showBottom('scope'),
      },
      {
        id: 'code',
        group: 'View',
        label: 'Generated code',
        Icon: FileCode2,
        shortcuts: [],
        run: () => panels.showBottom('code'),
      },
      {
        id: 'document',
        group: 'View',
        label: 'Edit the project file',
        Icon: Braces,
        shortcuts: [],
        run: () => panels.showBottom('document'),
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
        id: 'add-entities',
        group: 'Project',
        label: 'Add entities from the database…',
        Icon: ListPlus,
        shortcuts: [],
        run: () => panels.setState({ picker: true }),
      },
      {
        id: 'reimport',
        group: 'Project',
        label: 'Read the database again…',
        Icon: RefreshCw,
        shortcuts: [],
        run: () => panels.setState({ reimport: true }),
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
  // What is hidden, as the tree behind the outline, can not have the focus.
  const field = [...document.querySelectorAll<HTMLInputElement>(selector)].find((found) => found.checkVisibility())
  field?.focus()
  field?.select()
}
