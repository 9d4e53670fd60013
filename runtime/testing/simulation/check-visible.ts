/**
 * What a reader of a device must find true at every moment: references resolve (L9), no transaction of the server is
 * seen by half (L2), and nothing goes back in time (L7).
 *
 * Rows with edits of their own, and those to which these refer and that are gone, are left out of the comparisons with the
 * server's past: they show what it has not seen.
 */
import type { Bundle, EntityContract } from '../../contract/bundle'
import type { DeviceTables, RowRef, StoredEdit } from '../../contract/storage'
import { type Comparable, comparable, comparableOf, type History, type RowVersion, sameRow } from './history'
import { isScriptValue, trackedAttributes } from './ledger'
import { attributeName, type RowsByEntity, textOf } from './rows'
import { readAll } from './sim-storage'

export interface VisibleState {
  readonly rows: RowsByEntity
  readonly edits: readonly StoredEdit[]
  /** Rows with edits in the outbox, and those that are kept for the sake of these, as `entity key`. */
  readonly edited: ReadonlySet<string>
  /** By entity: the part of the cursor that says which snapshot it stands for. */
  readonly snapshots: ReadonlyMap<string, string>
}

export async function lookAt(tables: DeviceTables, bundle: Bundle, history: History): Promise<VisibleState> {
  const rows = await tables.write(0, (tx) => readAll(tx, bundle))
  const refs: RowRef[] = bundle.entities.flatMap((entity) =>
    [...new Set([...(rows.get(entity.id)?.keys() ?? []), ...history.rows(entity).keys()])].map((key) => ({
      entity: entity.id,
      key: JSON.parse(key) as string[],
    })),
  )
  return tables.sync(async (tx) => {
    const edits = await tx.editsOfRows(refs)
    const { cursors } = await tx.state()
    return {
      rows,
      edits,
      edited: new Set(
        [...edits, ...(await tx.keptRows())].map(({ entity, key }) => `${entity} ${JSON.stringify(key)}`),
      ),
      snapshots: new Map([...cursors].map(([entity, cursor]) => [entity, cursor.split(':').slice(-4).join(':')])),
    }
  })
}

/** What a device has shown so far: for each row, the place in its past. */
export type Shown = Map<string, number>

export function checkVisible(bundle: Bundle, state: VisibleState, history: History, shown: Shown): readonly string[] {
  return [
    ...checkReferences(bundle, state.rows, (from, to) => isHeld(from) && comeTogether(bundle, from, to)),
    ...checkOwnEdits(bundle, state),
    ...checkPast(bundle, state, history, shown),
  ]
}

/** A row shows what its author last made of it, for as long as the edit waits (L4). */
function checkOwnEdits(bundle: Bundle, { edits, rows }: VisibleState): readonly string[] {
  const last = new Map(edits.map((edit) => [`${edit.entity} ${JSON.stringify(edit.key)}`, edit]))
  const problems: string[] = []
  for (const edit of last.values()) {
    const entity = bundle.entities.find(({ id }) => id === edit.entity)
    if (!entity || edit.op === 'delete' || entity.pattern.kind === 'merge') continue
    const row = rows.get(entity.id)?.get(JSON.stringify(edit.key))
    if (!row) {
      problems.push(`L4: ${entity.name} ${JSON.stringify(edit.key)} is not shown, although an edit of it waits.`)
      continue
    }
    const shown = comparableOf(entity, row)
    for (const attribute of entity.attributes) {
      const written = edit.set[attribute.id]
      if (written === undefined || comparable(attribute, written) === shown[attribute.name]) continue
      if (!/^(text|integer|uuid|numeric|character varying)/.test(attribute.type) || attribute.type.endsWith('[]'))
        continue
      problems.push(
        `L4: ${attribute.name} of ${entity.name} ${JSON.stringify(edit.key)} shows ${shown[attribute.name]}, although an edit to ${written} waits.`,
      )
    }
  }
  return problems
}

/** Rows of append-only entities only wait to be sent: the app may delete what they refer to, which is no sync's doing. */
const isHeld = ({ pattern }: EntityContract): boolean => pattern.kind !== 'append-only'

/** What no unit brings together is at two moments of the server until both units have synced. */
function comeTogether({ units }: Bundle, from: EntityContract, to: EntityContract): boolean {
  return units.some(({ entities }) => entities.includes(from.id) && entities.includes(to.id))
}

