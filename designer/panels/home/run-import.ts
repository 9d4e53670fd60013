import { z } from 'zod'
import { ServerEntity, ServerType } from '@/designer/model/project'
import { records } from '@/designer/model/records'
import type { ImportSource } from './import-source-form'

export interface ImportStage {
  readonly phase: 'reading' | 'running' | 'copying' | 'catalogue' | 'packing'
  readonly done: number
  readonly total: number | null
  readonly rows?: number | undefined
}

const Skipped = z.object({
  line: z.number().nullable(),
  statement: z.string(),
  kind: z.string(),
  reason: z.string(),
  instead: z.string().nullable(),
})
export type Skipped = z.infer<typeof Skipped>

const Imported = z.object({
  kind: z.literal('imported'),
  id: z.string(),
  name: z.string(),
  tables: z.number(),
  views: z.number().default(0),
  tablesWithoutKey: z.array(z.string()).default([]),
  rows: z.number(),
  keptData: z.boolean(),
  skipped: z.array(Skipped),
})

const Read = z.object({
  kind: z.literal('read'),
  schema: z.object({ serverTypes: records(ServerType), serverEntities: records(ServerEntity) }),
  rows: z.number(),
  skipped: z.array(Skipped),
  startData: z.string().nullable(),
})

const Failed = z.object({
  kind: z.literal('failed'),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  excerpt: z.string().optional(),
})

const Progress = z.object({
  kind: z.literal('progress'),
  phase: z.enum(['reading', 'running', 'copying', 'catalogue', 'packing']),
  done: z.number(),
  total: z.number().nullable(),
  rows: z.number().optional(),
})

const Line = z.discriminatedUnion('kind', [Progress, Imported, Read, Failed])

export type ImportFailed = z.infer<typeof Failed>
export type ImportOutcome = z.infer<typeof Imported> | ImportFailed
/** What was read for a project that is there already. */
export type ReadDatabase = z.infer<typeof Read>

export interface ImportOptions {
  readonly signal: AbortSignal
  readonly onStage: (stage: ImportStage) => void
}

/** Makes a project of a source, following the server's account of it line by line. Never rejects. */
export async function runImport(source: ImportSource, options: ImportOptions): Promise<ImportOutcome> {
  const last = await followImport('/api/import', source, options)
  return last.kind === 'read' ? failed('The server answered for another project. Try again.') : last
}

/** Reads a source for a project that is there, which stays as it is. Never rejects. */
export async function readAgain(
  projectId: string,
  source: ImportSource,
  options: ImportOptions,
): Promise<ReadDatabase | ImportFailed> {
  const last = await followImport(`/api/import?project=${encodeURIComponent(projectId)}`, source, options)
  return last.kind === 'imported' ? failed('The server made a project of its own. Try again.') : last
}

async function followImport(
  address: string,
  source: ImportSource,
  { signal, onStage }: ImportOptions,
): Promise<ImportOutcome | ReadDatabase> {
  try {
    const response = await fetch(address, { method: 'POST', signal, ...requestOf(source) })
    if (!response.body) return failed(`The server answered ${response.status} without a word. Try again.`)
    for await (const line of linesOf(response.body)) {
      const parsed = Line.safeParse(JSON.parse(line))
      if (!parsed.success) continue
      if (parsed.data.kind === 'progress') onStage(parsed.data)
      else return parsed.data
    }
    return failed('The import ended before its result came. The server may have been stopped: try again.')
  } catch (error) {
    if (signal.aborted) return failed('The import was cancelled.')
    return failed(`The server could not be reached (${error instanceof Error ? error.message : error}). Try again.`)
  }
}

function requestOf(source: ImportSource): { body: BodyInit; headers: Record<string, string> } {
  if (source.kind === 'url') {
    const { url, keepData, remember } = source
    return {
      body: JSON.stringify({ url, keepData, remember }),
      headers: { 'content-type': 'application/json' },
    }
  }
  const [name, body] = source.kind === 'file' ? [source.file.name, source.file] : ['pasted.sql', source.text]
  return {
    body,
    headers: {
      'content-type': 'application/sql',
      'x-file-name': encodeURIComponent(name),
      'x-keep-data': String(source.keepData),
    },
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    yield* lines.filter((line) => line.trim() !== '')
    if (done) return
  }
}

const failed = (message: string): ImportFailed => ({ kind: 'failed', message })
