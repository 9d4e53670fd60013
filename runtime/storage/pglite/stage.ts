/**
 * A pull's pages on PGlite: kept as they came, and put in when the last one is there.
 *
 *   page ─► memory ─► `_syncline.stage`, where the transaction ends before the pull does
 *              └─────────────┴─► COPY into an empty table, else an upsert by set, a page at a time
 *
 * Invariants
 * - A page that is shown in the transaction that brought it is never written aside: most pulls are one page.
 * - Memory is bounded by the page (D7); no row is touched that is as the page has it.
 */
import type { Key, StagedPart, SyncTransaction } from '../../contract'
import { keyText } from '../../contract/storage'
import { parseCopyText } from '../../core/copy-text'
import type { PGliteTransaction } from './database'
import type { EntitySql, SqlByEntity } from './entity-sql'

type Stage = Pick<SyncTransaction, 'stage' | 'stagedEntities' | 'unstage' | 'applyStaged'> & {
  /** Writes aside what was staged in this transaction and not shown. */
  readonly flush: () => Promise<void>
}

type Edited = Awaited<ReturnType<SyncTransaction['applyStaged']>>['edited'][number]

export function stageOn(tx: PGliteTransaction, sqlByEntity: SqlByEntity): Stage {
  let fresh: StagedPart[] = []

  const parts = async (entity: string, each: (part: StagedPart) => Promise<void>) => {
    const seqs = await tx.query('select seq from _syncline.stage where entity = $1 order by seq', [entity])
    for (const { seq } of seqs) {
      const [part] = await tx.query(
        'select entity, attributes, is_full as full, rows, row_count as "rowCount", deleted from _syncline.stage where seq = $1::bigint',
        [seq],
      )
      await each(part as unknown as StagedPart)
    }
    for (const part of fresh) if (part.entity === entity) await each(part)
  }

  return {
    stage: async (part) => void fresh.push(part),

    flush: async () => {
      for (const part of fresh)
        await tx.query(
          `insert into _syncline.stage (entity, attributes, is_full, rows, row_count, deleted) values ($1, $2::text[], $3::boolean, $4, $5::int, $6::jsonb)`,
          [part.entity, part.attributes, part.full, part.rows, part.rowCount, JSON.stringify(part.deleted)],
        )
      fresh = []
    },

    stagedEntities: async () => {
      const full = new Map<string, boolean>()
      const rows = await tx.query('select entity, bool_or(is_full) as full from _syncline.stage group by entity')
      for (const row of rows) full.set(row.entity as string, row.full === true)
      for (const part of fresh) full.set(part.entity, part.full || full.get(part.entity) === true)
      return [...full].map(([entity, isFull]) => ({ entity, full: isFull }))
    },

    unstage: async () => {
      fresh = []
      const [row] = await tx.query('select exists (select 1 from _syncline.stage) as found')
      // Deleting would leave the pages' space behind, as nothing vacuums a device.
      if (row?.found === true) await tx.execute('truncate _syncline.stage')
    },

    applyStaged: async (entity, full) => {
      const sql = sqlByEntity.get(entity)
      if (!sql) return { rows: 0, edited: [] }
      const target = await prepareTarget(tx, sql, full)
      let rows = 0
      await parts(entity, async (part) => {
        rows += part.rowCount + part.deleted.length
        await applyPart(tx, sql, target, part)
      })
      if (target.marksSeen) {
        await tx.query(sql.removeUnseen)
        await tx.execute('truncate _syncline.seen')
      }
      return { rows, edited: [...target.edited.values()] }
    },
  }
}

interface Target {
  /** True while pages can be put in without a look at what is there. */
  copies: boolean
  readonly marksSeen: boolean
  /** Keys among the given that have a shadow, as texts. */
  readonly shadowed: (keys: readonly Key[]) => Promise<ReadonlySet<string>>
  /** What the pages say of rows with a shadow, by key. */
  readonly edited: Map<string, Edited>
}

async function prepareTarget(tx: PGliteTransaction, sql: EntitySql, full: boolean): Promise<Target> {
  const { id } = sql.entity
  const [found] = await tx.query(
    `select exists (select 1 from ${sql.table}) as rows, exists (select 1 from _syncline.shadow where entity = $1) as shadows`,
    [id],
  )
  const hasShadows = found?.shadows === true
  const edited = new Map<string, Edited>()
  const all = new Set<string>()
  if (full && hasShadows) {
    const rows = await tx.query('select key from _syncline.shadow where entity = $1', [id])
    for (const { key } of rows as unknown as { key: Key }[]) {
      all.add(keyText(key))
      // What a full pull does not mention is gone.
      edited.set(keyText(key), { key, image: null })
    }
  }
  return {
    copies: found?.rows !== true && !hasShadows,
    marksSeen: full && found?.rows === true,
    edited,
    shadowed: async (keys) => {
      if (!hasShadows || full || keys.length === 0) return all
      const rows = await tx.query(
        `select h.key from jsonb_array_elements($2::jsonb) k join _syncline.shadow h
         on h.entity = $1 and h.key = array(select jsonb_array_elements_text(k))`,
        [id, JSON.stringify(keys)],
      )
      return new Set((rows as unknown as { key: Key }[]).map(({ key }) => keyText(key)))
    },
  }
}

async function applyPart(tx: PGliteTransaction, sql: EntitySql, target: Target, part: StagedPart): Promise<void> {
  if (part.rowCount > 0) await applyRows(tx, sql, target, part)
  if (part.deleted.length === 0) return
  const shadowed = await target.shadowed(part.deleted)
  for (const key of part.deleted) if (shadowed.has(keyText(key))) target.edited.set(keyText(key), { key, image: null })
  const keys = JSON.stringify(part.deleted.filter((key) => !shadowed.has(keyText(key))))
  await tx.query(sql.removeRows, [keys])
  if (target.marksSeen) await tx.query(sql.unmarkSeen, [keys])
}

async function applyRows(tx: PGliteTransaction, sql: EntitySql, target: Target, part: StagedPart): Promise<void> {
  if (target.copies && part.rowCount >= COPY_FROM_ROWS) {
    // A later page can name a row again, as it may have changed while the pages were read; then COPY refuses.
    if (await tx.attempt(() => tx.copyIn(sql.copyRows(part.attributes), part.rows))) return
    target.copies = false
  }
  let rows = parseCopyText(part.rows)
  const keyPlaces = sql.entity.key.map((attribute) => part.attributes.indexOf(attribute))
  const keyOf = (row: readonly (string | null)[]) => keyPlaces.map((place) => row[place] ?? '')
  const shadowed = await target.shadowed(rows.map(keyOf))
  if (shadowed.size > 0) {
    rows = rows.filter((row) => {
      const key = keyOf(row)
      if (!shadowed.has(keyText(key))) return true
      const image = Object.fromEntries(part.attributes.map((attribute, index) => [attribute, row[index] ?? null]))
      target.edited.set(keyText(key), { key, image })
      return false
    })
  }
  const columns = part.attributes.map((_, index) => rows.map((row) => row[index] ?? null))
  await tx.query(sql.upsertRows(part.attributes), columns)
  if (target.marksSeen)
    await tx.query(
      sql.markSeen(keyPlaces),
      keyPlaces.map((place) => columns[place]),
    )
}

/** Below, COPY's own cost is more than it saves. */
const COPY_FROM_ROWS = 50
