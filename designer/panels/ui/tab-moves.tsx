'use client'
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useRef } from 'react'

const TabMoves = createContext<RefObject<boolean>>({ current: false })

/** Knows whether the focus was last moved with the Tab key, and not by a window that opened, closed or was clicked. */
export function TabMovesProvider({ children }: { readonly children: ReactNode }) {
  const moved = useRef(false)
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      // Shift comes before the Tab it goes with.
      if (key !== 'Shift') moved.current = key === 'Tab'
    }
    const onPress = () => {
      moved.current = false
    }
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('pointerdown', onPress, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('pointerdown', onPress, true)
    }
  }, [])
  return <TabMoves value={moved}>{children}</TabMoves>
}

export const useMovedByTab = (): RefObject<boolean> => useContext(TabMoves)
