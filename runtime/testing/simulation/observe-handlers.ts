/** The same bundle, whose handlers note what they are shown: who met a handler was not lost silently (F1). */
import type { Bundle } from '../../contract/bundle'
import { textsIn } from './check-end'

export function observeHandlers(bundle: Bundle, seen: Set<string>): Bundle {
  return {
    ...bundle,
    handlers: bundle.handlers.map((handler) => ({
      ...handler,
      decide: (conflict) => {
        textsIn([conflict.base, conflict.local, conflict.server], seen)
        return handler.decide(conflict)
      },
    })),
  }
}
