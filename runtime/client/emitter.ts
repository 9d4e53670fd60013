/** Listeners by event name. A listener that throws, or whose promise rejects, keeps nobody else from hearing. */
export interface Emitter<Events> {
  readonly on: <Name extends keyof Events>(name: Name, fn: (event: Events[Name]) => void) => () => void
  /** Tells everybody at once; answers the promises of those that go on later. */
  readonly emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => readonly Promise<void>[]
}

/** @param report is told what a listener threw */
export function createEmitter<Events>(report: (error: unknown) => void): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<(event: Events[Name]) => unknown> } = {}
  return {
    on: (name, fn) => {
      const set = listeners[name] ?? new Set()
      listeners[name] = set
      set.add(fn)
      return () => void set.delete(fn)
    },
    emit: (name, event) => {
      const pending: Promise<void>[] = []
      for (const fn of [...(listeners[name] ?? [])]) {
        try {
          const answer = fn(event)
          if (answer instanceof Promise) pending.push(answer.then(() => {}, report))
        } catch (error) {
          report(error)
        }
      }
      return pending
    },
  }
}
