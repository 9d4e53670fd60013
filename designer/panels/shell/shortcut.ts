/** A key with its modifiers: `mod+shift+z`, where `mod` is Command on a Mac and Control elsewhere. */
export type Shortcut = string

export function matchesShortcut(event: KeyboardEvent, shortcut: Shortcut): boolean {
  const parts = shortcut.split('+')
  const key = parts.at(-1)
  const mod = parts.includes('mod')
  const pressed = event.key.toLowerCase()
  if (pressed !== key) return false
  if (mod !== (event.metaKey || event.ctrlKey)) return false
  // A question mark needs Shift on most keyboards, so Shift counts only beside a letter or a named key.
  return key === '?' || parts.includes('shift') === event.shiftKey
}

/** How the shortcut is written on this computer's keys. */
export function keyLabel(shortcut: Shortcut): string {
  const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)
  return shortcut
    .split('+')
    .map((part) => {
      if (part === 'mod') return mac ? '⌘' : 'Ctrl'
      if (part === 'shift') return mac ? '⇧' : 'Shift'
      return NAMES[part] ?? part.toUpperCase()
    })
    .join(mac ? '' : '+')
}

const NAMES: Readonly<Record<string, string>> = {
  delete: 'Del',
  backspace: '⌫',
  escape: 'Esc',
  enter: 'Enter',
  arrowup: '↑',
  arrowdown: '↓',
}
