/** What answers about files need to know. */
import type { Database } from '../../contract/api'
import type { EntityPlans } from '../plan'
import type { ScopeSession } from '../scope'

export interface FileContext {
  readonly database: Database
  readonly plans: EntityPlans
  readonly session: ScopeSession
  /** Larger contents are not taken. */
  readonly maxFileBytes: number
}
