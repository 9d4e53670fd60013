import { getViewportForBounds, type Viewport } from '@xyflow/react'
import type { DataNode } from './data-mapping'

/** Below the cards the controls of the canvas have their place. */
const PADDING = { x: '32px', top: '28px', bottom: '68px' } as const
const MARGIN_PX = 24
/** Below this attributes can no longer be read with ease. */
const READABLE_ZOOM = 0.6

interface Size {
  readonly width: number
  readonly height: number
}

/** What is seen first: all cards, or as many as can be read, from the upper left; null where there are none. */
export function openingView(nodes: readonly DataNode[], area: Size): Viewport | null {
  if (nodes.length === 0 || area.width === 0 || area.height === 0) return null
  const x = Math.min(...nodes.map(({ position }) => position.x))
  const y = Math.min(...nodes.map(({ position }) => position.y))
  const width = Math.max(...nodes.map((node) => node.position.x + (node.width ?? 0))) - x
  const height = Math.max(...nodes.map((node) => node.position.y + (node.height ?? 0))) - y
  const whole = getViewportForBounds({ x, y, width, height }, area.width, area.height, 0.05, 1, PADDING)
  if (whole.zoom >= READABLE_ZOOM) return whole
  const zoom = Math.min(1, Math.max(READABLE_ZOOM, (area.width - 2 * MARGIN_PX) / width))
  return { x: MARGIN_PX - x * zoom, y: MARGIN_PX - y * zoom, zoom }
}
