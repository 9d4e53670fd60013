import { useEffect } from 'react'
import { useSession } from '@/designer/stores/session'
import { useCommands } from './commands'
import { matchesShortcut } from './shortcut'

/** Runs the commands' shortcuts, wherever the focus is, unless a field, a dialog or the code has a use for the key. */
export function useKeyboard(): void {
  const commands = useCommands()
  const { selection } = useSession()

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return
      if (event.target.closest('[data-own-keys]')) return
      const inDialog = event.target.closest('[role="dialog"]') !== null
      const inField =
        event.target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, .monaco-editor') !== null

      if (event.key === 'Escape' && !inDialog && !inField) {
        selection.select({ kind: 'none' })
        return
      }
      const command = commands.find(({ shortcuts }) => shortcuts.some((shortcut) => matchesShortcut(event, shortcut)))
      if (!command || (inDialog && command.id !== 'palette')) return
      if (inField && !command.inFields) return
      event.preventDefault()
      command.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [commands, selection])
}
