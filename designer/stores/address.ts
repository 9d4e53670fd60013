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

export const dataModeOf = (projectId: string): string => `/projects/${projectId}/data`

/** Where somebody goes who comes to choose tables at once. */
export const choosingTables = (projectId: string): string => `${dataModeOf(projectId)}?${CHOOSE}`

const CHOOSE = 'choose'

/** Opens the list of tables once for whoever came for it; reload and back lead to the project as it is. */
export function useChoiceInAddress(): void {
  const { panels } = useSession()
  useEffect(() => {
    const { pathname, search } = window.location
    const asked = new URLSearchParams(search)
    if (!asked.has(CHOOSE)) return
    window.history.replaceState(null, '', pathname)
    panels.setState({ picker: true })
  }, [panels])
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
    let pending: string | null = null
    const write = () => {
      clearTimeout(timer)
      if (pending !== null && pending !== window.location.pathname + window.location.search) {
        window.history.replaceState(null, '', pending)
      }
      pending = null
    }
    const writeSoon = () => {
      const query = selectionToQuery(selection.getState().selection)
      panels.setState(({ lastQueryByMode }) => ({
        lastQueryByMode: { ...lastQueryByMode, [pathname]: query ? `?select=${query}` : '' },
      }))
      pending = query ? `${pathname}?select=${query}` : pathname
      clearTimeout(timer)
      timer = setTimeout(write, SETTLE_MS)
    }
    // A rewrite while a link is being followed would call the navigation off, so it is done before the press counts.
    document.addEventListener('pointerdown', write, true)
    document.addEventListener('click', write, true)
    document.addEventListener('keydown', write, true)
    const unsubscribe = selection.subscribe(writeSoon)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerdown', write, true)
      document.removeEventListener('click', write, true)
      document.removeEventListener('keydown', write, true)
      unsubscribe()
    }
  }, [selection, panels, pathname])
}
