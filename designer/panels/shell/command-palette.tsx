import { Dialog } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Table2, Waypoints } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { usePanels, useProject, useSession } from '@/designer/stores/session'
import { useCommands } from './commands'
import { modePath } from './modes'
import { keyLabel } from './shortcut'

const GROUPS = ['Go to', 'Edit', 'View', 'Project'] as const

export function CommandPalette() {
  const open = usePanels((state) => state.palette)
  const { panels } = useSession()
  return (
    <Dialog.Root open={open} onOpenChange={(palette) => panels.setState({ palette })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog overflow-hidden" aria-label="Commands">
          <Palette close={() => panels.setState({ palette: false })} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Palette({ close }: { readonly close: () => void }) {
  const commands = useCommands()
  const entities = useProject((project) => project.localEntities)
  const units = useProject((project) => project.syncUnits)
  const { projectId } = useSession()
  const router = useRouter()
  // The dialog gives the focus back when it closes; a command that moves the focus has to come after that.
  const runThen = (run: () => void) => {
    close()
    setTimeout(run, 0)
  }
  const goTo = (mode: 'data' | 'flows', select: string) =>
    runThen(() => router.push(`${modePath(projectId, mode)}?select=${select}`))

  return (
    <Command label="Commands" className="flex min-h-0 flex-col" loop>
      <Command.Input
        autoFocus
        placeholder="Type a command, or the name of an entity or unit"
        className="h-11 flex-none border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-ink-muted"
      />
      <Command.List className="max-h-[56vh] overflow-auto p-1">
        <Command.Empty className="px-4 py-6 text-center text-ink-muted">Nothing of this name.</Command.Empty>
        {GROUPS.map((group) => (
          <Command.Group key={group} heading={<span className="menu-label block">{group}</span>}>
            {commands
              .filter((command) => command.group === group && command.id !== 'palette')
              .map(({ id, label, Icon, shortcuts: [shortcut], run }) => (
                <Command.Item key={id} value={`${group} ${label}`} className="menu-item" onSelect={() => runThen(run)}>
                  <Icon aria-hidden />
                  {label}
                  {shortcut && <span className="shortcut">{keyLabel(shortcut)}</span>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        <Command.Group heading={<span className="menu-label block">Entities and units</span>}>
          {Object.values(entities).map(({ id, name }) => (
            <Command.Item
              key={id}
              value={`${name} ${id}`}
              className="menu-item"
              onSelect={() => goTo('data', `entity:${id}`)}
            >
              <Table2 aria-hidden />
              <span className="name">{name}</span>
            </Command.Item>
          ))}
          {Object.values(units).map(({ id, name }) => (
            <Command.Item
              key={id}
              value={`${name} ${id}`}
              className="menu-item"
              onSelect={() => goTo('flows', `unit:${id}`)}
            >
              <Waypoints aria-hidden />
              {name}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  )
}
