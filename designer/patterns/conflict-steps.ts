/** The steps of the patterns that ask a conflict handler: on the server, or on the device once the answer is there. */
import type { ConflictSettings } from '@/designer/model'
import { type PatternSteps, pullDelta } from './pattern'

export const conflictSteps = ({ handledOn }: ConflictSettings): PatternSteps => ({
  push:
    handledOn === 'server'
      ? ['validate', 'detect-conflicts', 'resolve', 'apply']
      : ['validate', 'detect-conflicts', 'apply'],
  pull: pullDelta,
  after: ['check-conflicts'],
})
