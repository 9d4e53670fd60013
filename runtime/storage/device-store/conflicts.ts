/**
 * Conflicts that the server left to the device: parked until a person decides, or decided by the device's handler.
 *
 *   report ─► parked edits, still shown ─► resolved: one new edit, based on the version that was shown (F6)
 *                                     └──► the server's: the edits go
 *
 * Invariants
 * - A row has at most one open conflict; a newer report takes the place of the older one, and keeps its base.
 * - The row's edits stay in the outbox, are not sent, and hold nothing else back (F5).
 * - What waits because its parent is missing goes again with the parent, as it is here (F2).
 */
import type {
  ConflictRecord,
  EntityContract,
  Image,
  Input,
  Key,
  NamedValues,
  NewEdit,
  RowRef,
  StoredEdit,
  SyncTransaction,
} from '../../contract'
import { type Dependents, dependentsOf } from '../../contract/dependents'
import { capturesBase, isStored, keyText } from '../../contract/storage'
import { rebase } from '../../core/rebase'
import type { ConflictReport, EndedConflict } from '../../protocol/messages'
import type { DecideConflict, DeviceStore } from '../device-store'
import { StoreRefusal } from '../store-refusal'
import { toText } from '../values'
import { keyOf, named, namedKey, rowText, type StoreContext } from './context'
import { noteEnded } from './ended-conflicts'
import { keepReferences, referredRows } from './keep-references'
import { missingReference } from './missing-reference'
import { shadowsOf } from './show-rows'

export function conflictsOf(context: StoreContext): DeviceStore['conflicts'] {
  const { tables, entities } = context
  return {
    list: () =>
      tables.sync(async (tx) => {
        const records: ConflictRecord[] = []
        // Who settles them in this order settles a parent before what waits for it.
        const open = (await openConflicts(tx)).toSorted((a, b) => context.rank(a.entity) - context.rank(b.entity))
        for (const report of open) records.push(await describe(context, tx, report))
        return records
      }),
    entities: () => tables.sync(async (tx) => [...new Set((await openConflicts(tx)).map(({ entity }) => entity))]),
    resolve: (id, resolution, nowMs) =>
      tables.sync(async (tx) => {
        const report = (await openConflicts(tx)).find((open) => open.id === id)
        const entity = report && entities.get(report.entity)
        if (!report || !entity)
          throw new Error(`There is no conflict ${id}. It was resolved before; list the conflicts again.`)
        await tx.removeRecord('conflict', id)
        const referred = await referredRows(context, tx)
        const local = await localRow(tx, report)
        if (resolution === 'server') await keepServer(context, tx, report, null)
        else {
          const given = resolution === 'local' ? null : inputImage(entity, resolution)
          const target = given ? over(report.server ?? local, given) : local
          await keepRow(context, tx, entity, report, { target, given, group: null, nowMs })
        }
        const along = resolution === 'server' ? [] : await sendWaiting(context, tx, report, nowMs)
        const shown = await keepReferences(context, tx, referred)
        return [...new Set([report.entity, ...childrenOf(context, entity), ...along, ...shown])]
      }),
  }
}

/** Keeps the row's edits, and younger ones that are not sealed, behind the report. */
export async function parkConflict(tx: SyncTransaction, report: ConflictReport, group: string): Promise<void> {
  const row = rowText(report.entity, report.key)
  const older = (await openConflicts(tx)).find((open) => rowText(open.entity, open.key) === row)
  if (older) {
    await tx.removeRecord('conflict', older.id)
    await noteEnded(tx, 'replaced', [older.id])
  }
  const body = JSON.stringify({ ...report, base: older ? older.base : report.base })
  await tx.putRecord('conflict', { id: report.id, body })
  await tx.parkEdits([{ entity: report.entity, key: report.key, conflict: report.id }], [group])
}

/**
 * Ends the conflicts of rows that were deleted here later, where the server has taken the delete: what is held back was
 * made before it and has nothing more to say. Answers the entities of rows that changed.
 */
export async function endDeleted(
  context: StoreContext,
  tx: SyncTransaction,
  deletes: readonly StoredEdit[],
): Promise<readonly string[]> {
  if (deletes.length === 0) return []
  const ended: string[] = []
  for (const report of await openConflicts(tx)) {
    if (!(await isDeletedSince(tx, report, deletes))) continue
    await tx.removeRecord('conflict', report.id)
    await keepServer(context, tx, report, null, 'deleted')
    ended.push(report.entity)
  }
  return ended
}

