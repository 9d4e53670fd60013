import { z } from 'zod'
import { emptyProject, type Project, syncable } from '@/designer/model'
import { importDump } from '@/designer/schema/import-dump'
import type { Imported, ImportProgress, ImportResult } from '@/designer/schema/import-result'
import { importUrl } from '@/designer/schema/import-url'
import { newProjectId } from './ids'
import { processApplication } from './process-application'
import type { ProjectStore } from './project-store'
import { guarded } from './same-origin'

/** One line of the answer; the last is `imported` or `failed`. */
export type ImportEvent =
  | ({ readonly kind: 'progress' } & ImportProgress)
  | {
      readonly kind: 'imported'
      readonly id: string
      readonly name: string
      readonly tables: number
      /** Tables that are shown and can't be synced. */
      readonly tablesWithoutKey: readonly string[]
      readonly rows: number
      readonly keptData: boolean
      readonly skipped: Imported['skipped']
    }
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly line?: number
      readonly column?: number
      readonly excerpt?: string
    }

/** A dump is held in memory, beside the database that it is run in. */
const LARGEST_DUMP = 256 * 1024 * 1024

const UrlSource = z.object({ url: z.string(), keepData: z.boolean().default(false) })

/** `POST /api/import`: a dump as the body, or `{ url, keepData }` as JSON; answers events, one a line. */
export const importRoute = guarded(async (request) => {
  const { projects } = await processApplication()
  return eventStream(request.signal, (signal, send) => runImport(request, projects, signal, send))
})

type Send = (event: ImportEvent) => void

async function runImport(request: Request, projects: ProjectStore, signal: AbortSignal, send: Send): Promise<void> {
  const result = await importFrom(request, signal, (progress) => send({ kind: 'progress', ...progress }))
  if (result.kind === 'failed') {
    const { message, line, column, excerpt } = result
    return send({ kind: 'failed', message, line, column, excerpt })
  }
  // Whoever cancelled no longer wants the project.
  if (signal.aborted) return
  const id = newProjectId()
  const project: Project = { ...emptyProject({ id, name: result.suggestedName }), ...result.schema }
  await projects.create(id, project, result.startData)
  const entities = Object.values(project.serverEntities)
  send({
    kind: 'imported',
    id,
    name: project.name,
    tables: entities.length,
    tablesWithoutKey: entities.flatMap((entity) =>
      entity.kind === 'table' && syncable(entity).kind === 'not-syncable' ? entity.name : [],
    ),
    rows: Object.values(result.rowCounts).reduce((sum, count) => sum + count, 0),
    keptData: result.startData !== null,
    skipped: result.skipped,
  })
}

async function importFrom(
  request: Request,
  signal: AbortSignal,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult | Extract<ImportEvent, { kind: 'failed' }>> {
  if (request.headers.get('content-type')?.startsWith('application/json')) {
    const source = UrlSource.safeParse(await request.json().catch(() => null))
    if (!source.success)
      return failed('The request names no database. Give the address as postgres://user:password@host/database.')
    return importUrl({ ...source.data, signal, onProgress })
  }
  const dump = await readBody(request, LARGEST_DUMP)
  if (dump === null) {
    const megabytes = LARGEST_DUMP / 1024 / 1024
    return failed(
      `The file is larger than ${megabytes} MB. Dump the schema alone (pg_dump --schema-only), or import from the database's address.`,
    )
  }
  const fileName = decodeName(request.headers.get('x-file-name'))
  const keepData = request.headers.get('x-keep-data') === 'true'
  return importDump({ bytes: dump, fileName, keepData, signal, onProgress })
}

/** The whole body, or null as soon as it is known to be larger than `limit`. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length')) > limit) return null
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > limit) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function decodeName(header: string | null): string {
  try {
    return decodeURIComponent(header ?? '') || 'dump.sql'
  } catch {
    return header ?? 'dump.sql'
  }
}

const failed = (message: string): Extract<ImportEvent, { kind: 'failed' }> => ({ kind: 'failed', message })

/** Answers at once and sends each event as it comes; a reader that goes away aborts the work. */
function eventStream(requested: AbortSignal, work: (signal: AbortSignal, send: Send) => Promise<void>): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([requested, gone.signal])
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const send: Send = (event) => {
        // Nobody reads any more, and the stream is closed already.
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`))
      }
      try {
        await work(signal, send)
      } catch (error) {
        console.error(error)
        send(
          failed(`Something in Syncline failed (${error instanceof Error ? error.message : error}). Please report it.`),
        )
      }
      if (!gone.signal.aborted) controller.close()
    },
    cancel: () => gone.abort(),
  })
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}
