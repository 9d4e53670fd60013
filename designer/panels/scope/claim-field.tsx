import { useId } from 'react'
import { useBuilder } from './builder-context'

/** The name of a claim; those that are known are offered. */
export function ClaimField({ name, onChange }: { readonly name: string; readonly onChange: (name: string) => void }) {
  const { claims } = useBuilder()
  const list = useId()
  return (
    <>
      <input
        className="input name scope-value"
        aria-label="Claim"
        aria-invalid={name.trim() === ''}
        placeholder="Name of the claim"
        list={list}
        spellCheck={false}
        value={name}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {claims.map((claim) => (
          <option key={claim} value={claim} />
        ))}
      </datalist>
    </>
  )
}
