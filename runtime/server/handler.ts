/**
 * From `Request` to `Response`: what is asked, whether it may be, and how it failed.
 *
 * Invariants
 * - Never rejects; every fault becomes a response.
 * - A fault of the database is told as such and nothing more: no SQL, no values (L8).
 */
import type * as z from 'zod/mini'
import type { Clock, Database, Random, ServerOptions, Session } from '../contract/api'
import type { Bundle } from '../contract/bundle'
import { FileRequest } from '../protocol/file-messages'
import { type ErrorResponse, PROTOCOL_VERSION, SyncRequest } from '../protocol/messages'
import { packedResponse } from './compression'
import type { Events } from './events'
import { databaseComplaint, RequestFault } from './faults'
import { answerFile } from './files/answer-file'
import type { EntityPlans } from './plan'
import { type KnownServer, notingStarts } from './pull/moment'
import { planPull, pullPage } from './pull/pull-page'
import { pushGroups } from './push/push-groups'
import { endConflicts } from './push/record-conflicts'
import { readBody } from './read-body'
import { scopeSession } from './scope'
import { jsonResponse, syncAnswer } from './sync-answer'
import { trackingGaps } from './tracking-gaps'

export interface HandlerContext {
  readonly database: Database
  readonly bundle: Bundle
  readonly plans: EntityPlans
  readonly authenticate: ServerOptions['authenticate']
  readonly clock: Clock
  readonly random: Random
  readonly events: Pick<Events, 'respond'>
  readonly pageRows: number
  readonly maxBodyBytes: number
  readonly maxGroups: number
  readonly maxGroupEdits: number
  readonly maxFileBytes: number
  readonly server: KnownServer
}

export function createHandler(context: HandlerContext): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await route(context, request)
    } catch (error) {
      if (error instanceof RequestFault) return failed(error)
      return failed(new RequestFault(500, 'server-failed', await explain(context.database, error)))
    }
  }
}

async function route(context: HandlerContext, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/sync' && request.method === 'POST') return packedResponse(request, await sync(context, request))
  if (pathname === '/events' && request.method === 'GET') return events(context, request)
  if (pathname === '/health' && request.method === 'GET') return health(context)
  throw new RequestFault(
    404,
    'not-found',
    'There is nothing here. A Syncline server answers POST /sync, GET /events and GET /health.',
  )
}

async function sync(context: HandlerContext, request: Request): Promise<Response> {
  const session = await authenticate(context, request)
  const body = await readBody(request, context.maxBodyBytes)
  if (isFileRequest(body)) return file(context, session, parseMessage(FileRequest, body))
  const message = parseMessage(SyncRequest, body)
  if (message.push.length > context.maxGroups) {
    throw new RequestFault(
      413,
      'too-large',
      `The request has ${message.push.length} groups of edits, and the server takes at most ${context.maxGroups} at once. Send fewer.`,
    )
  }
  const planned = planPull(context.plans, message.pull, message.schemaHash === context.bundle.schemaHash)
  const { database, plans, bundle, random, maxGroupEdits, pageRows } = context
  const { device, sentAt, resume } = message
  const nowMs = context.clock.now()
  const push = { database, plans, bundle, device, session, nowMs, sentAt, maxGroupEdits, random }
  const outcomes = await notingStarts(database, () => pushGroups(push, message.push))
  await endConflicts(database, { device, user: session.user }, message.ended ?? [])
  const question = { planned, resume, pageRows, session: scopeSession(session, nowMs), server: context.server }
  const page = planned.length === 0 ? null : await notingStarts(database, () => pullPage(database, question))
  return syncAnswer(request, outcomes, page)
}

/** Contents of files go the way of syncs, and are told from them by what they ask. */
function isFileRequest(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'file' in body
}

async function file(context: HandlerContext, session: Session, message: FileRequest): Promise<Response> {
  const { database, plans, maxFileBytes, clock } = context
  const files = { database, plans, maxFileBytes, session: scopeSession(session, clock.now()) }
  return jsonResponse(200, { protocol: PROTOCOL_VERSION, ...(await answerFile(files, message)) })
}

async function events(context: HandlerContext, request: Request): Promise<Response> {
  await authenticate(context, request)
  return context.events.respond(request)
}

/** Who is asking; rejects with 401 where nobody knows. */
export async function authenticate(
  { authenticate }: Pick<HandlerContext, 'authenticate'>,
  request: Request,
): Promise<Session> {
  // The function may read headers only: the body is read once, below.
  const session = await Promise.resolve()
    .then(() => authenticate(request))
    .catch(() => null)
  if (session) return session
  throw new RequestFault(401, 'unauthenticated', 'The server does not know who is asking. Sign in and sync again.')
}

function parseMessage<Message>(schema: z.ZodMiniType<Message>, body: unknown): Message {
  const protocol = typeof body === 'object' && body !== null && 'protocol' in body ? body.protocol : undefined
  if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION) {
    const older = protocol < PROTOCOL_VERSION ? 'Update the app' : 'Update the server'
    throw new RequestFault(
      409,
      'incompatible',
      `The device speaks version ${protocol} of the protocol and the server version ${PROTOCOL_VERSION}. ${older}; the edits are kept.`,
    )
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''
  throw new RequestFault(
    400,
    'invalid-message',
    `The request does not have the form of a sync request${place}. Use a device of the same version.`,
  )
}

/** 503 where no sync would succeed; tables whose changes may be missed are named, and every pull of them is a full one (L12). */
async function health({ database, bundle }: HandlerContext): Promise<Response> {
  const about = { protocol: PROTOCOL_VERSION, schemaHash: bundle.schemaHash }
  try {
    const [row] = await database.query("select to_regclass('syncline.incarnation') is not null as installed")
    if (row?.installed !== true) return jsonResponse(503, { status: 'not-installed', ...about })
    const untracked = await trackingGaps(database, bundle)
    return jsonResponse(200, {
      status: untracked.length === 0 ? 'ok' : 'degraded',
      ...about,
      ...(untracked.length > 0 && { untracked }),
    })
  } catch {
    return jsonResponse(503, { status: 'database-failed', ...about })
  }
}

/** The most common faults of a new server deserve their own words. */
async function explain(database: Database, error: unknown): Promise<string> {
  if (databaseComplaint(error)?.code === '42501') {
    return "The server's database role lacks a right that a sync needs. Call server.install() as that role: it says which right, and which statement grants it."
  }
  const installed = await database.query("select to_regclass('syncline.incarnation') is not null as installed").then(
    ([row]) => row?.installed === true,
    () => null,
  )
  return installed === false
    ? "Change tracking is not installed in the server's database. Call server.install(), or run sql/server-install.sql."
    : 'The server could not complete the request because its database failed. Nothing is lost; try again.'
}

function failed({ status, kind, message, retryAfterMs }: RequestFault): Response {
  const error = { kind, message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  const headers =
    retryAfterMs === undefined ? undefined : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }
  return jsonResponse(status, { error } satisfies ErrorResponse, headers)
}