export function checkReferences(
  bundle: Bundle,
  rows: RowsByEntity,
  isPromised: (from: EntityContract, to: EntityContract) => boolean = () => true,
): readonly string[] {
  const problems: string[] = []
  for (const entity of bundle.entities) {
    for (const reference of entity.references) {
      const target = bundle.entities.find(({ id }) => id === reference.entity)
      if (!target || !keepsItsRows(target) || target.pattern.kind === 'on-demand' || !isPromised(entity, target))
        continue
      const names = reference.attributes.map((id) => attributeName(entity, id))
      const targetNames = reference.referencedAttributes.map((id) => attributeName(target, id))
      const there = new Set(
        [...(rows.get(target.id)?.values() ?? [])].map((row) =>
          JSON.stringify(targetNames.map((name) => textOf(row[name]))),
        ),
      )
      for (const [key, row] of rows.get(entity.id) ?? []) {
        const values = names.map((name) => textOf(row[name]))
        if (values.includes(null) || there.has(JSON.stringify(values))) continue
        problems.push(
          `L9: ${entity.name} ${key} refers by ${names.join(', ')} to ${target.name} ${JSON.stringify(values)}, which is not there.`,
        )
      }
    }
  }
  return problems
}

function checkPast(bundle: Bundle, state: VisibleState, history: History, shown: Shown): readonly string[] {
  const problems: string[] = []
  const places = new Map<string, readonly number[]>()
  const compared = bundle.entities.filter((entity) => keepsItsRows(entity) && isWhole(entity))
  for (const entity of compared) {
    for (const [key, versions] of history.rows(entity)) {
      const id = `${entity.id} ${key}`
      if (state.edited.has(id) || !state.snapshots.has(entity.id)) continue
      const row = state.rows.get(entity.id)?.get(key)
      const matches = placesOf(versions, row === undefined ? null : comparableOf(entity, row))
      // Own writes that were taken before the pull came show a row that the server never had.
      if (matches.length === 0) continue
      places.set(id, matches)
      const least = shown.get(id) ?? -1
      const now = matches.find((place) => place >= least)
      if (now === undefined) {
        problems.push(
          `L7: ${entity.name} ${key} went back in time, from version ${least} of ${versions.length} to ${matches.join(' or ')}.`,
        )
      } else shown.set(id, now)
    }
  }
  return [...problems, ...checkHalves(bundle, compared, state, history, shown, places)]
}

function checkHalves(
  bundle: Bundle,
  compared: readonly EntityContract[],
  state: VisibleState,
  history: History,
  shown: Shown,
  places: ReadonlyMap<string, readonly number[]>,
): readonly string[] {
  const problems: string[] = []
  const tracked = new Map(compared.map((entity) => [entity.id, trackedAttributes(bundle, entity)]))
  for (const entity of compared) {
    for (const [key, versions] of history.rows(entity)) {
      const place = shown.get(`${entity.id} ${key}`)
      const version = place === undefined || !places.has(`${entity.id} ${key}`) ? undefined : versions[place]
      if (!version || place === undefined || !isForeign(version)) continue
      // Somebody here may have written the same: only a value that was written once says where a row comes from.
      const before = versions[place - 1]?.row
      const isKnown = tracked.get(entity.id)?.some((name) => {
        const value = version.row?.[name]
        return isScriptValue(value) && value !== before?.[name]
      })
      if (!isKnown) continue
      for (const other of history.ofTransaction(version.transaction)) {
        if (state.snapshots.get(other.entity.id) !== state.snapshots.get(entity.id)) continue
        const shownOther = places.get(`${other.entity.id} ${other.key}`)?.at(-1)
        if (shownOther === undefined || shownOther >= other.index) continue
        problems.push(
          `L2: half of a transaction of ${version.author} is seen: ${entity.name} ${key} but not ${other.entity.name} ${other.key}.`,
        )
      }
    }
  }
  return problems
}

/** Devices show their own writes before the server's transaction comes back to them. */
const isForeign = ({ author }: RowVersion): boolean => !author.startsWith('device')

/** All places of the row's past that look like this; -1 stands for the time before its first version. */
function placesOf(versions: readonly RowVersion[], row: Comparable | null): readonly number[] {
  const matches = versions.flatMap((version, index) =>
    row === null
      ? version.row === null
        ? [index]
        : []
      : version.row !== null && sameRow(row, version.row)
        ? [index]
        : [],
  )
  return row === null ? [-1, ...matches] : matches
}

/** Whether rows stay on a device until the server or the app removes them. */
export function keepsItsRows({ pattern, direction }: EntityContract): boolean {
  return pattern.kind !== 'append-only' && direction !== 'up'
}

/** Whether every device has every row. */
export function isWhole({ pattern, scope }: EntityContract): boolean {
  return pattern.kind !== 'on-demand' && scope.read === null
}
