import type { RealPostgres } from '../../testing/real-postgres'
import type { BenchResult } from '../measure'

export interface BenchContext {
  readonly real: RealPostgres
  /** Counted rounds of each side. */
  readonly rounds: number
  /** For a look at whether it runs: a tenth of the rows. */
  readonly quick: boolean
  readonly log: (line: string) => void
}

export interface Bench {
  /** For `--only`. */
  readonly name: string
  readonly run: (context: BenchContext) => Promise<readonly BenchResult[]>
}
