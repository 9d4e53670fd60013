import { useStore } from '@xyflow/react'

export type LevelOfDetail = 'full' | 'names' | 'far'

/** What is worth drawing at this zoom. It changes twice on the whole way, so cards are not drawn anew while zooming. */
export function useLevelOfDetail(): LevelOfDetail {
  return useStore((state) => (state.transform[2] >= 0.55 ? 'full' : state.transform[2] >= 0.28 ? 'names' : 'far'))
}
