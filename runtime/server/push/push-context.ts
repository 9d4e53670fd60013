/** What every part of a push works with. */
import type { Database, Random, Session } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import type { EntityPlans } from '../plan'
import { type ScopeSession, scopeSession } from '../scope'
import { type PushRule, pushRules } from './push-rules'

export interface PushContext {
  readonly database: Database
  readonly plans: EntityPlans
  readonly bundle: Bundle
  /** The device's id. */
  readonly device: string
  readonly session: Session
  /** The server's clock, milliseconds since 1970. */
  readonly nowMs: number
  /** The device's clock when it sent the request. */
  readonly sentAt: number
  readonly maxGroupEdits: number
  readonly random: Random
}

/** With what is worked out once for all groups of a request. */
export interface Push extends PushContext {
  readonly scope: ScopeSession
  readonly rules: ReadonlyMap<string, PushRule>
}

export function openPush(context: PushContext): Push {
  return { ...context, scope: scopeSession(context.session, context.nowMs), rules: pushRules(context.plans) }
}

/**
 * When an edit was made by the server's clock (F7): its age by the device's clock, taken from now. A clock that is
 * merely wrong cancels out, and no edit is from the future.
 */
export function editTime({ nowMs, sentAt }: PushContext, at: number): number {
  return nowMs - Math.max(0, sentAt - at)
}
