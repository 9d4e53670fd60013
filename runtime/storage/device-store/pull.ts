/**
 * A pull on the device: pages are kept aside, and shown all at once with the cursors.
 *
 * Invariants
 * - Nothing staged is visible; all of it is shown in one transaction (L2), under the local edits (L4).
 * - The place to go on from is kept with the page that led to it (L3).
 */
import type { SyncTransaction, TableState } from '../../contract'
import type { Page, PullRequest } from '../../protocol/messages'
import type { AppliedPull, PullOptions } from '../device-store'
import { PULL_META } from '../schema-change'
import type { StoreContext } from './context'
import { keepReferences, referredRows } from './keep-references'
import { showOverServerRows } from './show-rows'
import { compareDigests, rememberRows } from './verify'

/** A name in `TableState.meta`. */
export const SYNCED_AT = 'synced_at'

interface PullUnderWay {
  /** A stage belongs to one question; another question starts anew. */
  readonly signature: string
  readonly next: string
}

/** What the pull of the entities asks for. Read-only entities are always asked for whole. */
export async function pullRequests(
  context: StoreContext,
  { cursors }: Pick<TableState, 'cursors'>,
  ids: readonly string[],
  { verify = false, whole = false }: PullOptions = {},
): Promise<PullRequest[]> {
  const entities = ids.flatMap((id) => context.entities.get(id) ?? [])
  const pulled = entities.filter(({ direction, pattern }) => direction !== 'up' && pattern.kind !== 'append-only')
  const demand = pulled.some(({ pattern }) => pattern.kind === 'on-demand') ? context.demand : null
  const chosen = demand ? await context.tables.sync((tx) => demand.chosenKeys(context, tx)) : new Map<string, never[]>()
  return pulled.map(({ id, attributes, pattern }) => ({
    entity: id,
    attributes: attributes.map((attribute) => attribute.id),
    cursor: whole || pattern.kind === 'read-only' ? null : (cursors.get(id) ?? null),
    chosen: pattern.kind === 'on-demand' ? (chosen.get(id) ?? []).map((key) => [...key]) : null,
    verify,
  }))
}

export function resumePoint({ meta }: TableState, requests: readonly PullRequest[]): string | null {
  const pull = meta.get(PULL_META)
  if (pull === undefined) return null
  const { signature, next } = JSON.parse(pull) as PullUnderWay
  return signature === signatureOf(requests) ? next : null
}

export function hasStage({ meta }: TableState): boolean {
  return meta.has(PULL_META)
}

export async function unstage(tx: SyncTransaction): Promise<void> {
  await tx.unstage()
  await tx.setMeta(PULL_META, null)
}

export interface ReceivedPage {
  readonly requests: readonly PullRequest[]
  readonly page: Page
  readonly nowMs: number
  /** Whether to tell how the rows differed from those of a full pull. */
  readonly compares: boolean
}

/** Null while pages are to come. */
export async function receivePage(
  context: StoreContext,
  tx: SyncTransaction,
  received: ReceivedPage,
): Promise<AppliedPull | null> {
  const { requests, page } = received
  const requested = new Map(requests.map((request) => [request.entity, request]))
  for (const part of page.entities) {
    const request = requested.get(part.entity)
    if (request && context.entities.has(part.entity)) await tx.stage({ ...part, attributes: request.attributes })
  }
  if (page.cursors !== null) return applyPages(context, tx, received, page.cursors)
  const pull: PullUnderWay = { signature: signatureOf(requests), next: page.next ?? '' }
  await tx.setMeta(PULL_META, JSON.stringify(pull))
  return null
}

async function applyPages(
  context: StoreContext,
  tx: SyncTransaction,
  { requests, page, nowMs, compares }: ReceivedPage,
  cursors: Readonly<Record<string, string>>,
): Promise<AppliedPull> {
  const staged = new Map((await tx.stagedEntities()).map(({ entity, full }) => [entity, full]))
  const referred = await referredRows(context, tx)
  const entities: string[] = []
  let rows = 0
  const differences = new Map<string, Awaited<ReturnType<Remembered>>>()
  for (const { entity } of requests) {
    const full = staged.get(entity)
    if (full === undefined) continue
    const contract = context.entities.get(entity)
    const compare = compares && full && contract ? await rememberRows(tx, contract) : null
    const applied = await tx.applyStaged(entity, full)
    await showOverServerRows(
      context,
      tx,
      applied.edited.map(({ key, image }) => ({ entity, key, server: image })),
      true,
    )
    if (compare) differences.set(entity, await compare())
    if (applied.rows > 0 || full) entities.push(entity)
    rows += applied.rows
  }
  if (referred !== null)
    for (const entity of await keepReferences(context, tx, referred))
      if (!entities.includes(entity)) entities.push(entity)
  await tx.setCursors(new Map(requests.flatMap(({ entity }) => (cursors[entity] ? [[entity, cursors[entity]]] : []))))
  await unstage(tx)
  await tx.setMeta(SYNCED_AT, String(nowMs))
  return { rows, entities, digests: await compareDigests(context, tx, page.digests), differences }
}

type Remembered = Awaited<ReturnType<typeof rememberRows>>

export function signatureOf(requests: readonly PullRequest[]): string {
  return JSON.stringify(requests)
}
