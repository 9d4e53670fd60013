/** Aggregates, rows that are only sent, merged values, and rows that come and go with the session. */
import { describeRuns } from './simulation-suite'

describeRuns(['aggregates', 'scopes'])
