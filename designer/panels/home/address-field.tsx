import { CircleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { addressProblem } from './address-problem'

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** The address of a database. What is wrong with it is said once the field is left or Enter pressed, not while it is typed. */
export function AddressField({ value, onChange }: Props) {
  const id = useId()
  const [isDone, setDone] = useState(false)
  const problem = isDone && value.trim() !== '' ? addressProblem(value) : null
  return (
    <div className="field">
      <label htmlFor={id} className="label">
        Address
      </label>
      <input
        id={id}
        className="input name"
        value={value}
        spellCheck={false}
        autoComplete="off"
        placeholder="postgres://user:password@host:5432/database"
        aria-invalid={problem !== null || undefined}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.value)}
        onFocus={() => setDone(false)}
        onBlur={() => setDone(true)}
        onKeyDown={({ key }) => setDone(key === 'Enter')}
      />
      <p id={`${id}-about`} className="hint" role="status">
        {problem === null ? (
          'The database is read in one read-only transaction.'
        ) : (
          <span className="field-problem">
            <CircleAlert aria-hidden /> {problem}
          </span>
        )}
      </p>
    </div>
  )
}
