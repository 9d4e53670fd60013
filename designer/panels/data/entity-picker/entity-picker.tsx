import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { withNeeded } from '@/designer/model/closure'
import { addLocalEntities } from '@/designer/model/operations/add-entities'
import { PATTERN_KINDS, type PatternKind } from '@/designer/model/project'
import { patternOf } from '@/designer/patterns'
import { newIds, useEdit, usePanels, useProject, useSession } from '@/designer/stores/session'
import { Dialog } from '../../ui/dialog'
import { counted } from '../../ui/format'
import { PATTERN_SIGNS } from '../../ui/pattern-sign'
import { PickedTables } from './picked-tables'
import { canChoose, PickerList } from './picker-list'
import { matchingTables, pickerTables } from './picker-tables'

/** “Add entities from database…”: opened by `picker` in the panels' store. */
export function EntityPicker() {
  return usePanels(({ picker }) => picker) ? <OpenPicker /> : null
}

function OpenPicker() {
  const session = useSession()
  const edit = useEdit()
  const serverEntities = useProject((project) => project.serverEntities)
  const serverTypes = useProject((project) => project.serverTypes)
  const localEntities = useProject((project) => project.localEntities)
  const [search, setSearch] = useState('')
  const [schema, setSchema] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const [pattern, setPattern] = useState<PatternKind>('last-write-wins')
  const list = useRef<HTMLDivElement>(null)
  const searchField = useRef<HTMLInputElement>(null)

  const tables = useMemo(
    () => pickerTables({ serverEntities, serverTypes, localEntities }),
    [serverEntities, serverTypes, localEntities],
  )
  const hasViews = tables.some(({ entity }) => entity.kind.endsWith('view'))
  const count = (listed: readonly unknown[]) =>
    hasViews ? counted(listed.length, 'table or view', 'tables and views') : counted(listed.length, 'table')
  const schemas = useMemo(() => [...new Set(tables.map(({ entity }) => entity.schema))], [tables])
  const wanted = useDeferredValue(search)
  const shown = useMemo(() => matchingTables(tables, { search: wanted, schema }), [tables, wanted, schema])
  const addable = useMemo(() => new Set(tables.filter(canChoose).map(({ entity }) => entity.id)), [tables])
  // What is left out, or there already, ends its branch: its own parents are needed only where something else needs them.
  const branches = useMemo(
    () => Object.fromEntries(Object.entries(serverEntities).filter(([id]) => addable.has(id) && !leftOut.has(id))),
    [serverEntities, addable, leftOut],
  )
  const needed = useMemo(() => {
    const all = withNeeded(branches, chosen)
    const reachedFrom = [...chosen, ...all.map(({ entity }) => entity)]
    return [...all, ...withNeeded(serverEntities, reachedFrom, 1).filter(({ entity }) => leftOut.has(entity))]
  }, [branches, serverEntities, chosen, leftOut])
  const roots = [...chosen, ...needed.flatMap(({ entity }) => (leftOut.has(entity) ? [] : entity))]

  const close = () => session.panels.setState({ picker: false })
  const toggle = (id: string) => setChosen(toggled(chosen, id))
  const add = () => {
    const what = counted(roots.length, 'entity', 'entities')
    const result = edit(`Add ${what}`, (draft) => addLocalEntities(draft, { roots, pattern, ids: newIds }))
    if (result.kind === 'refused') return
    session.selection.select({ kind: 'local-entities', ids: result.value })
    const [first] = result.value
    if (first) session.panels.setState({ reveal: { id: first, among: 'all' } })
    session.announce(`Added ${what}`)
    close()
  }
  const free = shown.filter((table) => canChoose(table) && !chosen.has(table.entity.id))

  return (
    <Dialog
      open
      onClose={close}
      title="Add entities from the database"
      className="w-[min(820px,calc(100vw-32px))]"
      initialFocus={searchField}
      footer={
        <>
          <label className="mr-auto flex items-center gap-2">
            <span className="label">Pattern</span>
            <select
              className="select w-44"
              value={pattern}
              title={patternOf(pattern).summary}
              onChange={({ target }) => {
                const next = PATTERN_KINDS.find((kind) => kind === target.value)
                if (next) setPattern(next)
              }}
            >
              {PATTERN_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {PATTERN_SIGNS[kind].label}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="button" className="btn btn-primary" disabled={roots.length === 0} onClick={add}>
            {roots.length === 0 ? 'Add' : `Add ${counted(roots.length, 'entity', 'entities')}`}
          </button>
        </>
      }
    >
      <div className="grid h-[min(56vh,520px)] grid-cols-[minmax(0,3fr)_minmax(0,2fr)] gap-4">
        <div className="flex min-h-0 flex-col gap-2">
          <div className="flex gap-2">
            <input
              ref={searchField}
              type="search"
              className="input"
              aria-label="Search tables"
              placeholder={`Search ${count(tables)}`}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowDown') return
                event.preventDefault()
                list.current?.focus()
              }}
            />
            {schemas.length > 1 && (
              <select
                className="select w-40 flex-none"
                aria-label="Schema"
                value={schema ?? ''}
                onChange={({ target }) => setSchema(target.value === '' ? null : target.value)}
              >
                <option value="">All schemas</option>
                {schemas.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </div>
          <PickerList
            tables={shown}
            chosen={chosen}
            needed={new Set(roots.filter((id) => !chosen.has(id)))}
            onToggle={toggle}
            listRef={list}
          />
          <div className="flex items-center gap-2">
            <span className="hint mr-auto">{count(shown)}</span>
            <button
              type="button"
              className="btn btn-sm"
              disabled={free.length === 0}
              onClick={() => setChosen(new Set([...chosen, ...free.map(({ entity }) => entity.id)]))}
            >
              Choose all shown
            </button>
            <button
              type="button"
              className="btn btn-sm"
              disabled={chosen.size === 0}
              onClick={() => setChosen(new Set())}
            >
              Choose none
            </button>
          </div>
        </div>
        <PickedTables
          entities={serverEntities}
          chosen={[...chosen]}
          needed={needed}
          leftOut={leftOut}
          onRemove={toggle}
          onLeaveOut={(id) => setLeftOut(toggled(leftOut, id))}
        />
      </div>
    </Dialog>
  )
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}
