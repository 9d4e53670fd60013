import { useId } from 'react'

interface Props {
  readonly label: string
  readonly hint: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  /** The label is a name of the product's API. */
  readonly isName?: boolean
  /** Not free to be set; the hint says why. It can still be reached, so that the reason can be read. */
  readonly fixed?: boolean
}

export function SwitchRow({ label, hint, checked, onChange, isName = false, fixed = false }: Props) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <span id={id} className="flex-1">
        <span className={isName ? 'name' : undefined}>{label}</span>
        <span className="hint block">{hint}</span>
      </span>
      <button
        type="button"
        role="switch"
        className="switch mt-0.5"
        aria-checked={checked}
        aria-disabled={fixed}
        aria-labelledby={id}
        onClick={() => !fixed && onChange(!checked)}
      />
    </div>
  )
}
