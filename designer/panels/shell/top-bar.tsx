import { Command, Redo2, Undo2 } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useStore } from 'zustand'
import { renameProject } from '@/designer/model/operations/project'
import { useEdit, usePanels, useProject, useSession } from '@/designer/stores/session'
import { EditableText } from '../ui/editable-text'
import { IconButton } from '../ui/icon-button'
import { Logo } from '../ui/logo'
import { ThemeMenu } from '../ui/theme'
import { useHistorySteps } from './history-steps'
import { MODES, modePath } from './modes'
import { ProblemsButton } from './problems-button'
import { SaveIndicator } from './save-indicator'
import { keyLabel } from './shortcut'

export function TopBar() {
  return (
    <header className="toolbar gap-2 px-3">
      <Link href="/" aria-label="All projects" className="btn-icon">
        <Logo />
      </Link>
      <ProjectName />
      <SaveIndicator />
      <div className="flex flex-1 justify-center">
        <ModeSwitch />
      </div>
      <HistoryButtons />
      <span className="divider-x" />
      <ProblemsButton />
      <PaletteButton />
      <ThemeMenu />
    </header>
  )
}

function ProjectName() {
  const name = useProject((project) => project.name)
  const edit = useEdit()
  return (
    <EditableText
      label="Project name"
      value={name}
      className="w-auto min-w-0 max-w-[200px] font-semibold"
      onCommit={(next) => edit(`Rename the project “${next}”`, (draft) => renameProject(draft, next)).kind === 'done'}
    />
  )
}

function ModeSwitch() {
  const { projectId } = useSession()
  const pathname = usePathname()
  const lastQuery = usePanels((state) => state.lastQueryByMode)
  return (
    <nav aria-label="Mode" className="segmented">
      {MODES.map(({ id, label, Icon }) => {
        const path = modePath(projectId, id)
        return (
          <Link
            key={id}
            href={`${path}${lastQuery[path] ?? ''}`}
            aria-current={pathname === path ? 'page' : undefined}
            className="tab"
          >
            <Icon aria-hidden className="max-xl:hidden" />
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

function HistoryButtons() {
  const { project } = useSession()
  const past = useStore(project, (state) => state.history.past.at(-1)?.label)
  const future = useStore(project, (state) => state.history.future[0]?.label)
  const { undo, redo } = useHistorySteps()
  return (
    <div className="flex">
      <IconButton label={past ? `Undo: ${past}` : 'Undo'} shortcut={keyLabel('mod+z')} disabled={!past} onClick={undo}>
        <Undo2 />
      </IconButton>
      <IconButton
        label={future ? `Redo: ${future}` : 'Redo'}
        shortcut={keyLabel('mod+shift+z')}
        disabled={!future}
        onClick={redo}
      >
        <Redo2 />
      </IconButton>
    </div>
  )
}

function PaletteButton() {
  const { panels } = useSession()
  return (
    <IconButton label="Commands" shortcut={keyLabel('mod+k')} onClick={() => panels.setState({ palette: true })}>
      <Command />
    </IconButton>
  )
}
