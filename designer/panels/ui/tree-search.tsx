import { Search } from 'lucide-react'

interface Props {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Goes on into the tree below. */
  readonly enter: () => void
}

/** The search field above a tree. */
export function TreeSearch({ label, placeholder, value, onChange, enter }: Props) {
  return (
    <>
      <Search size={14} className="pointer-events-none absolute top-[15px] left-4 text-ink-muted" aria-hidden />
      <input
        type="search"
        data-search=""
        className="input pl-7"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            enter()
          } else if (event.key === 'Escape') onChange('')
        }}
      />
    </>
  )
}
