import { useId, useRef } from 'react'
import { useStore } from 'zustand'
import { setComputation } from '@/designer/model/operations/derived-attributes'
import type { LocalAttribute, LocalEntity } from '@/designer/model/project'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { orderedAttributes } from '../../data/schema-rows'
import { SqlAskingNote } from '../../problems/sql-asking-note'

interface Props {
  readonly entity: LocalEntity
  readonly attribute: LocalAttribute
  readonly expression: string
  readonly type: string
}

const COMMON_TYPES = [
  'text',
  'integer',
  'bigint',
  'numeric',
  'boolean',
  'date',
  'timestamp with time zone',
  'double precision',
  'uuid',
  'jsonb',
]

/** The expression and its type. What is wrong with them stands above, as the check says it. */
export function ComputedFields({ entity, attribute, expression, type }: Props) {
  const root = useProject((project) => project.serverEntities[entity.root])
  const edit = useEdit()
  const types = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const { compilation } = useSession()
  // What PostgreSQL works out, where that is another type than the attribute has.
  const better = useStore(compilation, ({ diagnostics }) => {
    const edit = diagnostics.find(
      ({ code, target }) => code === 'SL3022' && target.kind === 'localAttribute' && target.id === attribute.id,
    )?.fix?.edit
    return edit?.kind === 'take-type' ? edit.type : null
  })
  // What is typed is one step, so that undo takes a thought back and not a letter.
  const set = (computation: { readonly expression: string; readonly type: string }) =>
    edit(
      `Change “${entity.name}.${attribute.name}”`,
      (draft) => setComputation(draft, entity.id, attribute.id, computation),
      { coalesce: `compute ${attribute.id}` },
    )
  const insert = (name: string) => {
    const start = field.current?.selectionStart ?? expression.length
    const end = field.current?.selectionEnd ?? start
    const word = `b.${/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`}`
    set({ expression: expression.slice(0, start) + word + expression.slice(end), type })
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(start + word.length, start + word.length)
    })
  }
  return (
    <div className="section gap-3">
      <h3 className="section-title">
        Computed <span className="badge">read-only</span>
      </h3>
      <label className="field">
        <span className="label">SQL expression</span>
        <textarea
          ref={field}
          className="input name"
          rows={3}
          spellCheck={false}
          value={expression}
          onChange={(event) => set({ expression: event.target.value, type })}
        />
        <span className="hint">
          Over the server’s row <code>b</code>; the server works it out whenever it sends the row.
        </span>
      </label>
      {root && (
        <details>
          <summary className="cursor-default text-ink-muted text-xs">Columns of {root.name}</summary>
          <ul className="flex max-h-40 flex-wrap gap-1 overflow-auto pt-1.5">
            {orderedAttributes(root).map(({ id, name }) => (
              <li key={id}>
                <button type="button" className="badge name hover:text-ink" onClick={() => insert(name)}>
                  {name}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      <label className="field">
        <span className="label">Type of its value</span>
        <input
          className="input name"
          list={types}
          spellCheck={false}
          value={type}
          placeholder={better ?? undefined}
          onChange={(event) => set({ expression, type: event.target.value })}
          onBlur={() => type.trim() === '' && better !== null && set({ expression, type: better })}
        />
        <datalist id={types}>
          {COMMON_TYPES.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <span className="hint">
          Follows the expression until you choose another; left empty, PostgreSQL’s is taken.
        </span>
      </label>
      <SqlAskingNote />
    </div>
  )
}
