'use client'
import { Menu } from '@base-ui/react/menu'
import { Check, Monitor, Moon, Sun } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { THEME_STORAGE_KEY } from './theme-script'

export type Theme = 'system' | 'light' | 'dark'

const CHANGED = 'syncline-theme-changed'

/** The theme as chosen (perhaps "system") and as it is shown. */
export function useTheme(): { chosen: Theme; shown: 'light' | 'dark'; choose: (theme: Theme) => void } {
  const chosen = useSyncExternalStore(subscribe, readTheme, () => 'system' as const)
  const shown = useSyncExternalStore(subscribe, shownTheme, () => 'light' as const)
  return { chosen, shown, choose: chooseTheme }
}

export function ThemeMenu() {
  const { chosen, shown, choose } = useTheme()
  return (
    <Menu.Root>
      <Menu.Trigger className="btn-icon" aria-label="Theme">
        {shown === 'dark' ? <Moon /> : <Sun />}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-[60]">
          <Menu.Popup className="menu">
            {THEMES.map(({ id, label, Icon }) => (
              <Menu.Item key={id} className="menu-item" onClick={() => choose(id)}>
                <Icon />
                {label}
                {chosen === id && <Check className="ml-auto" aria-label="chosen" />}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

const THEMES = [
  { id: 'system', label: 'As the system', Icon: Monitor },
  { id: 'light', label: 'Light', Icon: Sun },
  { id: 'dark', label: 'Dark', Icon: Moon },
] as const

function readTheme(): Theme {
  const theme = document.documentElement.dataset.theme
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function shownTheme(): 'light' | 'dark' {
  const theme = readTheme()
  if (theme !== 'system') return theme
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem(THEME_STORAGE_KEY)
    else localStorage.setItem(THEME_STORAGE_KEY, theme)
  } catch {
    // A browser that keeps nothing still shows the theme until the page is left.
  }
  window.dispatchEvent(new Event(CHANGED))
}

function subscribe(changed: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  window.addEventListener(CHANGED, changed)
  system.addEventListener('change', changed)
  return () => {
    window.removeEventListener(CHANGED, changed)
    system.removeEventListener('change', changed)
  }
}
