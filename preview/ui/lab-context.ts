import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { LabState, LabStore } from './lab-store'

export const LabContext = createContext<LabStore | null>(null)

export function useLabStore(): LabStore {
  const store = useContext(LabContext)
  if (store === null) throw new Error('This part of the preview must stand inside PreviewMode.')
  return store
}

export function useLab<T>(select: (state: LabState) => T): T {
  return useStore(useLabStore(), select)
}
