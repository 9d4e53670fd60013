/** The sync patterns, and the flows that they make. */
export * from './advice'
export { ANOMALIES, type AnomalyId } from './anomalies'
export { defaultLayout, LANES } from './default-layout'
export { expandUnitFlow, type FlowGraph } from './expand-unit'
export type { AdmittedAnomaly, PatternSteps } from './pattern'
export { PATTERNS, type PatternInfo, patternOf } from './registry'
