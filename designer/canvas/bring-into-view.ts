import type { Viewport, XYPosition } from '@xyflow/react'

/** Of a high card this much has to be seen. */
const HEAD_PX = 80

interface Flow {
  readonly getNode: (id: string) => { position: XYPosition; width?: number; height?: number } | undefined
  readonly getViewport: () => Viewport
  readonly setCenter: (x: number, y: number, options: { zoom: number; duration: number }) => unknown
}

/** Moves the view, and only where the card would not be seen; its zoom stays as it is. */
export function bringIntoView(flow: Flow, id: string): void {
  const node = flow.getNode(id)
  const area = document.querySelector('.canvas')?.getBoundingClientRect()
  if (!node || !area) return
  const { x, y, zoom } = flow.getViewport()
  const { position, width = 0, height = 0 } = node
  const left = position.x * zoom + x
  const top = position.y * zoom + y
  const seen =
    left >= 0 && top >= 0 && left + width * zoom <= area.width && top + Math.min(height * zoom, HEAD_PX) <= area.height
  if (!seen) flow.setCenter(position.x + width / 2, position.y + height / 2, { zoom, duration: 0 })
}
