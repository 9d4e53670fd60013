/** The outbox of a device in SQLite: edits that the triggers wrote, on their way out. */
import type { EditOperation, Image, Key, OutboxLimit, RowRef, StoredEdit, SyncTransaction } from '../../contract'
import { mentionedRows } from '../mentioned-rows'
import type { Connection } from './connection'
import type { SqliteValue } from './driver'

export type SqliteOutbox = Pick<
  SyncTransaction,
  | 'addEdits'
  | 'unsealed'
  | 'seal'
  | 'sealed'
  | 'cancelled'
  | 'mentioned'
  | 'editsOfGroups'
  | 'editsOfRows'
  | 'removeEdits'
  | 'parkEdits'
  | 'hasMore'
>

const COLUMNS = 'seq, tx, grp, entity, op, key, "set", was, base, at, resolves, parked'

/** Lists go in as one parameter, so that a statement is prepared once whatever their length. */
const LISTED = '(select value from json_each(?))'

export function sqliteOutbox({ all, run, one }: Connection): SqliteOutbox {
  const edits = (condition: string, parameters: readonly SqliteValue[]) =>
    all(`select ${COLUMNS} from _syncline_edit where ${condition} order by seq`, parameters).map(toEdit)
  const dropShadowIfIdle = ({ entity, key }: { readonly entity: SqliteValue; readonly key: SqliteValue }) =>
    run(
      `delete from _syncline_shadow where entity = $1 and key = $2
         and not exists (select 1 from _syncline_edit where entity = $1 and key = $2)`,
      { 1: entity, 2: key },
    )

  return {
    addEdits: async (added) => {
      for (const { entity, key, shadow } of added) {
        const parameters = { 1: entity, 2: JSON.stringify(key), 3: shadow && JSON.stringify(shadow) }
        run('insert or ignore into _syncline_shadow (entity, key, image) values ($1, $2, $3)', parameters)
      }
      let tx: string | null = null
      for (const { entity, key, op, set, was, base, at, resolves } of added) {
        run(
          `insert into _syncline_edit (tx, entity, op, key, "set", was, base, at, resolves) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            tx ?? '',
            entity,
            op,
            JSON.stringify(key),
            JSON.stringify(set),
            JSON.stringify(was),
            base,
            BigInt(at),
            resolves,
          ],
        )
        if (tx !== null) continue
        tx = transactionName(one('select last_insert_rowid()'))
        run('update _syncline_edit set tx = ? where seq = last_insert_rowid()', [tx])
      }
    },
    unsealed: async (upTo, limit) => {
      const rows = all(
        `select tx, entity, key from _syncline_edit join (
           select tx, min(seq) as first from _syncline_edit where grp is null and parked is null and seq <= $1
           group by tx order by first limit $2
         ) using (tx) where grp is null and parked is null and seq <= $1 order by first, seq`,
        { 1: upTo, 2: limit },
      )
      const transactions = new Map<string, Map<string, RowRef>>()
      for (const [tx, entity, key] of rows) {
        const known = transactions.get(String(tx)) ?? new Map<string, RowRef>()
        known.set(`${entity} ${key}`, { entity: String(entity), key: toKey(key) })
        transactions.set(String(tx), known)
      }
      return [...transactions].map(([transaction, known]) => ({ transaction, rows: [...known.values()] }))
    },
    seal: async (groupOfTransaction) => {
      for (const [transaction, group] of groupOfTransaction) {
        run('update _syncline_edit set grp = ? where tx = ? and grp is null and parked is null', [group, transaction])
      }
    },
    sealed: async (limit) => {
      const groups = all(
        `select grp, count(*), sum(length("set") + length(was) + length(key) + coalesce(length(base), 0) + 100), min(seq) as first
         from _syncline_edit where grp is not null group by grp order by first limit ?`,
        [Math.max(limit.groups, 1)],
      )
      return edits(`grp in ${LISTED}`, [JSON.stringify(withinLimit(groups, limit))]).sort(byGroup(groups))
    },
    cancelled: async () => {
      if (one(`select 1 from _syncline_edit where op = 'delete' and grp is null limit 1`) === undefined) return []
      return all(
        `select f.entity, f.key from
           (select entity, key, op, min(seq) as first, count(grp) + count(parked) as held from _syncline_edit group by entity, key) f
           join (select entity, key, op, max(seq) from _syncline_edit group by entity, key) l using (entity, key)
         where f.op = 'create' and l.op = 'delete' and f.held = 0 order by f.first desc`,
      ).map(([entity, key]) => ({ entity: String(entity), key: toKey(key) }))
    },
    mentioned: async (rows) => (rows.length === 0 ? [] : mentionedRows(rows, edits('grp is null', []))),
    editsOfGroups: async (groups) => edits(`grp in ${LISTED}`, [JSON.stringify(groups)]),
    editsOfRows: async (rows) => {
      const distinct = new Map(rows.map(({ entity, key }) => [`${entity} ${JSON.stringify(key)}`, { entity, key }]))
      return [...distinct.values()]
        .flatMap(({ entity, key }) => edits('entity = ? and key = ?', [entity, JSON.stringify(key)]))
        .sort((a, b) => a.seq - b.seq)
    },
    removeEdits: async (seqs) => {
      const rows = all(`select distinct entity, key from _syncline_edit where seq in ${LISTED}`, [JSON.stringify(seqs)])
      run(`delete from _syncline_edit where seq in ${LISTED}`, [JSON.stringify(seqs)])
      for (const [entity = null, key = null] of rows) dropShadowIfIdle({ entity, key })
    },
    parkEdits: async (rows, groups) => {
      for (const { entity, key, conflict } of rows) {
        run(
          `update _syncline_edit set parked = ?, grp = null where entity = ? and key = ? and (grp is null or grp in ${LISTED})`,
          [conflict, entity, JSON.stringify(key), JSON.stringify(groups)],
        )
      }
    },
    hasMore: async (exceptGroups, upTo, onlySealed) =>
      one(
        `select 1 from _syncline_edit where seq <= ? and parked is null and ${onlySealed ? 'grp is not null' : '1'}
           and (grp is null or grp not in ${LISTED}) limit 1`,
        [upTo, JSON.stringify(exceptGroups)],
      ) !== undefined,
  }
}

/** The number of its first edit, which no two have in common. */
export function transactionName(seq: SqliteValue | undefined): string {
  return String(seq)
}

export function toKey(key: SqliteValue | undefined): Key {
  return JSON.parse(String(key)) as Key
}

function toEdit([
  seq,
  tx,
  grp,
  entity,
  op,
  key,
  set,
  was,
  base,
  at,
  resolves,
  parked,
]: readonly SqliteValue[]): StoredEdit {
  return {
    seq: Number(seq),
    transaction: String(tx),
    group: textOrNull(grp),
    entity: String(entity),
    op: String(op) as EditOperation,
    key: toKey(key),
    set: JSON.parse(String(set)) as Image,
    was: JSON.parse(String(was)) as Image,
    base: textOrNull(base),
    at: Number(at),
    resolves: textOrNull(resolves),
    parkedBy: textOrNull(parked),
  }
}

function textOrNull(value: SqliteValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function withinLimit(groups: readonly (readonly SqliteValue[])[], limit: OutboxLimit): string[] {
  const taken: string[] = []
  let edits = 0
  let bytes = 0
  for (const [group, count, size] of groups) {
    if (taken.length > 0 && (taken.length >= limit.groups || edits >= limit.edits || bytes >= limit.bytes)) break
    taken.push(String(group))
    edits += Number(count)
    bytes += Number(size)
  }
  return taken
}

function byGroup(groups: readonly (readonly SqliteValue[])[]): (a: StoredEdit, b: StoredEdit) => number {
  const ranks = new Map(groups.map(([group], index) => [String(group), index]))
  const rank = ({ group }: StoredEdit) => ranks.get(group ?? '') ?? 0
  return (a, b) => rank(a) - rank(b) || a.seq - b.seq
}
