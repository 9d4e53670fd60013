import { useStore } from '@xyflow/react'
import { createContext, useContext } from 'react'

/** Near, all of a card; farther away its name and its key; from afar its name. */
export type LevelOfDetail = 'full' | 'names' | 'far'

/** What is worth drawing at this zoom. It changes twice on the whole way, so cards are not drawn anew while zooming. */
export function useLevelOfDetail(): LevelOfDetail {
  return useStore((state) => (state.transform[2] >= 0.55 ? 'full' : state.transform[2] >= 0.28 ? 'names' : 'far'))
}

/** Asked once for the canvas, not by each card at each step of a zoom. */
export const LevelOfDetailContext = createContext<LevelOfDetail>('full')

export const useLod = (): LevelOfDetail => useContext(LevelOfDetailContext)
