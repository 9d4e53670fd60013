/** On which side of the workbench's centre short messages lie: where they cover nothing that somebody looks at. */
export type ToastSide = 'bottom' | 'top'

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The foot, unless messages there would cover more of what is in use than they would above. */
export function freerSide(places: Readonly<Record<ToastSide, Box>>, inUse: readonly Box[]): ToastSide {
  const covered = (side: ToastSide) => inUse.reduce((sum, box) => sum + commonArea(places[side], box), 0)
  return covered('top') < covered('bottom') ? 'top' : 'bottom'
}

function commonArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return width > 0 && height > 0 ? width * height : 0
}
