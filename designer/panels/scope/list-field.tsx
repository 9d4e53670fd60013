import { X } from 'lucide-react'
import { useState } from 'react'
import type { ScopeOperand } from '@/designer/model'
import { useBuilder } from './builder-context'
import { ClaimField } from './claim-field'
import { FIRST_DAY, startingValue } from './operators'
import type { ValueShape } from './value-shape'

interface ListProps {
  readonly values: readonly ScopeOperand[]
  readonly shape: ValueShape
  readonly onChange: (right: ScopeOperand[], typed?: boolean) => void
}

/** Values as chips, or one claim that is itself a list. */
export function ListField({ values, shape, onChange }: ListProps) {
  const { claims } = useBuilder()
  const [draft, setDraft] = useState('')
  const [first] = values
  const isClaim = values.length === 1 && first?.kind === 'claim'
  const add = (value: string) => {
    const known = values.some((item) => item.kind === 'constant' && item.value === value)
    // The empty text with which a list begins is a place to write, not a value.
    const kept = values.filter((item) => !(item.kind === 'constant' && item.value === ''))
    if (value !== '' && !known) onChange([...kept, { kind: 'constant', value }])
    setDraft('')
  }
  return (
    <>
      <select
        className="select scope-source"
        aria-label="Compared with"
        value={isClaim ? 'claim' : 'value'}
        onChange={(event) =>
          onChange(
            event.target.value === 'claim' ? [{ kind: 'claim', name: claims[0] ?? 'claim' }] : [startingList(shape)],
          )
        }
      >
        <option value="value">values</option>
        <option value="claim">claim</option>
      </select>
      {isClaim ? (
        <ClaimField name={first.name} onChange={(name) => onChange([{ kind: 'claim', name }], true)} />
      ) : (
        <span className="scope-chips">
          {values.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two values of a list may be the same.
            <Chip key={index} item={item} onRemove={() => onChange(values.filter((_, at) => at !== index))} />
          ))}
          {shape.kind === 'enum' || shape.kind === 'boolean' ? (
            <select
              className="select scope-add-value"
              aria-label="Add a value"
              value=""
              onChange={(event) => add(event.target.value)}
            >
              <option value="">add</option>
              {(shape.kind === 'enum' ? shape.values : ['true', 'false']).map((value) => (
                <option key={value}>{value}</option>
              ))}
            </select>
          ) : (
            <input
              className="input name scope-add-value"
              aria-label="Add a value"
              placeholder="value, Enter"
              spellCheck={false}
              value={draft}
              onChange={(event) => setDraft(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === ',') {
                  event.preventDefault()
                  add(draft.trim())
                } else if (event.key === 'Backspace' && draft === '') onChange(values.slice(0, -1))
              }}
              onBlur={() => draft.trim() !== '' && add(draft.trim())}
            />
          )}
        </span>
      )}
    </>
  )
}

const startingList = (shape: ValueShape): ScopeOperand => {
  const value = startingValue(shape)
  return value.kind === 'now-minus' ? { kind: 'constant', value: FIRST_DAY } : value
}

function Chip({ item, onRemove }: { readonly item: ScopeOperand; readonly onRemove: () => void }) {
  const text =
    item.kind === 'claim' ? `claim ${item.name}` : item.kind === 'constant' ? (item.value ?? 'nothing') : item.kind
  if (text === '') return null
  return (
    <span className="badge name">
      {text}
      <button type="button" className="scope-chip-remove" aria-label={`Remove ${text}`} onClick={onRemove}>
        <X size={11} aria-hidden />
      </button>
    </span>
  )
}
