import type { CSSProperties } from 'react'

/** The hues of groups, by name: hue alone tells nobody anything, so a group always has its label too. */
export const GROUP_HUE_NAMES = ['Teal', 'Blue', 'Violet', 'Pink', 'Red', 'Amber', 'Olive', 'Green'] as const

const HUES = [190, 245, 300, 345, 25, 70, 110, 150] as const

/** The number of the hue, as OKLCH has it. */
export const groupHueNumber = (hue: number): number => HUES[hue] ?? HUES[0]

export function groupHue(hue: number): CSSProperties {
  return { '--hue': groupHueNumber(hue) } as CSSProperties
}
