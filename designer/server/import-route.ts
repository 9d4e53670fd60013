import { z } from 'zod'
import { emptyProject, type Project, type ServerSchema, syncable } from '@/designer/model'
import { importDump } from '@/designer/schema/import-dump'
import type { Imported, ImportProgress } from '@/designer/schema/import-result'
import { importUrl } from '@/designer/schema/import-url'
import type { Application } from './application'
import type { Connections } from './connections'
import { newProjectId } from './ids'
import { processApplication } from './process-application'
import { guarded } from './same-origin'

/** One line of the answer; the last is `imported`, `read` or `failed`. */
export type ImportEvent =
  | ({ readonly kind: 'progress' } & ImportProgress)
  | {
      readonly kind: 'imported'
      readonly id: string
      readonly name: string
      readonly tables: number
      readonly views: number
      /** Tables that are shown and can't be synced. */
      readonly tablesWithoutKey: readonly string[]
      readonly rows: number
      readonly keptData: boolean
      readonly skipped: Imported['skipped']
    }
  | {
      /** For a project that is there: nothing of it has changed yet. */
      readonly kind: 'read'
      readonly schema: ServerSchema
      readonly rows: number
      readonly skipped: Imported['skipped']
      /** What `startData.take` takes; null where no rows were kept. */
      readonly startData: string | null
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

const UrlSource = z.object({
  /** Null for the connection that the project keeps. */
  url: z.string().nullable(),
  keepData: z.boolean().default(false),
  /** Keep the connection with the project. */
  remember: z.boolean().default(false),
})

/**
 * `POST /api/import`: a dump as the body, or `{ url, keepData, remember }` as JSON; answers events, one a line.
 * It makes a new project; with `?project=ID` it reads for that one, which is changed by its page.
 */
export const importRoute = guarded(async (request) => {
  const application = await processApplication()
  return eventStream(request.signal, (signal, send) => runImport(request, application, signal, send))
})

type Send = (event: ImportEvent) => void

async function runImport(request: Request, application: Application, signal: AbortSignal, send: Send): Promise<void> {
  const projectId = new URL(request.url).searchParams.get('project')
  if (projectId !== null && (await application.projects.get(projectId)) === null)
    return send(failed(`There is no project ${projectId}: it was removed, or the address is wrong.`))
  const source = await sourceOf(request, projectId, application.connections)
  if (source.kind === 'failed') return send(source)
  const onProgress = (progress: ImportProgress) => send({ kind: 'progress', ...progress })
  const result =
    source.kind === 'url'
      ? await importUrl({ ...source, signal, onProgress })
      : await importDump({ ...source, signal, onProgress })
  if (result.kind === 'failed') {
    const { message, line, column, excerpt } = result
    return send({ kind: 'failed', message, line, column, excerpt })
  }
  // Whoever cancelled no longer wants the project.
  if (signal.aborted) return
  const remember = (id: string): Promise<void> | null =>
    source.kind === 'url' && source.remember ? application.connections.set(id, source.url) : null
  const { schema, startData, skipped } = result
  const rows = Object.values(result.rowCounts).reduce((sum, count) => sum + count, 0)

  if (projectId !== null) {
    await remember(projectId)
    const token = startData === null ? null : await application.startData.offer(projectId, startData)
    return send({ kind: 'read', schema, rows, skipped, startData: token })
  }
  const id = newProjectId()
  const project: Project = { ...emptyProject({ id, name: result.suggestedName }), ...schema }
  await application.projects.create(id, project, startData)
  await remember(id)
  const entities = Object.values(project.serverEntities)
  const views = entities.filter(({ kind }) => kind === 'view' || kind === 'materialized-view').length
  send({
    kind: 'imported',
    id,
    name: project.name,
    tables: entities.length - views,
    views,
    tablesWithoutKey: entities.flatMap((entity) =>
      entity.kind === 'table' && syncable(entity).kind === 'not-syncable' ? entity.name : [],
    ),
    rows,
    keptData: startData !== null,
    skipped,
  })
}

type Source =
  | { readonly kind: 'url'; readonly url: string; readonly keepData: boolean; readonly remember: boolean }
  | { readonly kind: 'dump'; readonly bytes: Uint8Array; readonly fileName: string; readonly keepData: boolean }

async function sourceOf(
  request: Request,
  projectId: string | null,
  connections: Connections,
): Promise<Source | Extract<ImportEvent, { kind: 'failed' }>> {
  if (request.headers.get('content-type')?.startsWith('application/json')) {
    const given = UrlSource.safeParse(await request.json().catch(() => null))
    if (!given.success)
      return failed('The request names no database. Give the address as postgres://user:password@host/database.')
    if (given.data.url !== null) return { kind: 'url', ...given.data, url: given.data.url }
    const url = projectId === null ? null : await connections.urlOf(projectId)
    if (url === null) return failed('No connection is kept for this project, or it can’t be read. Give its address.')
    return { kind: 'url', ...given.data, url, remember: false }
  }
  const dump = await readBody(request, LARGEST_DUMP)
  if (dump === null) {
    const megabytes = LARGEST_DUMP / 1024 / 1024
    return failed(
      `The file is larger than ${megabytes} MB. Dump the schema alone (pg_dump --schema-only), or import from the database's address.`,
    )
  }
  const fileName = decodeName(request.headers.get('x-file-name'))
  return { kind: 'dump', bytes: dump, fileName, keepData: request.headers.get('x-keep-data') === 'true' }
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
