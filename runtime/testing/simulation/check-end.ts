/**
 * What must be true when everybody is online and nothing is pending: each device has what the server has in its scope
 * (F9), nothing was lost (P3), nothing happened twice (P1), nobody's write was overwritten unseen where the pattern
 * says so (F1), and no conflict was made up (F8).
 *
 * The comparisons are made here by plain SQL and by the simulation's own history, never by the product's digest.
 */
import type { Database, JsonValue, Session } from '../../contract/api'
import type { Bundle, EntityContract } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'
import { capturesWholeRow } from '../../contract/storage'
import { expressionSql } from '../../contract/value-sql'
import { keepsItsRows } from './check-visible'
import { type Comparable, comparable, comparableKey, comparableWhole, type History, sameRow } from './history'
import { isScriptValue, type Ledger, type LocalWrite, trackedAttributes } from './ledger'
import { attributeName, type RowsByEntity, textOf } from './rows'
import { SEED_AUTHOR } from './server-ground'

export interface DeviceAtEnd {
  readonly name: string
  readonly session: Session
  readonly rows: RowsByEntity
  /** By entity on demand, the chosen keys as texts. */
  readonly chosen: ReadonlyMap<string, ReadonlySet<string>>
}

export interface EndState {
  readonly bundle: Bundle
  readonly database: Database
  readonly nowMs: number
  readonly devices: readonly DeviceAtEnd[]
  readonly history: History
  readonly ledger: Ledger
  /** Values that a handler was shown or a conflict's record holds. */
  readonly onRecord: ReadonlySet<string>
  readonly conflictRecords: readonly ConflictTrace[]
  /** Values of groups that the server refused, by the device that sent them; those that were sent again are not in it. */
  readonly refused: ReadonlyMap<string, ReadonlySet<string>>
  /** True where the server's data was set back: what it had taken since is lost, and everybody knows. */
  readonly restored: boolean
  /** True where a device lost its last transactions, and with them what it knew of conflicts. */
  readonly lapsed: boolean
  /** True where the server forgot who wrote what. */
  readonly purged: boolean
}

/** A conflict's record on the server, as far as the checks need it. */
export interface ConflictTrace {
  readonly device: string
  readonly entity: string
  readonly key: string
  readonly kind: string
  readonly decision: string
  readonly base: Comparable | null
  readonly server: Comparable | null
}

export async function checkEnd(state: EndState): Promise<readonly string[]> {
  return [
    ...(await checkConvergence(state)),
    ...checkNothingLost(state),
    ...checkDeletes(state),
    ...checkOnce(state),
    ...checkWhole(state),
    ...checkCounters(state),
    ...checkSeen(state),
    ...checkConflicts(state),
    ...checkRecords(state),
  ]
}

async function checkConvergence({ bundle, database, devices, nowMs }: EndState): Promise<readonly string[]> {
  const problems: string[] = []
  for (const device of devices) {
    for (const entity of bundle.entities) {
      if (entity.direction === 'up') continue
      const here = new Map(
        [...(device.rows.get(entity.id) ?? [])].map(([key, row]) => [key, comparableWhole(entity, row)]),
      )
      const there = keepsItsRows(entity)
        ? await rowsInScope(database, entity, device, nowMs)
        : new Map<string, Comparable>()
      for (const [key, row] of there) {
        const own = here.get(key)
        if (!own) problems.push(`F9: ${device.name} lacks ${entity.name} ${key}.`)
        else if (!sameRow(row, own))
          problems.push(`F9: ${device.name} has another ${entity.name} ${key}: ${difference(own, row)}.`)
      }
      for (const key of here.keys()) {
        if (!there.has(key)) problems.push(`F9: ${device.name} has ${entity.name} ${key}, which it should not.`)
      }
    }
  }
  return problems
}

function difference(here: Comparable, there: Comparable): string {
  return Object.keys(there)
    .filter((name) => here[name] !== there[name])
    .map((name) => `${name} is ${here[name]} here and ${there[name]} on the server`)
    .join(', ')
}

