import { fileURLToPath } from 'node:url'
import { buildBundle } from '@/designer/server/bundle-builder'
import { checkSql } from '@/designer/server/sql-check'
import { diagnosticLines } from '../diagnostic-lines'
import { done, type Outcome, wrongUse } from '../outcome'
import { readProject } from '../project-input'
import { replaceFolder } from '../replace-folder'
import { checked } from './check'

export interface CompileOptions {
  readonly out: string
  readonly force?: boolean
}

const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url))

/** `syncline compile FILE --out DIR` */
export async function compileCommand(file: string, options: CompileOptions): Promise<Outcome> {
  const input = await readProject(file)
  if (input.kind === 'refused') return input.outcome
  const built = await buildBundle(input.project, RUNTIME, checkSql)
  if (built.kind === 'has-errors') return checked(built.diagnostics)
  const written = await replaceFolder(options.out, built.files, options.force ?? false)
  if (written.kind === 'refused') return wrongUse(written.message)
  return done(
    [
      ...(built.diagnostics.length > 0 ? diagnosticLines(built.diagnostics) : []),
      `Wrote ${built.files.length} files to ${options.out} (bundle ${built.hash.slice(0, 12)}).`,
    ],
    {
      kind: 'compiled',
      directory: options.out,
      hash: built.hash,
      files: built.files.map(({ path }) => path),
      diagnostics: built.diagnostics,
    },
  )
}
