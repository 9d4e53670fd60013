import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Bench } from '@/runtime/bench/rows/context'
import { type BenchReport, benchTable, RUNTIME_BENCHES, runBench } from '@/runtime/bench/run-bench'
import { deviceSize } from './device-size'

const BENCHES: readonly Bench[] = [...RUNTIME_BENCHES, deviceSize]
const RESULTS = 'bench-results.json'

const USAGE = `npm run bench -- [--only NAME[,NAME]] [--quick] [--rounds N]

Prints a table of what the runtime does beside a yardstick measured in the same run, and writes
${RESULTS}. --quick takes a tenth of the rows, to see that everything runs: its figures say little.
Names: ${BENCHES.map(({ name }) => name).join(', ')}`

/** Answers the exit code: 0 all measured, 1 one could not be, 2 wrong use. A missed target is no failure. */
export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}\n`)
    return 2
  }
  const report = await runBench({ ...options, log: (line) => process.stderr.write(`${line}\n`) })
  await writeFile(RESULTS, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(summary(report))
  return report.failed.length === 0 ? 0 : 1
}

type Options = { readonly benches: readonly Bench[]; readonly quick: boolean; readonly rounds: number }

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, quick: { type: 'boolean' }, rounds: { type: 'string' } },
    })
    const quick = values.quick ?? false
    const rounds = values.rounds === undefined ? (quick ? 1 : 5) : Number(values.rounds)
    if (!Number.isInteger(rounds) || rounds < 1) return `"${values.rounds}" is no number of rounds.`
    const names = values.only?.split(',') ?? BENCHES.map(({ name }) => name)
    const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name))
    if (unknown.length > 0) return `There is no bench named ${unknown.join(', ')}.`
    return { benches: BENCHES.filter(({ name }) => names.includes(name)), quick, rounds }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function summary({ results, failed, node, processors, memoryGb, quick, rounds }: BenchReport): string {
  const machine = `Node ${node}, ${processors} processors, ${memoryGb} GB; medians of ${rounds} rounds or more${quick ? '; quick, so of little weight' : ''}.`
  const failures = failed.map(({ bench, error }) => `${bench} could not be measured: ${error}\n`)
  return `\n${benchTable(results)}\n\n${machine}\n${failures.join('')}`
}
