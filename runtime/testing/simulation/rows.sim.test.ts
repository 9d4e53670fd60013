/** Patterns in which the last write stays, and those that detect conflicts. */
import { describeRuns } from './simulation-suite'

describeRuns(['lastWrite', 'conflicts'])
