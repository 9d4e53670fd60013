/**
 * From `Request` to `Response`: what is asked, whether it may be, and how it failed.
 *
 * Invariants
 * - Never rejects; every fault becomes a response.
 * - A fault of the database is told as such and nothing more: no SQL, no values (L8).
 */
import type { Database, ServerOptions } from '../contract/api'
import type { Bundle } from '../contract/bundle'
import {
  type ErrorResponse,
  type Outcome,
  PROTOCOL_VERSION,
  SyncRequest,
  type SyncResponse,
} from '../protocol/messages'
import { RequestFault } from './faults'
import type { EntityPlans } from './plan'
import { planPull, pullPage } from './pull/pull-page'
import { applyGroup } from './push/apply-group'
import { readBody } from './read-body'

export interface HandlerContext {
  readonly database: Database
  readonly bundle: Bundle
  readonly plans: EntityPlans
  readonly authenticate: ServerOptions['authenticate']
  readonly pageRows: number
  readonly maxBodyBytes: number
  readonly maxGroups: number
  readonly maxGroupEdits: number
}

export function createHandler(context: HandlerContext): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await route(context, request)
    } catch (error) {
      if (error instanceof RequestFault) return failed(error)
      return failed(new RequestFault(500, 'server-failed', await explain(context.database)))
    }
  }
}

function route(context: HandlerContext, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/sync' && request.method === 'POST') return sync(context, request)
  if (pathname === '/health' && request.method === 'GET') return health(context)
  throw new RequestFault(
    404,
    'not-found',
    'There is nothing here. A Syncline server answers POST /sync and GET /health.',
  )
}

async function sync(context: HandlerContext, request: Request): Promise<Response> {
  await authenticate(context, request)
  const message = parseMessage(await readBody(request, context.maxBodyBytes))
  if (message.push.length > context.maxGroups) {
    throw new RequestFault(
      413,
      'invalid-message',
      `The request has ${message.push.length} groups of edits, and the server takes at most ${context.maxGroups} at once. Send fewer.`,
    )
  }
  const planned = planPull(context.plans, message.pull, message.schemaHash === context.bundle.schemaHash)
  const outcomes: Outcome[] = []
  // In the order in which they were made (P2), one after the other: a group may build on the one before.
  for (const group of message.push) outcomes.push(await applyGroup({ ...context, device: message.device }, group))
  const page =
    planned.length === 0
      ? null
      : await pullPage(context.database, { planned, resume: message.resume, pageRows: context.pageRows })
  return json(200, { protocol: PROTOCOL_VERSION, outcomes, page } satisfies SyncResponse)
}

async function authenticate({ authenticate }: HandlerContext, request: Request): Promise<void> {
  // The function may read headers only: the body is read once, below.
  const session = await Promise.resolve()
    .then(() => authenticate(request))
    .catch(() => null)
  if (!session)
    throw new RequestFault(401, 'unauthenticated', 'The server does not know who is asking. Sign in and sync again.')
}

function parseMessage(body: unknown): SyncRequest {
  const protocol = typeof body === 'object' && body !== null && 'protocol' in body ? body.protocol : undefined
  if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION) {
    const older = protocol < PROTOCOL_VERSION ? 'Update the app' : 'Update the server'
    throw new RequestFault(
      409,
      'incompatible',
      `The device speaks version ${protocol} of the protocol and the server version ${PROTOCOL_VERSION}. ${older}; the edits are kept.`,
    )
  }
  const parsed = SyncRequest.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''
  throw new RequestFault(
    400,
    'invalid-message',
    `The request does not have the form of a sync request${place}. Use a device of the same version.`,
  )
}

async function health({ database, bundle }: HandlerContext): Promise<Response> {
  const about = { protocol: PROTOCOL_VERSION, schemaHash: bundle.schemaHash }
  try {
    const [row] = await database.query("select to_regclass('syncline.meta') is not null as installed")
    const installed = row?.installed === true
    return json(installed ? 200 : 503, { status: installed ? 'ok' : 'not-installed', ...about })
  } catch {
    return json(503, { status: 'database-failed', ...about })
  }
}

/** The most common fault of a new server deserves its own words. */
async function explain(database: Database): Promise<string> {
  const installed = await database.query("select to_regclass('syncline.meta') is not null as installed").then(
    ([row]) => row?.installed === true,
    () => null,
  )
  return installed === false
    ? "Change tracking is not installed in the server's database. Call server.install(), or run sql/server-install.sql."
    : 'The server could not complete the request because its database failed. Nothing is lost; try again.'
}

function failed({ status, kind, message }: RequestFault): Response {
  return json(status, { error: { kind, message } } satisfies ErrorResponse)
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}
