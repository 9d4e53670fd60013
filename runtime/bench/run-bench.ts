/** `npm run bench`: runs what was asked for, prints a table and answers what was measured. */
import { cpus, totalmem } from 'node:os'
import { startPostgres } from '../testing/real-postgres'
import { type BenchResult, figure } from './measure'
import type { Bench } from './rows/context'
import { deltaPull } from './rows/delta-pull'
import { emptySync } from './rows/empty-sync'
import { firstPullPGlite, firstPullSqlite } from './rows/first-pull'
import { memory } from './rows/memory'
import { push } from './rows/push'
import { tracking } from './rows/tracking'

export const RUNTIME_BENCHES: readonly Bench[] = [
  firstPullPGlite,
  firstPullSqlite,
  deltaPull,
  push,
  tracking,
  emptySync,
  memory,
]

export interface BenchOptions {
  readonly benches: readonly Bench[]
  readonly quick: boolean
  readonly rounds: number
  readonly log: (line: string) => void
}

export interface BenchReport {
  readonly node: string
  readonly processors: number
  readonly memoryGb: number
  readonly quick: boolean
  readonly rounds: number
  readonly results: readonly BenchResult[]
  readonly failed: readonly { readonly bench: string; readonly error: string }[]
}

export async function runBench({ benches, quick, rounds, log }: BenchOptions): Promise<BenchReport> {
  // As a server in use has it: a commit waits for its disk.
  const real = await startPostgres({ durable: true })
  const results: BenchResult[] = []
  const failed: { bench: string; error: string }[] = []
  try {
    for (const bench of benches) {
      log(`${bench.name} …`)
      try {
        const measured = await bench.run({ real, quick, rounds, log: (line) => log(`  ${line}`) })
        for (const result of measured) log(`  ${lineOf(result).join('  ')}`)
        results.push(...measured)
      } catch (error) {
        // One that fails says so; the others are still of interest.
        log(`  failed: ${String(error)}`)
        failed.push({ bench: bench.name, error: String(error) })
      }
    }
  } finally {
    await real.stop()
  }
  return {
    node: process.version,
    processors: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    quick,
    rounds,
    results,
    failed,
  }
}

/** The report as a Markdown table. */
export function benchTable(results: readonly BenchResult[]): string {
  const rows = [['what', 'ours', 'yardstick', 'ratio', 'target', ''], ...results.map(lineOf)]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const print = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [print(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(print)].join('\n')
}

function lineOf({ what, ours, yardstick, ratio, target, reached }: BenchResult): string[] {
  return [what, ours, yardstick, ratio === null ? '–' : figure(ratio), target, reached ? 'reached' : 'MISSED']
}
