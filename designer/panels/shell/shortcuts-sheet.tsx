import { usePanels, useSession } from '@/designer/stores/session'
import { Dialog } from '../ui/dialog'
import { useCommands } from './commands'
import { keyLabel } from './shortcut'

const ON_THE_CANVAS: readonly (readonly [what: string, ...keys: string[]])[] = [
  ['Add the table in focus to the canvas', 'Enter'],
  ['Go to the next card', 'Arrow keys'],
  ['Move what is selected', 'Shift+arrow keys'],
  ['Set up what is selected', 'Enter'],
  ['All that can be done with it', 'Shift+F10'],
  ['Select several', 'Shift+drag', 'Shift+click'],
  ['Pan', 'Drag', 'Scroll'],
  ['Zoom', 'Ctrl+scroll'],
  ['Clear the selection', 'Esc'],
]

export function ShortcutsSheet() {
  const open = usePanels((state) => state.shortcuts)
  const { panels } = useSession()
  const commands = useCommands()
  return (
    <Dialog open={open} onClose={() => panels.setState({ shortcuts: false })} title="Keyboard shortcuts">
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <section>
          <h3 className="label mb-1">Anywhere</h3>
          <dl>
            {commands
              .filter(({ shortcuts }) => shortcuts.length > 0)
              .map(({ id, label, shortcuts }) => (
                <Line key={id} what={label} keys={shortcuts.map(keyLabel)} />
              ))}
          </dl>
        </section>
        <section>
          <h3 className="label mb-1">On the canvas</h3>
          <dl>
            {ON_THE_CANVAS.map(([what, ...keys]) => (
              <Line key={what} what={what} keys={keys} />
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}

function Line({ what, keys }: { readonly what: string; readonly keys: readonly string[] }) {
  return (
    <div className="flex min-h-7 items-center gap-2">
      <dt className="flex-1">{what}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key} className="kbd">
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  )
}
