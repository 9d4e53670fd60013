/** The record that each conflict leaves on the server, and the end of it when somebody has resolved it (F4, F6). */
import type { Database } from '../../contract/api'
import type { ConflictReport, EndedConflict } from '../../protocol/messages'
import type { PlannedEdit } from './planned-edit'
import { isHeld, type PushWork } from './push-work'

export async function recordConflicts(work: PushWork): Promise<void> {
  const reports = work.answers.flatMap(({ conflicts }) => conflicts)
  if (reports.length === 0) return
  const { push, tx } = work
  await tx.query(
    `insert into syncline.conflict
       (id, device, user_name, entity, key, kind, base, local, server, local_at, server_user, server_at, decision, handler, handler_version)
     select r.id, $2, $3, r.entity, r.key, r.kind, r.base, r.local, r.server,
       to_timestamp(r."localAt" / 1000.0), r."serverUser", to_timestamp(r."serverAt" / 1000.0), r.decision, r.handler, r.version
     from jsonb_to_recordset($1::jsonb) r(
       id uuid, entity text, key text, kind text, base text, local text, server text, "localAt" bigint, "serverUser" text,
       "serverAt" bigint, decision text, handler text, version text)`,
    [
      JSON.stringify(reports.map((report) => ({ ...report, ...handlerOf(work, report) }))),
      push.device,
      push.session.user,
    ],
  )
}

function handlerOf({ push }: PushWork, { entity }: ConflictReport): { handler: string | null; version: string | null } {
  const rule = push.rules.get(entity)
  const id = rule?.kind === 'detect' ? rule.settings.handler : null
  const handler = push.bundle.handlers.find((each) => each.id === id)
  return { handler: id, version: handler?.version ?? null }
}

/** A resolution that met a new conflict leaves the old one as it was: its successor is listed in its place. */
export async function markResolved(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const done = edits.filter((edit) => edit.resolves !== null && isUuid(edit.resolves) && !isHeld(work, edit))
  if (done.length === 0) return
  await work.tx.query(
    `update syncline.conflict c set decision = 'resolved by user', resolved_at = now(), resolved_by = $1, result = v.result
     from unnest($2::uuid[], $3::text[]) v(id, result) where c.id = v.id and c.device = $4::uuid`,
    [
      work.push.session.user,
      done.map(({ resolves }) => resolves),
      done.map(({ op, set }) => JSON.stringify(op === 'delete' ? null : set)),
      work.device,
    ],
  )
}

/**
 * Notes the end of conflicts of which no edit tells. Only records of this user's own conflicts on this device that wait
 * are touched, so that a repetition changes nothing.
 */
export async function endConflicts(
  database: Pick<Database, 'query'>,
  { device, user }: { readonly device: string; readonly user: string },
  ended: readonly EndedConflict[],
): Promise<void> {
  if (ended.length === 0) return
  await database.query(
    `update syncline.conflict c set decision = v.decision, resolved_at = now(), resolved_by = $1
     from unnest($2::uuid[], $3::text[]) v(id, decision)
     where c.id = v.id and c.device = $4::uuid and c.user_name = $1 and c.decision in ('parked', 'device')`,
    [user, ended.map(({ id }) => id), ended.map(({ decision }) => decision), device],
  )
}

function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
}
