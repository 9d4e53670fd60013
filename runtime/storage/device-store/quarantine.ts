/** Groups that the server refused: kept until somebody tries them again or gives them up. */
import type { EntityContract, Image, NewEdit, QuarantinedGroup, SyncTransaction } from '../../contract'
import { capturesBase, capturesWholeRow, keyText } from '../../contract/storage'
import { changes, rebase } from '../../core/rebase'
import type { DeviceStore } from '../device-store'
import { byEntity, named, namedKey, rowText, type StoreContext } from './context'
import { keepReferences } from './keep-references'
import { missingReference } from './missing-reference'
import type { QuarantineRecord } from './quarantine-record'

export function quarantineOf(context: StoreContext): DeviceStore['quarantine'] {
  const { tables, entities } = context
  return {
    list: () =>
      tables.sync(async (tx) =>
        (await tx.records('quarantine'))
          .map(({ id, body }): QuarantinedGroup => {
            const { edits, ...told } = JSON.parse(body) as QuarantineRecord
            return { id, ...told, edits: edits.map((edit) => describe(entities.get(edit.entity), edit)) }
          })
          .toSorted((a, b) => a.refusedAt - b.refusedAt),
      ),
    retry: (id, nowMs) =>
      tables.sync(async (tx) => {
        const { edits } = await quarantined(tx, id)
        await makeAgain(context, tx, edits, nowMs)
        await tx.removeRecord('quarantine', id)
        const shown = await keepReferences(context, tx)
        return [...new Set([...edits.map(({ entity }) => entity), ...shown])]
      }),
    discard: (id) =>
      tables.sync(async (tx) => {
        await quarantined(tx, id)
        await tx.removeRecord('quarantine', id)
      }),
  }
}

async function quarantined(tx: SyncTransaction, id: string): Promise<QuarantineRecord> {
  const record = (await tx.records('quarantine')).find((candidate) => candidate.id === id)
  if (record) return JSON.parse(record.body) as QuarantineRecord
  throw new Error(`There is no quarantined group ${id}. It was retried or discarded before; list the quarantine again.`)
}

type QuarantinedEdit = QuarantineRecord['edits'][number]

function describe(entity: EntityContract | undefined, edit: QuarantinedEdit): QuarantinedGroup['edits'][number] {
  const { entity: id, op, key, set, local, server } = edit
  return {
    entity: entity?.name ?? id,
    op,
    key: namedKey(entity, key),
    set: named(entity, set),
    local: local ? named(entity, local) : null,
    server: server === null ? null : named(entity, server),
  }
}

/** Makes the edits as if the user made them now, on the rows as they are: a transaction of its own in the outbox. */
async function makeAgain(
  context: StoreContext,
  tx: SyncTransaction,
  edits: readonly QuarantinedEdit[],
  nowMs: number,
): Promise<void> {
  if (edits.some(({ lost }) => lost))
    throw new Error(
      'The key of a row that the edits changed is that of another row by now, so they can’t be made again. ' +
        'Create the row anew with the values shown in the quarantine, then discard the group.',
    )
  const { cursors } = await tx.state()
  const rows = new Map<string, Image | null>()
  for (const [entity, ofEntity] of byEntity(edits)) {
    const images = await tx.images(
      entity,
      ofEntity.map(({ key }) => key),
    )
    for (const { key } of ofEntity) rows.set(rowText(entity, key), images.get(keyText(key)) ?? null)
  }
  // What is kept for the sake of others is not on the server.
  for (const { entity, key } of await tx.keptRows())
    if (rows.has(rowText(entity, key))) rows.set(rowText(entity, key), null)
  const before = new Map(rows)
  const made: (NewEdit & { readonly shadow: Image | null })[] = []
  for (const edit of edits) {
    const entity = context.entities.get(edit.entity)
    if (!entity)
      throw new Error(
        `This version of the app has no entity ${edit.entity} any more, so the edit can't be made again. Read its values in the quarantine, then discard the group.`,
      )
    const text = rowText(edit.entity, edit.key)
    const row = rows.get(text) ?? null
    const again = editOn(context, entity, edit, row)
    if (!again) continue
    const { entity: id, key } = edit
    const base = cursors.get(id) ?? null
    made.push({ entity: id, key, ...again, base, at: nowMs, resolves: null, shadow: before.get(text) ?? null })
    rows.set(text, rebase(row, [again], null))
  }
  await assertReferences(context, tx, made, rows)
  await tx.addEdits(made)
  for (const [entity, ofEntity] of byEntity(made)) {
    const images = new Map(ofEntity.map(({ key }) => [keyText(key), rows.get(rowText(entity, key)) ?? null]))
    await tx.removeRows(
      entity,
      ofEntity.filter(({ key }) => images.get(keyText(key)) === null).map(({ key }) => key),
    )
    await tx.putImages(
      entity,
      [...images.values()].filter((image) => image !== null),
    )
  }
}

/** The edit that does now what the refused one did; null where there is nothing left to do. */
function editOn(
  context: StoreContext,
  entity: EntityContract,
  edit: QuarantinedEdit,
  row: Image | null,
): Pick<NewEdit, 'op' | 'set' | 'was'> | null {
  if (edit.op === 'delete') return row && { op: 'delete', set: {}, was: capturesBase(entity) ? row : {} }
  if (row === null) {
    if (edit.op === 'create') return { op: 'create', set: edit.set, was: {} }
    throw new Error(
      `A row of ${entity.name} that the edit changes is no longer on this device, so the edit can't be made again. ` +
        'Create the row anew with the values shown in the quarantine, then discard the group.',
    )
  }
  const wanted = changes({ set: edit.set, was: edit.op === 'create' ? row : edit.was }, row, context.merge(entity.id))
  const changed = Object.entries(wanted).filter(([attribute, value]) => value !== (row[attribute] ?? null))
  if (changed.length === 0) return null
  const whole = { ...row, ...Object.fromEntries(changed) }
  const ids = capturesWholeRow(entity)
    ? entity.attributes.filter(({ readOnly }) => !readOnly).map(({ id }) => id)
    : changed.map(([attribute]) => attribute)
  const of = (image: Image) => Object.fromEntries(ids.map((id) => [id, image[id] ?? null]))
  return { op: 'update', set: of(whole), was: capturesBase(entity) ? row : of(row) }
}

/** What is made again must not refer to what is gone (L9). */
async function assertReferences(
  context: StoreContext,
  tx: SyncTransaction,
  made: readonly NewEdit[],
  rows: ReadonlyMap<string, Image | null>,
): Promise<void> {
  for (const { entity: id, op, set } of made) {
    const entity = context.entities.get(id)
    const target = entity && op !== 'delete' ? await missingReference(context, tx, entity, set, rows) : null
    if (!target) continue
    throw new Error(
      `A row of ${entity?.name} refers to a row of ${target.name} that is not on this device, so the edit can't be made again. ` +
        `Try the group again that creates that row, or create it anew, then try this one.`,
    )
  }
}
