'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Plus } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { EntityColumn, EntityShape, EntityWrite, TableShape } from '../../device/messages'
import type { LabDatabase, LabDevice } from '../../lab'
import { plural } from '../log/log-lines'
import { columnTemplate } from './column-widths'
import { DraftRow } from './draft-row'
import styles from './grid.module.css'
import type { CellEdit } from './grid-cell'
import { type CellPlace, nextPlace } from './grid-keys'
import { GridRowLine } from './grid-row'
import { HeaderRow } from './header-row'
import {
  type CellText,
  deleteSql,
  type GridRow,
  insertSql,
  isShownWhole,
  keyOf,
  type Statement,
  updateSql,
} from './row-sql'
import { useColumnWidths } from './use-column-widths'
import { useRowPages } from './use-row-pages'

const ROW_HEIGHT = 28

export interface RowGridProps {
  readonly database: LabDatabase
  readonly table: TableShape
  /** Given for a device: what the bundle says of the table. */
  readonly entity: EntityShape | null
  /** The database itself, where it is a device. */
  readonly device?: LabDevice | undefined
  readonly revision: number
  readonly label: string
  /** Says why nothing can be written, or null. */
  readonly readOnly: string | null
}

/** A table's rows, of which only those on screen are in the page, and which can be edited in place. */
export function RowGrid({ database, table, entity, device, revision, label, readOnly }: RowGridProps) {
  const pages = useRowPages(database, table, entity, revision)
  const { count, rowAt, want, error } = pages
  const [active, setActive] = useState<CellPlace>({ row: 0, column: 0 })
  const [edit, setEdit] = useState<(CellEdit & CellPlace) | null>(null)
  const [drafting, setDrafting] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: count ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const shown = rows.getVirtualItems()
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  useEffect(() => want(first, last), [want, first, last])

  const files = useMemo(() => fileColumns(entity), [entity])
  const widths = useColumnWidths(table, files, pages)
  const template = columnTemplate(widths)
  const pinned = table.columns[0] && table.key.includes(table.columns[0].name) ? (widths[0] ?? 0) : 0
  const canWrite = readOnly === null && table.key.length > 0
  const size = { rows: count ?? 0, columns: table.columns.length + (canWrite ? 1 : 0) }

  const focusCell = (place: CellPlace) => {
    setActive(place)
    rows.scrollToIndex(place.row)
    // The cell may only now come into being.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(placeSelector(place))?.focus())
  }
  const startEdit = (place: CellPlace) => {
    const column = table.columns[place.column]
    if (canWrite && column?.writable && isShownWhole(column)) setEdit({ ...place, error: null, attempt: undefined })
  }
  /** Whoever has gone on to another cell, or another grid, stays there: writing takes a while. */
  const endEdit = (place: CellPlace) => {
    const isStillHere = scroller.current?.querySelector(placeSelector(place))?.contains(document.activeElement)
    setEdit((now) => (now !== null && isAt(now, place) ? null : now))
    if (isStillHere) focusCell(place)
  }
  const commit = async (row: GridRow, place: CellPlace, value: CellText) => {
    const column = table.columns[place.column]
    if (!column) return
    const encrypted = actionWrites(device, entity, [column.name])
    const problem = await problemOf(
      encrypted?.({ kind: 'update', key: keyInput(table, row), values: { [column.name]: value } }) ??
        run(database, updateSql(table, column.name, value, row)),
    )
    if (problem === null) return endEdit(place)
    const failed = { ...place, error: problem, attempt: value }
    setEdit((now) => (now === null || isAt(now, place) ? failed : now))
  }
  const remove = async (row: GridRow) => setFailure(await problemOf(run(database, deleteSql(table, row))))
  const insert = async (values: ReadonlyMap<string, CellText>) => {
    const encrypted = actionWrites(device, entity, [...values.keys()])
    const problem = await problemOf(
      encrypted?.({ kind: 'create', values: Object.fromEntries(values) }) ?? run(database, insertSql(table, values)),
    )
    if (problem === null) setDrafting(false)
    return problem
  }
  /** The server's rows have contents themselves, in which nothing is to be opened. */
  const readFile =
    device && entity
      ? (row: GridRow, attribute: string) => device.file({ entity: entity.name, key: keyInput(table, row), attribute })
      : null
  const onKeyDown = (event: KeyboardEvent) => {
    const place = nextPlace(event, active, size)
    const row = rowAt(active.row)
    if (place) focusCell(place)
    else if ((event.key === 'Enter' || event.key === 'F2') && active.column < table.columns.length) startEdit(active)
    else if (event.key === 'Delete' && (event.ctrlKey || event.metaKey) && row && canWrite) void remove(row)
    else return
    event.preventDefault()
  }

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={size.rows + 1}
        aria-colcount={table.columns.length + 1}
        aria-readonly={!canWrite}
        aria-busy={count === null}
        style={{ scrollPaddingLeft: pinned }}
        onScroll={({ currentTarget }) => head.current?.style.setProperty('--scrolled', `${currentTarget.scrollLeft}px`)}
        tabIndex={size.rows === 0 ? 0 : -1}
        onKeyDown={edit === null ? onKeyDown : undefined}
      >
        <HeaderRow ref={head} table={table} files={files} widths={widths} pinned={pinned} />
        {drafting && (
          <DraftRow table={table} template={template} onInsert={insert} onCancel={() => setDrafting(false)} />
        )}
        <div role="presentation" className={styles.rows} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => (
            <GridRowLine
              key={index}
              table={table}
              files={files}
              template={template}
              index={index}
              top={start}
              row={rowAt(index)}
              active={active}
              edit={edit}
              canWrite={canWrite}
              onFocus={setActive}
              onEdit={startEdit}
              onCommit={(row, place, value) => void commit(row, place, value)}
              onCancel={endEdit}
              onDelete={(row) => void remove(row)}
              readFile={readFile}
            />
          ))}
        </div>
        {count === 0 && !drafting && <p className={styles.empty}>{noRows(entity)}</p>}
      </div>
      {(failure ?? error) !== null && (
        <p role="alert" className={styles.failure}>
          {failure ?? error}
        </p>
      )}
      <div className={styles.foot}>
        <span data-testid="row-count">{count === null ? 'Counting…' : plural(count, 'row')}</span>
        <span className={styles.footNote}>
          {readOnly ?? (table.key.length === 0 ? 'No primary key: rows can be seen, not edited.' : '')}
        </span>
        {canWrite && (
          <button type="button" className="btn btn-sm btn-ghost" onClick={() => setDrafting(true)}>
            <Plus aria-hidden /> Add row
          </button>
        )}
      </div>
    </div>
  )
}