async function rowsInScope(
  database: Database,
  entity: EntityContract,
  { session, chosen }: DeviceAtEnd,
  nowMs: number,
): Promise<Map<string, Comparable>> {
  const columns = entity.attributes
    .map((attribute) => `${expressionSql(attribute)} as ${quoteName(attribute.name)}`)
    .join(', ')
  const table = `${quoteName(entity.server.schema)}.${quoteName(entity.server.table)}`
  const rule = entity.scope.read?.where ?? 'true'
  const rows = await database.query(
    `select ${columns} from ${table} b
     cross join (select $1::jsonb as claims, $2::text as user_name, $3::timestamptz as at) session
     where coalesce((${rule}), false)`,
    [JSON.stringify(session.claims ?? ({} satisfies JsonValue)), session.user, new Date(nowMs).toISOString()],
  )
  const { pattern } = entity
  const wanted = chosen.get(entity.id)
  return new Map(
    rows
      .filter(
        (row) =>
          pattern.kind !== 'on-demand' ||
          wanted?.has(JSON.stringify(pattern.chosenBy.map((id) => textOf(row[attributeName(entity, id)])))),
      )
      .map((row) => comparableWhole(entity, row))
      .map((row) => [comparableKey(entity, row), row]),
  )
}

/** Every value that was written on a device is on the server, or replaced by who knew it, or held with a reason. */
function checkNothingLost({ bundle, history, ledger, onRecord, restored }: EndState): readonly string[] {
  if (restored) return []
  const problems: string[] = []
  const reached = valuesThatReached(bundle, history)
  for (const write of ledger.writes()) {
    if (write.after === null || ledger.isForgotten(write)) continue
    for (const name of trackedAttributes(bundle, write.entity)) {
      const value = write.after[name]
      if (!isScriptValue(value) || value === write.before?.[name]) continue
      if (reached.has(valueId(write.entity, name, value)) || onRecord.has(value)) continue
      if (ledger.excuseOf(write.device, value) !== null) continue
      if (isReplaced(ledger, write, name, value)) continue
      problems.push(
        `P3: ${value}, written by ${write.device} to ${name} of ${write.entity.name} ${write.key} in step ${write.step}, never reached the server, and nothing says why.`,
      )
    }
  }
  return problems
}

export const valueId = ({ id }: EntityContract, attribute: string, value: string) => `${id} ${attribute} ${value}`

function valuesThatReached(bundle: Bundle, history: History): ReadonlySet<string> {
  const reached = new Set<string>()
  for (const entity of bundle.entities) {
    for (const versions of history.rows(entity).values()) {
      for (const { row } of versions) {
        for (const [name, value] of Object.entries(row ?? {}))
          if (value !== null) reached.add(valueId(entity, name, value))
      }
    }
  }
  return reached
}

/** The same device wrote something else over it, or deleted the row, having it before its eyes. */
function isReplaced(ledger: Ledger, write: LocalWrite, name: string, value: string): boolean {
  return ledger
    .writes()
    .some(
      (later) =>
        later.order > write.order &&
        later.device === write.device &&
        later.entity.id === write.entity.id &&
        later.before?.[name] === value &&
        later.after?.[name] !== value &&
        !ledger.isForgotten(later),
    )
}

/** A row that was deleted on a device was deleted on the server, came back by a later write, or is held with a reason. */
function checkDeletes({ history, ledger, conflictRecords, restored }: EndState): readonly string[] {
  if (restored) return []
  const problems: string[] = []
  for (const write of ledger.writes()) {
    if (write.after !== null || ledger.isForgotten(write)) continue
    const { entity, key, device } = write
    const versions = history.versions(entity, key)
    if (versions.length === 0 || versions.some(({ row }) => row === null)) continue
    // What was made and deleted before anything of it was sent concerns nobody, whoever else has a row with that key.
    const own = ledger.writes().filter((one) => one.device === device && one.entity.id === entity.id && one.key === key)
    const making = own.findLast((one) => one.order < write.order && one.before === null)
    if (making && !versions.some(({ author }) => author === device)) continue
    if (ledger.excuseOf(device, `delete ${entity.id} ${key}`) !== null) continue
    if (conflictRecords.some((record) => record.entity === entity.id && record.key === key)) continue
    const isMadeAnew = ledger
      .writes()
      .some(
        (later) =>
          later.order > write.order && later.device === device && later.entity.id === entity.id && later.key === key,
      )
    if (isMadeAnew || !keepsItsRows(entity)) continue
    problems.push(
      `P3: ${device} deleted ${entity.name} ${key} in step ${write.step}, and the server never heard of it.`,
    )
  }
  return problems
}

