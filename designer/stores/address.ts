'use client'
import { usePathname } from 'next/navigation'
import { useEffect, useLayoutEffect } from 'react'
import { selectionFromQuery, selectionToQuery } from './selection'
import { useSession } from './session'

/** Addresses are rewritten no more often than this; browsers refuse a flood of rewrites. */
const SETTLE_MS = 120

export function selectionInAddress(): ReturnType<typeof selectionFromQuery> {
  return selectionFromQuery(new URLSearchParams(window.location.search).get('select'))
}

/** Keeps the selection and `?select=` of the address the same, so that reload and back restore it. */
export function useSelectionInAddress(): void {
  const { selection, panels } = useSession()
  const pathname = usePathname()

  // biome-ignore lint/correctness/useExhaustiveDependencies: another path brings another address to read.
  useLayoutEffect(() => {
    const read = () => selection.select(selectionInAddress())
    read()
    window.addEventListener('popstate', read)
    return () => window.removeEventListener('popstate', read)
  }, [selection, pathname])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const write = () => {
      const query = selectionToQuery(selection.getState().selection)
      panels.setState(({ lastQueryByMode }) => ({
        lastQueryByMode: { ...lastQueryByMode, [pathname]: query ? `?select=${query}` : '' },
      }))
      clearTimeout(timer)
      timer = setTimeout(() => {
        const url = query ? `${pathname}?select=${query}` : pathname
        if (url !== window.location.pathname + window.location.search) window.history.replaceState(null, '', url)
      }, SETTLE_MS)
    }
    const unsubscribe = selection.subscribe(write)
    return () => {
      clearTimeout(timer)
      unsubscribe()
    }
  }, [selection, panels, pathname])
}
