import { useId } from 'react'
import { inOrder, type ServerAttribute, type ServerEntity } from '@/designer/model'

interface Props {
  readonly root: ServerEntity
  readonly value: string
  readonly onChange: (where: string) => void
}

/** A condition in SQL; what is wrong with it stands above, as it is typed. */
export function SqlEditor({ root, value, onChange }: Props) {
  const hint = useId()
  return (
    <div className="grid gap-2">
      <textarea
        className="input name scope-sql"
        aria-label="Condition in SQL"
        aria-describedby={hint}
        spellCheck={false}
        rows={Math.min(14, Math.max(4, value.split('\n').length + 1))}
        placeholder="b.region = session.claims ->> 'region'"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={hint} className="hint">
        <code>b</code> is the server’s row, with{' '}
        {inOrder<ServerAttribute>(root.attributes)
          .slice(0, 12)
          .map(([, { name }]) => name)
          .join(', ')}
        {Object.keys(root.attributes).length > 12 && ' …'}. <code>session</code> has <code>claims</code> (jsonb),{' '}
        <code>user_name</code> and <code>at</code>, the present.
      </p>
    </div>
  )
}