/** A value is written once: two rows with it, or its return after it was replaced, mean that an edit was applied twice. */
function checkOnce({ bundle, history, restored }: EndState): readonly string[] {
  if (restored) return []
  const problems: string[] = []
  for (const entity of bundle.entities) {
    const names = trackedAttributes(bundle, entity)
    const owners = new Map<string, string>()
    for (const [key, versions] of history.rows(entity)) {
      for (const name of names) {
        const past = new Set<string>()
        let current: string | null = null
        for (const { row, author } of versions) {
          const value = row?.[name] ?? null
          if (value === current) continue
          if (current !== null) past.add(current)
          current = value
          if (!isScriptValue(value)) continue
          const owner = owners.get(valueId(entity, name, value))
          if (owner !== undefined && owner !== key) {
            problems.push(
              `P1: ${entity.name} ${owner} and ${key} both came to have ${name} ${value}: an edit was applied twice.`,
            )
          }
          owners.set(valueId(entity, name, value), key)
          if (past.has(value) && writesOnlyWhatChanged(entity) && author.startsWith('device')) {
            problems.push(
              `P1: ${name} of ${entity.name} ${key} came back to ${value} by ${author} after it was replaced: an edit was applied twice.`,
            )
          }
          if (row === null) past.clear()
        }
      }
    }
  }
  return problems
}

/** Of a group that was refused nothing was written (C2). */
function checkWhole({ bundle, history, refused }: EndState): readonly string[] {
  const problems: string[] = []
  for (const entity of bundle.entities) {
    if (capturesWholeRow(entity)) continue
    const names = trackedAttributes(bundle, entity)
    for (const [key, versions] of history.rows(entity)) {
      for (const { row, author } of versions) {
        for (const name of names) {
          const value = row?.[name] ?? null
          if (!isScriptValue(value) || !refused.get(author)?.has(valueId(entity, name, value))) continue
          problems.push(
            `C2: ${name} of ${entity.name} ${key} came to be ${value}, although ${author} was told that the group was refused.`,
          )
        }
      }
    }
  }
  return problems
}

/** Patterns whose updates never write an attribute that the edit did not change. */
function writesOnlyWhatChanged({ pattern }: EntityContract): boolean {
  switch (pattern.kind) {
    case 'last-write-wins':
      return pattern.granularity === 'attribute' && pattern.decidedBy === 'arrival'
    case 'merge':
    case 'on-demand':
      return true
    default:
      return false
  }
}

/** A counter ends at the sum of all that was added to it, each once. */
function checkCounters({ bundle, history, ledger, restored }: EndState): readonly string[] {
  if (restored) return []
  const problems: string[] = []
  for (const entity of bundle.entities) {
    if (entity.pattern.kind !== 'merge') continue
    const { policies } = entity.pattern
    const counters = entity.attributes.filter(({ id }) => policies[id] === 'counter')
    for (const [key, versions] of history.rows(entity)) {
      const own = ledger.writes().filter((write) => write.entity.id === entity.id && write.key === key)
      const isPlain =
        versions.every(({ row }) => row !== null) &&
        own.every((write) => !ledger.isForgotten(write) && write.after !== null && !isExcused(ledger, write))
      if (!isPlain) continue
      for (const { name } of counters) {
        const number = (row: Comparable | null | undefined) => Number(row?.[name] ?? 0)
        let expected = own.reduce((sum, { before, after }) => sum + number(after) - number(before), 0)
        versions.forEach((version, index) => {
          if (!version.author.startsWith('device')) expected += number(version.row) - number(versions[index - 1]?.row)
        })
        const actual = number(versions.at(-1)?.row)
        if (actual !== expected) {
          problems.push(
            `P1: ${name} of ${entity.name} ${key} is ${actual}, and what was added to it makes ${expected}.`,
          )
        }
      }
    }
  }
  return problems
}

