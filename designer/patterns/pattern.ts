/** What a sync pattern is: what people choose it by, and what it adds to a unit's flow. */
import type { FlowNode, LocalEntity, PatternKind } from '@/designer/model'
import type { AnomalyId } from './anomalies'

export interface SyncPattern {
  readonly id: PatternKind
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
  readonly expand: (entity: LocalEntity) => PatternSteps
}

export interface AdmittedAnomaly {
  readonly anomaly: AnomalyId
  /** What then happens. */
  readonly outcome: string
}

type NodeKind = FlowNode['kind']

/** Node kinds on the way of a push and of a pull; null where the entity has no part in it. */
export interface PatternSteps {
  readonly push: readonly NodeKind[] | null
  readonly pull: readonly NodeKind[] | null
}
