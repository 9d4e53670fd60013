import { useState } from 'react'
import { setScope, setWriteScope } from '@/designer/model/operations/local-entities'
import type { LocalEntity } from '@/designer/model/project'
import type { Scope } from '@/designer/model/scope'
import { useEdit } from '@/designer/stores/session'
import { Segmented } from '../ui/segmented'

/** Which of the server's rows a session reads, and which of those it may write. */
export function ScopeSection({ entity }: { readonly entity: LocalEntity }) {
  const edit = useEdit()
  const label = `Set the scope of “${entity.name}”`
  return (
    <div className="section gap-3">
      <h3 className="section-title">Scope</h3>
      <ScopeField
        label="Rows on the device"
        whole="all rows"
        value={entity.scope}
        onChange={(scope) => edit(label, (draft) => setScope(draft, entity.id, scope))}
      />
      {entity.direction !== 'down' && (
        <ScopeField
          label="Rows that may be written"
          whole="all of those"
          value={entity.writeScope ?? { kind: 'all' }}
          onChange={(scope) =>
            edit(label, (draft) => setWriteScope(draft, entity.id, scope.kind === 'all' ? null : scope))
          }
        />
      )}
    </div>
  )
}

interface FieldProps {
  readonly label: string
  /** What there is to choose where nothing is left out. */
  readonly whole: string
  readonly value: Scope
  readonly onChange: (scope: Scope) => void
}

function ScopeField({ label, whole, value, onChange }: FieldProps) {
  const [isWriting, setIsWriting] = useState(false)
  const shown = value.kind === 'all' && isWriting ? 'sql' : value.kind
  return (
    <div className="grid gap-2">
      <Segmented
        label={label}
        value={shown}
        options={[
          { value: 'all', label: whole },
          ...(value.kind === 'filter' ? [{ value: 'filter', label: 'a filter' } as const] : []),
          { value: 'sql', label: 'where …' },
        ]}
        onChange={(kind) => {
          setIsWriting(kind === 'sql')
          if (kind === 'all' && value.kind !== 'all') onChange({ kind: 'all' })
        }}
      />
      {shown === 'filter' && (
        <p className="hint">A filter of the project file. The SQL it becomes is in src/schema.ts.</p>
      )}
      {shown === 'sql' && (
        <SqlField
          label={`${label}, as SQL`}
          value={value.kind === 'sql' ? value.where : ''}
          onCommit={(where) => {
            setIsWriting(false)
            onChange(where.trim() === '' ? { kind: 'all' } : { kind: 'sql', where })
          }}
        />
      )}
    </div>
  )
}

interface SqlFieldProps {
  readonly label: string
  readonly value: string
  readonly onCommit: (text: string) => void
}

function SqlField({ label, value, onCommit }: SqlFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  return (
    <label className="field">
      <span className="visually-hidden">{label}</span>
      <textarea
        className="input name"
        rows={3}
        spellCheck={false}
        placeholder="b.region = session.claims ->> 'region'"
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft !== null && draft !== value) onCommit(draft)
          setDraft(null)
        }}
      />
      <span className="hint">
        <code>b</code> is the server’s row; <code>session</code> has <code>claims</code>, <code>user_name</code> and{' '}
        <code>at</code>.
      </span>
    </label>
  )
}
