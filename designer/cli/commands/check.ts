import { compile, type Diagnostic } from '@/designer/compiler'
import { checkSql } from '@/designer/server/sql-check'
import { diagnosticLines, summary } from '../diagnostic-lines'
import { done, type Outcome } from '../outcome'
import { readProject } from '../project-input'

/** `syncline check FILE` */
export async function check(file: string): Promise<Outcome> {
  const input = await readProject(file)
  if (input.kind === 'refused') return input.outcome
  const { diagnostics } = compile(input.project)
  return checked([...diagnostics, ...(await checkSql(input.project))])
}

/** What `check` answers, and `compile` where the project has errors. */
export function checked(diagnostics: readonly Diagnostic[]): Outcome {
  const json = { kind: 'checked', ...summary(diagnostics), diagnostics }
  const lines = diagnosticLines(diagnostics)
  return json.errors === 0 ? done(lines, json) : { exitCode: 1, lines, json }
}
