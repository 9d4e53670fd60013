import { useCallback, useEffect, useRef, useState } from 'react'
import type { EntityShape, TableShape } from '../../device/messages'
import type { LabDatabase } from '../../lab'
import { countSql, type GridRow, PAGE_ROWS, pageSql } from './row-sql'

export interface RowPages {
  /** Null until it was counted. */
  readonly count: number | null
  readonly rowAt: (index: number) => GridRow | undefined
  /** Asks for the pages that hold these rows; what is there stays shown while it is read anew. */
  readonly want: (first: number, last: number) => void
  readonly error: string | null
}

interface Loaded {
  readonly count: number | null
  readonly pages: ReadonlyMap<number, readonly GridRow[]>
}

const NOTHING: Loaded = { count: null, pages: new Map() }

/** The rows of a table, of which only the pages on screen are read, and read again when `revision` changes. */
export function useRowPages(
  database: LabDatabase,
  table: TableShape,
  entity: EntityShape | null,
  revision: number,
): RowPages {
  const [loaded, setLoaded] = useState(NOTHING)
  const [error, setError] = useState<string | null>(null)
  const [range, setRange] = useState<readonly [number, number]>([0, 0])
  const latest = useRef(0)
  const [firstPage, lastPage] = range

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision means that rows have changed.
  useEffect(() => {
    const request = ++latest.current
    const load = async () => {
      const numbers = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index)
      const [counted, ...pages] = await Promise.all([
        run(database, countSql(table)),
        ...numbers.map((page) => run(database, pageSql(table, page, entity))),
      ])
      // An answer that was overtaken by a younger question would show old rows.
      if (request !== latest.current) return
      setError(null)
      setLoaded({
        count: Number(counted[0]?.rows ?? 0),
        pages: new Map(numbers.map((page, index) => [page, (pages[index] ?? []).map((row) => toGridRow(row, table))])),
      })
    }
    load().catch((reason: unknown) => {
      if (request === latest.current) setError(reason instanceof Error ? reason.message : String(reason))
    })
  }, [database, table, entity, revision, firstPage, lastPage])

  const want = useCallback((first: number, last: number) => {
    const pages = [Math.floor(first / PAGE_ROWS), Math.floor(Math.max(first, last) / PAGE_ROWS)] as const
    setRange((old) => (old[0] === pages[0] && old[1] === pages[1] ? old : pages))
  }, [])
  const rowAt = useCallback(
    (index: number) => loaded.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    [loaded],
  )
  return { count: loaded.count, rowAt, want, error }
}

const run = (database: LabDatabase, { text, params }: ReturnType<typeof pageSql>) => database.query(text, params)

function toGridRow(row: Record<string, unknown>, table: TableShape): GridRow {
  return {
    cells: table.columns.map((_, index) => {
      const value = row[`c${index}`]
      return value === null || value === undefined ? null : String(value)
    }),
    pending: row.pending === true,
    parked: row.parked === true,
  }
}
