/** Near, all of a card; farther away its name and those of its attributes; from afar its name. */
export type LevelOfDetail = 'full' | 'names' | 'far'

/** How large the names are written: the farther away, the larger, so that they can still be read. */
export type NameSize = 'plain' | 'large' | 'tiny'

export interface CanvasDetail {
  readonly lod: LevelOfDetail
  readonly names: NameSize
}

/** One object for each step, so that a zoom between two steps changes nothing. */
const STEPS: readonly (CanvasDetail & { readonly from: number })[] = [
  { from: 0.8, lod: 'full', names: 'plain' },
  { from: 0.55, lod: 'full', names: 'large' },
  { from: 0.36, lod: 'names', names: 'plain' },
  { from: 0.26, lod: 'far', names: 'plain' },
  { from: 0.18, lod: 'far', names: 'large' },
]
const FARTHEST: CanvasDetail = { lod: 'far', names: 'tiny' }

export const detailAt = (zoom: number): CanvasDetail => STEPS.find(({ from }) => zoom >= from) ?? FARTHEST
