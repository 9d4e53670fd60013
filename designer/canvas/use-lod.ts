import { useStore } from '@xyflow/react'
import { createContext, useContext } from 'react'
import { type CanvasDetail, detailAt, type LevelOfDetail } from './level-of-detail'

/** What is worth drawing at this zoom. It changes a few times on the whole way, so cards are not drawn anew while zooming. */
export const useCanvasDetail = (): CanvasDetail => useStore((state) => detailAt(state.transform[2]))

/** Asked once for the canvas, not by each card at each step of a zoom. */
export const LevelOfDetailContext = createContext<LevelOfDetail>('full')

export const useLod = (): LevelOfDetail => useContext(LevelOfDetailContext)
