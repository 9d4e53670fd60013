import { useId } from 'react'

interface Props<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
  /** What the chosen one means. */
  readonly hint?: string
}

/** A few choices side by side, of which one holds. */
export function Segmented<Value extends string>({ label, value, options, onChange, hint }: Props<Value>) {
  const id = useId()
  return (
    <fieldset className="field" aria-describedby={hint ? id : undefined}>
      <legend className="label pb-1">{label}</legend>
      <div className="segmented justify-self-start">
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            className="tab"
            aria-pressed={option.value === value}
            onClick={() => option.value !== value && onChange(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
      {hint && (
        <span id={id} className="hint">
          {hint}
        </span>
      )}
    </fieldset>
  )
}
