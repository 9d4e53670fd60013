import type { LocalEntity, Pattern } from '@/designer/model/project'

export type DetectingPattern = Extract<Pattern, { kind: 'conflict-detection' | 'one-to-many' }>

/** The entity's pattern where it looks for conflicts, else null. */
export function detectingPattern({ pattern }: LocalEntity): DetectingPattern | null {
  return pattern.kind === 'conflict-detection' || pattern.kind === 'one-to-many' ? pattern : null
}
