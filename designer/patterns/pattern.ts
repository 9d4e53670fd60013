/** What a sync pattern is: what people choose it by, and what it adds to a unit's flow. */
import type { FlowNode, LocalEntity, Pattern, PatternKind } from '@/designer/model'
import type { AnomalyId } from './anomalies'

export interface SyncPattern<Kind extends PatternKind = PatternKind> {
  readonly id: Kind
  readonly title: string
  /** One sentence: what it does. */
  readonly summary: string
  /** What it costs, and what one should know before choosing it. */
  readonly advice: string
  /** The direction that an entity starts with. */
  readonly direction: LocalEntity['direction']
  /** Key of the icon, by its Lucide name. */
  readonly icon: string
  /** The design token of its hue. */
  readonly hue: `pattern-${PatternKind}`
  readonly admits: readonly AdmittedAnomaly[]
  /** What the entity adds to the flow of its unit. */
  readonly expand: (entity: LocalEntity, settings: Extract<Pattern, { kind: Kind }>) => PatternSteps
}

export interface AdmittedAnomaly {
  readonly anomaly: AnomalyId
  /** What then happens. */
  readonly outcome: string
}

type NodeKind = FlowNode['kind']

/** The steps by which an entity takes part in its unit's flow; null where it has no part. */
export interface PatternSteps {
  /** Server nodes on the way of a push. */
  readonly push: readonly NodeKind[] | null
  readonly pull: PullSteps | null
  /** Device nodes when the answer has come. */
  readonly after: readonly AfterStep[]
}

export interface PullSteps {
  readonly by: 'pull' | 'full-refresh'
  /** Server nodes on the way of the pull. */
  readonly server: readonly NodeKind[]
}

export type AfterStep = 'check-conflicts' | 'purge'

/** How most patterns pull: what changed, of the rows in scope. */
export const pullDelta: PullSteps = { by: 'pull', server: ['scope'] }
