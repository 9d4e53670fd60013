/**
 * The outbox on its way out: local transactions become groups with ids, the oldest first.
 *
 * Invariants
 * - A group gets its random id before it is first sent, and keeps it (P1).
 * - A group that has its id is sent as it was, however often (C3).
 * - Edits of a row whose conflict waits for a person stay behind, and nothing else does (F5).
 */
import type { StoredEdit, SyncTransaction } from '../../contract'
import { childrenFirst, coalesce } from '../../core/coalesce'
import type { Edit, Group } from '../../protocol/messages'
import type { GroupLimit, NextGroups } from '../device-store'
import { rowText, type StoreContext } from './context'
import { noteEnded } from './ended-conflicts'
import { keepReferences } from './keep-references'
import { shadowsOf, showOverServerRows } from './show-rows'

/** To be run before a sync's first groups are taken. */
export async function prepareOutbox(context: StoreContext, tx: SyncTransaction, conflicts: number): Promise<void> {
  if (conflicts > 0) await (await context.conflicts()).parkYoungerEdits(context, tx)
  await dropCancelled(context, tx)
}

export async function nextGroups(context: StoreContext, tx: SyncTransaction, limit: GroupLimit): Promise<NextGroups> {
  while (true) {
    if (!limit.onlySealed) await sealGroups(context, tx, limit)
    const edits = groupEdits(await tx.sealed(limit))
    const all = [...edits].map(([id, ofGroup]): Group => ({ id, edits: spoken(context, ofGroup) }))
    const groups = all.filter((group) => group.edits.length > 0)
    // A group that takes back all that it did has nothing to say (C3).
    await forget(
      context,
      tx,
      all.filter((group) => group.edits.length === 0).flatMap(({ id }) => edits.get(id) ?? []),
    )
    const more = await tx.hasMore(
      groups.map((group) => group.id),
      limit.upTo,
      limit.onlySealed,
    )
    if (groups.length > 0 || !more) return { groups, more }
  }
}

/**
 * Gives the oldest local transactions that have none a random id; those that follow each other and wrote the same
 * rows share one, so that their edits are drawn together (C3).
 */
async function sealGroups(context: StoreContext, tx: SyncTransaction, limit: GroupLimit): Promise<void> {
  const unsealed = await tx.unsealed(limit.upTo, limit.groups)
  const ids = new Map<string, string>()
  let last = { id: '', rows: '' }
  for (const { transaction, rows } of unsealed) {
    const text = JSON.stringify(rows.map(({ entity, key }) => rowText(entity, key)).toSorted())
    if (last.rows !== text) last = { id: context.newId(), rows: text }
    ids.set(transaction, last.id)
  }
  await tx.seal(ids)
}

/**
 * Takes out rows that were created and deleted before anything of them was sent, unless an edit of a row that stays
 * speaks of their keys (C3). Rows that speak only of each other go together.
 */
async function dropCancelled(context: StoreContext, tx: SyncTransaction): Promise<void> {
  let cancelled = await tx.cancelled()
  while (cancelled.length > 0) {
    const kept = new Set((await tx.mentioned(cancelled)).map(({ entity, key }) => rowText(entity, key)))
    if (kept.size === 0) break
    cancelled = cancelled.filter(({ entity, key }) => !kept.has(rowText(entity, key)))
  }
  if (cancelled.length === 0) return
  await forget(context, tx, await tx.editsOfRows(cancelled))
}

/** Takes out edits that have nothing to say. A pull may have brought the server's rows under them meanwhile: they come to light. */
async function forget(context: StoreContext, tx: SyncTransaction, edits: readonly StoredEdit[]): Promise<void> {
  if (edits.length === 0) return
  const beneath = await shadowsOf(tx, edits)
  await tx.removeEdits(edits.map(({ seq }) => seq))
  await noteEnded(
    tx,
    'kept-server',
    edits.map(({ resolves }) => resolves),
  )
  const rows = new Map(edits.map(({ entity, key }) => [rowText(entity, key), { entity, key }]))
  await showOverServerRows(
    context,
    tx,
    [...rows].flatMap(([text, row]) => {
      const server = beneath.get(text)
      return server === undefined ? [] : [{ ...row, server }]
    }),
    true,
  )
  await keepReferences(context, tx)
}

function groupEdits(edits: readonly StoredEdit[]): Map<string, StoredEdit[]> {
  const groups = new Map<string, StoredEdit[]>()
  for (const edit of edits) {
    if (edit.group === null) continue
    const group = groups.get(edit.group)
    if (group) group.push(edit)
    else groups.set(edit.group, [edit])
  }
  return groups
}

function spoken(context: StoreContext, edits: readonly StoredEdit[]): Edit[] {
  return childrenFirst(coalesce(edits.map(toEdit), context.merge), context.rank)
}

function toEdit({ op, entity, key, set, was, base, at, resolves }: StoredEdit): Edit {
  const made = { entity, key: [...key], base, at, resolves }
  switch (op) {
    case 'create':
      return { op, ...made, set: { ...set } }
    case 'update':
      return { op, ...made, set: { ...set }, was: { ...was } }
    case 'delete':
      return { op, ...made, was: { ...was } }
  }
}