const isExcused = (ledger: Ledger, { device, entity, key }: LocalWrite): boolean =>
  ledger.excuseOf(device, `row ${entity.id} ${key}`) !== null

/** Where the pattern detects conflicts, a device overwrites only what it has seen, or what a conflict's record holds. */
function checkSeen({ bundle, history, ledger, onRecord, restored }: EndState): readonly string[] {
  if (restored) return []
  const problems: string[] = []
  for (const entity of bundle.entities) {
    if (entity.pattern.kind !== 'conflict-detection') continue
    const names = trackedAttributes(bundle, entity)
    for (const [key, versions] of history.rows(entity)) {
      versions.forEach((version, index) => {
        const old = versions[index - 1]
        if (!old?.row || !version.author.startsWith('device')) return
        for (const name of names) {
          const lost = old.row[name] ?? null
          const written = version.row?.[name] ?? null
          if (!isScriptValue(lost) || lost === written || onRecord.has(lost)) continue
          const writer = authorOf(history, entity, key, name, lost)
          if (writer === version.author || writer === SEED_AUTHOR) continue
          if (hadSeen(ledger, version.author, entity, name, lost)) continue
          problems.push(
            `F1: ${version.author} overwrote ${lost} of ${writer} in ${name} of ${entity.name} ${key} without having seen it, and no handler met it.`,
          )
        }
      })
    }
  }
  return problems
}

function authorOf(history: History, entity: EntityContract, key: string, name: string, value: string): string {
  return history.versions(entity, key).find(({ row }) => row?.[name] === value)?.author ?? 'nobody'
}

/** Whether the device ever replaced just this value, with it before its eyes. */
function hadSeen(ledger: Ledger, device: string, entity: EntityContract, name: string, value: string): boolean {
  return ledger
    .writes()
    .some(
      (write) =>
        write.device === device &&
        write.entity.id === entity.id &&
        write.before?.[name] === value &&
        write.after?.[name] !== value,
    )
}

/** A conflict names a version that somebody else wrote. After a purge nobody knows, and it is one to be safe. */
function checkConflicts({ bundle, history, conflictRecords, restored, purged }: EndState): readonly string[] {
  if (restored || purged) return []
  return conflictRecords.flatMap((record) => {
    const entity = bundle.entities.find(({ id }) => id === record.entity)
    if (!entity || !['update-update', 'update-delete', 'delete-update'].includes(record.kind)) return []
    const versions = history.versions(entity, record.key)
    const isForeign = versions.some(({ author }) => author !== record.device && author !== SEED_AUTHOR)
    if (versions.length === 0 || isForeign) return []
    return [
      `F8: ${record.device} met a conflict (${record.kind}) on ${entity.name} ${record.key}, which nobody else has written.`,
    ]
  })
}

/** No record waits for a decision once nobody has one to make. */
function checkRecords({ bundle, conflictRecords, lapsed }: EndState): readonly string[] {
  if (lapsed) return []
  return conflictRecords
    .filter(({ decision }) => decision === 'parked' || decision === 'device')
    .map(({ device, entity, key, kind, decision }) => {
      const name = bundle.entities.find(({ id }) => id === entity)?.name
      return `F4: the record of the conflict (${kind}) of ${device} on ${name} ${key} says "${decision}", and nothing waits there.`
    })
}

/** Every text in a piece of JSON, as it may stand in a comparable row. */
export function textsIn(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    into.add(value)
    into.add(comparable(NUMBER, value) ?? '')
  } else if (typeof value === 'number') into.add(String(value))
  else if (Array.isArray(value)) for (const item of value) textsIn(item, into)
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) textsIn(item, into)
}

const NUMBER = {
  id: '',
  name: '',
  column: '',
  type: 'numeric',
  nullable: true,
  default: null,
  readOnly: false,
  sensitive: false,
} as const
