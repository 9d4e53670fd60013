/** Listeners by event name. A listener that throws keeps nobody else from hearing. */
export interface Emitter<Events> {
  readonly on: <Name extends keyof Events>(name: Name, fn: (event: Events[Name]) => void) => () => void
  readonly emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => void
}

/** @param report is told what a listener threw */
export function createEmitter<Events>(report: (error: unknown) => void): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<(event: Events[Name]) => void> } = {}
  return {
    on: (name, fn) => {
      const set = listeners[name] ?? new Set()
      listeners[name] = set
      set.add(fn)
      return () => void set.delete(fn)
    },
    emit: (name, event) => {
      for (const fn of [...(listeners[name] ?? [])]) {
        try {
          fn(event)
        } catch (error) {
          report(error)
        }
      }
    },
  }
}
