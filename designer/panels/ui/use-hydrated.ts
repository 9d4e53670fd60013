import { useSyncExternalStore } from 'react'

/** False in the page as the server sent it: until the scripts have taken over, a press would be lost. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
}
