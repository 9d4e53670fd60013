/**
 * Where something dies: counts the awaits that it passes and ends its life at a given one.
 *
 * Used for devices (storage and network) and for the server (statements). The dead hear nothing any more: their
 * promises never settle, as those of a killed process don't.
 */
import { createLife, type Life, never } from './scheduler'

export interface Hazard extends Life {
  /** Answers whether it is still alive; to be asked at every await. */
  readonly pass: (place: string) => boolean
  /** It dies at the n-th await from now; null for not at all. */
  readonly arm: (at: number | null) => void
  /** Where it died of it; null while it has not. */
  readonly diedAt: () => string | null
  /** Settles as the work does, but rejects at once when it dies meanwhile: what it is part of is rolled back. */
  readonly orRollBack: <T>(work: Promise<T>) => Promise<T>
}

/** Makes the transaction that a killed process had under way roll back; nobody ever sees it. */
class Killed extends Error {
  override readonly name = 'Killed'
}

export function createHazard(owner: string): Hazard {
  const life = createLife(owner)
  let left: number | null = null
  let diedAt: string | null = null
  return {
    ...life,
    pass: (place) => {
      if (!life.alive()) return false
      if (left === null) return true
      left -= 1
      if (left > 0) return true
      left = null
      diedAt = place
      life.end()
      return false
    },
    arm: (at) => {
      left = at
    },
    diedAt: () => diedAt,
    orRollBack: (work) =>
      Promise.race([
        work,
        life.ended.then(() => {
          throw new Killed(`${owner} was killed.`)
        }),
      ]),
  }
}

/** The same object, whose every function is an await at which the owner may die. */
export function guarded<T extends object>(target: T, hazard: Hazard): T {
  return new Proxy(target, {
    get: (object, name) => {
      const member: unknown = Reflect.get(object, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => (hazard.pass(String(name)) ? Reflect.apply(member, object, args) : never())
    },
  })
}
