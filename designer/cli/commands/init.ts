import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import {
  PATTERN_KINDS,
  type PatternKind,
  projectFromSchema,
  type ServerSchema,
  serializeProject,
} from '@/designer/model'
import { importDump } from '@/designer/schema/import-dump'
import type { Imported, ImportResult } from '@/designer/schema/import-result'
import { importUrl } from '@/designer/schema/import-url'
import { nearNames } from '../near-names'
import { done, hasErrors, type Outcome, wrongUse } from '../outcome'
import { unreadable } from '../project-input'

export interface InitOptions {
  readonly out: string
  readonly entities?: string
  readonly pattern: string
  readonly force?: boolean
}

/** `syncline init SOURCE --out FILE` */
export async function init(source: string, options: InitOptions): Promise<Outcome> {
  const pattern = patternNamed(options.pattern)
  if (pattern === null) {
    return wrongUse(`There is no pattern "${options.pattern}". There are: ${PATTERN_KINDS.join(', ')}.`)
  }
  const names = options.entities?.split(',').flatMap((name) => name.trim() || [])
  if (names?.length === 0) {
    return wrongUse('--entities names no table. Name some, separated by commas, or leave it out to take all of them.')
  }
  if (!options.force && (await isThere(options.out))) return wrongUse(alreadyThere(options.out))
  const imported = await importSource(source)
  if ('exitCode' in imported) return imported
  if (imported.kind === 'failed') {
    const place = imported.line === undefined ? '' : `:${imported.line}`
    return hasErrors(`${called(source)}${isUrl(source) ? '' : place}: ${imported.message}`, { ...imported })
  }

  const unknown = names === undefined ? null : unknownTables(names, imported.schema)
  if (unknown !== null) return wrongUse(unknown)
  const made = projectFromSchema({
    schema: imported.schema,
    name: basename(options.out).replace(/(\.syncline)?\.json$/, '') || imported.suggestedName,
    pattern,
    ...(names === undefined ? {} : { entities: names }),
  })
  if (made.kind === 'refused') return wrongUse(made.reason)

  if (Object.keys(made.project.localEntities).length === 0) return nothingToSync(source, made.leftOut)

  const written = await writeNew(options.out, serializeProject(made.project), options.force ?? false)
  if (written !== null) return written
  const entities = Object.values(made.project.localEntities)
    .map((entity) => entity.name)
    .sort()
  return done(
    [
      `Wrote ${options.out}: ${entities.length} local ${entities.length === 1 ? 'entity' : 'entities'} on ${pattern}.`,
      ...made.leftOut.map(({ name, reason }) => `  left out ${name}: ${reason}`),
      ...skippedLines(imported),
    ],
    {
      kind: 'initialised',
      file: options.out,
      pattern,
      entities,
      leftOut: made.leftOut,
      skipped: imported.skipped,
      rowCounts: imported.rowCounts,
    },
  )
}

/** A URL may hold a password, so it is not repeated. */
const called = (source: string): string => (isUrl(source) ? 'The database' : source)

const isUrl = (source: string): boolean => /^postgres(ql)?:\/\//.test(source)

async function importSource(source: string): Promise<ImportResult | Outcome> {
  if (isUrl(source)) return importUrl({ url: source, keepData: false })
  if (/^[a-z]+:\/\//.test(source)) {
    return wrongUse(`${source} is neither a file nor a postgres:// address. Give one of them.`)
  }
  let bytes: Uint8Array
  try {
    bytes = await readFile(source)
  } catch (error) {
    return wrongUse(unreadable(source, error))
  }
  return importDump({ bytes, fileName: basename(source), keepData: false })
}

function nothingToSync(
  source: string,
  leftOut: readonly { readonly name: string; readonly reason: string }[],
): Outcome {
  const found = leftOut.length === 0 ? 'there is no table' : 'there is no table that can be synced'
  const reasons = leftOut.map(({ name, reason }) => `  ${name}: ${reason}`)
  const message = [`${called(source)}: ${found}, so nothing was written.`, ...reasons].join('\n')
  return hasErrors(message, { kind: 'failed', message, leftOut })
}

const patternNamed = (name: string): PatternKind | null => PATTERN_KINDS.find((kind) => kind === name) ?? null

function unknownTables(names: readonly string[], schema: ServerSchema): string | null {
  const known = Object.values(schema.serverEntities)
  const all = new Set(known.flatMap((entity) => [entity.name, `${entity.schema}.${entity.name}`]))
  const lines = names
    .filter((name) => !all.has(name))
    .map((name) => {
      const near = nearNames(
        name,
        known.map((entity) => entity.name),
      )
      return near.length > 0
        ? `There is no table "${name}". Did you mean ${near.join(', ')}?`
        : `There is no table "${name}". There are ${known.length} tables; leave --entities out to take all of them.`
    })
  return lines.length > 0 ? lines.join('\n') : null
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const alreadyThere = (path: string): string =>
  `${path} is there already. Choose another name, or add --force to overwrite it.`

async function writeNew(path: string, text: string, force: boolean): Promise<Outcome | null> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: force ? 'w' : 'wx' })
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return wrongUse(alreadyThere(path))
    }
    return wrongUse(`${path} can't be written (${error instanceof Error ? error.message : String(error)}).`)
  }
}

/** What of the user's is missing is named; what has no part in a schema is only counted. */
function skippedLines({ skipped }: Imported): string[] {
  const lost = skipped.filter(({ kind }) => kind === 'definition' || kind === 'data' || kind === 'extension')
  const others = skipped.length - lost.length
  return [
    ...lost.map(
      ({ line, reason, instead }) =>
        `  skipped${line === null ? '' : ` line ${line}`}: ${reason}${instead === null ? '' : ` ${instead}`}`,
    ),
    ...(others > 0 ? [`  ${others} statements that have no part in a schema were skipped (--json lists them).`] : []),
  ]
}