const fileColumns = (entity: EntityShape | null): ReadonlySet<string> =>
  new Set(entity?.columns.flatMap(({ name, file }) => (file ? [name] : [])))

const placeSelector = ({ row, column }: CellPlace): string => `[data-place="${row}/${column}"]`

const isAt = (one: CellPlace, other: CellPlace): boolean => one.row === other.row && one.column === other.column

function noRows(entity: EntityShape | null): string {
  if (entity === null) return 'No rows.'
  if (!entity.pulled) return 'No rows wait here. What is added is sent by the next sync, and then forgotten.'
  return entity.chosenBy === null
    ? 'No rows on this device. A sync brings it those of the server.'
    : 'No rows on this device. A sync brings it those that are chosen.'
}

const keyInput = (table: TableShape, row: GridRow) =>
  Object.fromEntries(keyOf(table, row).map((value, index) => [table.key[index] ?? '', value]))

const run = (database: LabDatabase, { text, params }: Statement) => database.query(text, params)

/** How to write `columns` where one of them is encrypted on the device or a file, which SQL can't; null where SQL can. */
function actionWrites(device: LabDevice | undefined, entity: EntityShape | null, columns: readonly string[]) {
  const isBeyondSql = ({ name, hidden, file }: EntityColumn) => (hidden || file) && columns.includes(name)
  if (!device || !entity?.columns.some(isBeyondSql)) return null
  return (write: WithoutEntity<EntityWrite>) => device.write({ ...write, entity: entity.name })
}

type WithoutEntity<Write> = Write extends EntityWrite ? Omit<Write, 'entity'> : never

/** Answers the database's error, or null when it was done. */
async function problemOf(write: Promise<unknown>): Promise<string | null> {
  try {
    await write
    return null
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason)
  }
}