/** Whether one of the deletes, which the server has taken, is younger than every edit of the row that is left. */
export async function isDeletedSince(
  tx: SyncTransaction,
  row: RowRef,
  deletes: readonly StoredEdit[],
): Promise<boolean> {
  const text = rowText(row.entity, row.key)
  const last = deletes.findLast((edit) => rowText(edit.entity, edit.key) === text)
  return last !== undefined && (await tx.editsOfRows([row])).every(({ seq }) => seq < last.seq)
}

/**
 * Edits that were made on parked rows since then wait with the others. Where they end in a delete of a row that is gone
 * on the server too, nobody has anything to decide any more, and nothing is to be sent.
 */
export async function parkYoungerEdits(context: StoreContext, tx: SyncTransaction): Promise<void> {
  const open = await openConflicts(tx)
  await tx.parkEdits(
    open.map(({ id, entity, key }) => ({ entity, key, conflict: id })),
    [],
  )
  for (const report of open) {
    if (report.server !== null) continue
    const edits = await tx.editsOfRows([report])
    if (edits.at(-1)?.op !== 'delete' || edits.some(({ group }) => group !== null)) continue
    // A pull may have brought the row again, or not yet have taken it away.
    if ((await shadowsOf(tx, [report])).get(rowText(report.entity, report.key)) !== null) continue
    await tx.removeRecord('conflict', report.id)
    await keepServer(context, tx, report, null, 'deleted')
    await keepReferences(context, tx)
  }
}

/** Asks the device's handler, with the row as it is here now, and does what it says. */
export async function decideConflict(
  context: StoreContext,
  tx: SyncTransaction,
  report: ConflictReport,
  group: string,
  nowMs: number,
  decide: DecideConflict,
): Promise<'parked' | 'resolved' | 'dropped'> {
  const entity = context.entities.get(report.entity)
  const local = await localRow(tx, report)
  const decision = entity ? await decide({ ...report, local: local ? { ...local } : null }) : { kind: 'park' as const }
  if (!entity || decision.kind === 'park') {
    await parkConflict(tx, report, group)
    return 'parked'
  }
  if (decision.kind === 'keep-server') {
    await keepServer(context, tx, report, group)
    return 'dropped'
  }
  const target = decision.kind === 'keep-local' ? local : over(report.server ?? local, idImage(entity, decision.values))
  await keepRow(context, tx, entity, report, { target, group, nowMs })
  return 'resolved'
}

/** Takes the row's edits away, but for those that are on their way in another group, and shows what is beneath. */
export async function keepServer(
  context: StoreContext,
  tx: SyncTransaction,
  report: ConflictReport,
  group: string | null,
  decision: EndedConflict['decision'] = 'kept-server',
): Promise<void> {
  await noteEnded(tx, decision, [report.id])
  const { shadow, left } = await takeEdits(tx, report, group)
  await showRow(
    tx,
    report,
    rebase(shadow, left, null, context.merge(report.entity)),
    left.length > 0 ? shadow : undefined,
  )
}

/** Throws where what was given refers to a row that is not here: then nothing was done, and the conflict still waits (L9). */
async function assertReferences(
  context: StoreContext,
  tx: SyncTransaction,
  entity: EntityContract,
  { target, given }: { readonly target: Image; readonly given: Image },
): Promise<void> {
  const own = new Map([[rowText(entity.id, keyOf(entity, target)), target]])
  const missing = await missingReference(context, tx, entity, target, own, ({ attributes }) =>
    attributes.some((id) => id in given),
  )
  if (missing)
    throw new StoreRefusal(
      '23503',
      `The row of ${entity.name} refers to a row of ${missing.name} that is not on this device.`,
    )
}

interface Kept {
  /** The row as it shall be; null for none. */
  readonly target: Image | null
  /** What of it a person has just given, and is to be told of where it can't stand. */
  readonly given?: Image | null
  /** The group whose edits met the conflict, where they are not parked. */
  readonly group: string | null
  readonly nowMs: number
}

/** Puts one edit in the place of the row's edits, made on the server's version that was shown. */
async function keepRow(
  context: StoreContext,
  tx: SyncTransaction,
  entity: EntityContract,
  report: ConflictReport,
  { target: wanted, given, group, nowMs }: Kept,
): Promise<void> {
  const target = wanted === null ? null : await canonical(tx, entity, report.key, wanted)
  if (target && given) await assertReferences(context, tx, entity, { target, given })
  const { shadow, left } = await takeEdits(tx, report, group)
  const edit = resolvingEdit(entity, report, shadow, target)
  if (!edit) {
    await noteEnded(tx, 'kept-server', [report.id])
    await showRow(
      tx,
      report,
      rebase(shadow, left, null, context.merge(entity.id)),
      left.length > 0 ? shadow : undefined,
    )
    return
  }
  const made = { ...edit, base: report.version, at: nowMs, resolves: report.id }
  const children = edit.op === 'delete' ? await childDeletes(context, tx, entity, report.key, nowMs) : []
  await tx.addEdits([...children, { ...made, shadow }])
  for (const child of children) await tx.removeRows(child.entity, [child.key])
  await showRow(tx, report, rebase(shadow, [...left, made], target, context.merge(entity.id)), shadow)
}

