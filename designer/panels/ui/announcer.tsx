'use client'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'

const AnnouncerContext = createContext<(message: string) => void>(() => {})

/** A live region for what happens without a visible message of its own: saved, undone, added. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState('')
  const announce = useCallback((next: string) => setMessage(next), [])
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className="visually-hidden">
        {message}
      </div>
    </AnnouncerContext>
  )
}

export function useAnnounce(): (message: string) => void {
  return useContext(AnnouncerContext)
}