/**
 * Sends the rows again that wait because they refer to this one, where it goes to the server now, and what waits for
 * them in turn. Answers their entities.
 */
async function sendWaiting(
  context: StoreContext,
  tx: SyncTransaction,
  parent: ConflictReport,
  nowMs: number,
): Promise<readonly string[]> {
  if ((await tx.editsOfRows([parent])).at(-1)?.op !== 'create') return []
  const sent: RowRef[] = [parent]
  for (const row of sent) {
    for (const report of await openConflicts(tx)) {
      const entity = context.entities.get(report.entity)
      if (report.kind !== 'parent-missing' || !entity) continue
      const target = await localRow(tx, report)
      if (!target || !refersTo(context, entity, target, row)) continue
      await tx.removeRecord('conflict', report.id)
      await keepRow(context, tx, entity, report, { target, group: null, nowMs })
      sent.push(report)
    }
  }
  return sent.map(({ entity }) => entity)
}

function refersTo(context: StoreContext, entity: EntityContract, row: Image, to: RowRef): boolean {
  const target = context.entities.get(to.entity)
  return entity.references.some(
    (reference) =>
      reference.entity === to.entity &&
      target?.key.every((id, index) => {
        const own = reference.attributes[reference.referencedAttributes.indexOf(id)]
        return own !== undefined && row[own] === to.key[index]
      }) === true,
  )
}

/** The edit that makes the server's row into `target`; null where nothing is to be said. */
function resolvingEdit(
  entity: EntityContract,
  report: ConflictReport,
  shadow: Image | null,
  target: Image | null,
): Pick<NewEdit, 'entity' | 'key' | 'op' | 'set' | 'was'> | null {
  const row = { entity: report.entity, key: report.key }
  // Where a unique value was taken, the report brings the row that has it, which is another one.
  const isSame = report.server !== null && keyText(keyOf(entity, report.server)) === keyText(report.key)
  const server = isSame || report.server === null ? report.server : shadow
  const base = (image: Image) => (capturesBase(entity) ? image : null)
  if (target === null) return server === null ? null : { ...row, op: 'delete', set: {}, was: base(server) ?? {} }
  const writable = entity.attributes.filter(({ readOnly }) => !readOnly)
  if (server === null) {
    // Nulls that no default stands behind are left out, as capture does.
    const set = writable.flatMap(({ id, default: value }) =>
      (target[id] ?? null) === null && value === null ? [] : [[id, target[id] ?? null] as const],
    )
    return { ...row, op: 'create', set: Object.fromEntries(set), was: {} }
  }
  const changed = writable.filter(({ id }) => (target[id] ?? null) !== (server[id] ?? null))
  if (changed.length === 0) return null
  const of = (image: Image) => Object.fromEntries(changed.map(({ id }) => [id, image[id] ?? null]))
  return { ...row, op: 'update', set: of(target), was: base(server) ?? of(server) }
}

/** The rows of an aggregate that refer to the one that goes: they go first. Others the server's database takes along. */
async function childDeletes(
  context: StoreContext,
  tx: SyncTransaction,
  head: EntityContract,
  key: Key,
  nowMs: number,
): Promise<(NewEdit & { readonly shadow: Image })[]> {
  const { cursors } = await tx.state()
  const deletes: (NewEdit & { readonly shadow: Image })[] = []
  for (const { entity: child, reference } of aggregateOf(context, head)) {
    await tx.serverImages(child.id, (images) => {
      for (const image of images) {
        if (!reference.attributes.every((attribute, index) => image[attribute] === key[index])) continue
        deletes.push({
          entity: child.id,
          key: keyOf(child, image),
          op: 'delete',
          set: {},
          was: capturesBase(child) ? image : {},
          base: cursors.get(child.id) ?? null,
          at: nowMs,
          resolves: null,
          shadow: image,
        })
      }
    })
  }
  return deletes
}

/** Removes the row's edits that are parked, unsealed or in the group; answers those that are left, and the shadow. */
async function takeEdits(
  tx: SyncTransaction,
  row: ConflictReport,
  group: string | null,
): Promise<{ readonly shadow: Image | null; readonly left: readonly StoredEdit[] }> {
  const edits = await tx.editsOfRows([row])
  const isTaken = (edit: StoredEdit) => edit.group === null || edit.group === group
  const shadow =
    edits.length > 0 ? (await shadowsOf(tx, [row])).get(rowText(row.entity, row.key)) : await shownRow(tx, row)
  const taken = edits.filter(isTaken)
  await tx.removeEdits(taken.map(({ seq }) => seq))
  // A resolution of an older conflict met this one.
  await noteEnded(
    tx,
    'replaced',
    taken.map(({ resolves }) => resolves),
  )
  return { shadow: shadow ?? null, left: edits.filter((edit) => !isTaken(edit)) }
}

async function showRow(
  tx: SyncTransaction,
  { entity, key }: ConflictReport,
  image: Image | null,
  shadow: Image | null | undefined,
): Promise<void> {
  if (image) await tx.putImages(entity, [image])
  else await tx.removeRows(entity, [key])
  if (shadow !== undefined) await tx.putShadows(entity, [[key, shadow]])
}

/** The row as its edits have it: one that is deleted here may be shown for the sake of others (L9). */
async function localRow(tx: SyncTransaction, report: ConflictReport): Promise<Image | null> {
  const edits = await tx.editsOfRows([report])
  return edits.at(-1)?.op === 'delete' ? null : shownRow(tx, report)
}

async function shownRow(tx: SyncTransaction, { entity, key }: ConflictReport): Promise<Image | null> {
  return (await tx.images(entity, [key])).get(keyText(key)) ?? null
}

/** The image as the store writes it: a person may write a number or a date in many ways. */
async function canonical(tx: SyncTransaction, entity: EntityContract, key: Key, image: Image): Promise<Image> {
  const whole = {
    ...(await derivedOf(tx, entity, key)),
    ...image,
    ...Object.fromEntries(entity.key.map((attribute, index) => [attribute, key[index] ?? ''])),
  }
  await tx.putImages(entity.id, [whole])
  return (await tx.images(entity.id, [key])).get(keyText(key)) ?? whole
}

/** The server's side of a conflict has no derived values: the row keeps those that it shows until they are pulled. */
async function derivedOf(tx: SyncTransaction, { id: entity, attributes }: EntityContract, key: Key): Promise<Image> {
  const derived = attributes.filter((attribute) => !isStored(attribute))
  if (derived.length === 0) return {}
  const shown = (await tx.images(entity, [key])).get(keyText(key))
  return Object.fromEntries(derived.map(({ id }) => [id, shown?.[id] ?? null]))
}

function over(image: Image | null, values: Image): Image {
  return { ...image, ...values }
}

function idImage(entity: EntityContract, values: NamedValues): Image {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const attribute = entity.attributes.find((candidate) => candidate.name === name)
      if (!attribute || attribute.readOnly || entity.key.includes(attribute.id))
        throw new Error(`A resolution can't set ${name} of ${entity.name}. It can set: ${settable(entity)}.`)
      return [attribute.id, value]
    }),
  )
}

function settable(entity: EntityContract): string {
  return entity.attributes
    .filter(({ id, readOnly }) => !readOnly && !entity.key.includes(id))
    .map(({ name }) => name)
    .join(', ')
}

/** The API's values as PostgreSQL's text; to it, as to entity actions, the text of a JSON attribute is a value. */
function inputImage(entity: EntityContract, input: Input): Image {
  const isJson = (name: string) =>
    entity.attributes.some((attribute) => attribute.name === name && /^jsonb?$/.test(attribute.type))
  return idImage(
    entity,
    Object.fromEntries(
      Object.entries(input)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, value !== null && isJson(name) ? JSON.stringify(value) : toText(value)]),
    ),
  )
}

async function openConflicts(tx: SyncTransaction): Promise<ConflictReport[]> {
  return (await tx.records('conflict')).map(({ body }) => JSON.parse(body) as ConflictReport)
}

async function describe(context: StoreContext, tx: SyncTransaction, report: ConflictReport): Promise<ConflictRecord> {
  const entity = context.entities.get(report.entity)
  const values = (image: Image | null) => (image === null ? null : named(entity, image))
  const { id, kind, serverUser, serverAt, localAt } = report
  return {
    id,
    entity: entity?.name ?? report.entity,
    key: namedKey(entity, report.key),
    kind,
    base: values(report.base),
    // Edits that were made since belong to what is here.
    local: values(entity ? await localRow(tx, report) : report.local),
    server: values(report.server),
    serverUser,
    serverAt,
    localAt,
  }
}

function childrenOf(context: StoreContext, head: EntityContract): readonly string[] {
  return aggregateOf(context, head).map(({ entity }) => entity.id)
}

function aggregateOf({ bundle }: StoreContext, head: EntityContract): readonly Dependents[] {
  return dependentsOf(bundle.entities, head).filter(({ owned }) => owned)
}
