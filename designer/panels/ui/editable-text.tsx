import clsx from 'clsx'
import { useRef, useState } from 'react'

export interface EditableTextProps {
  readonly label: string
  readonly value: string
  /** Where it does not change the value, the old text comes back. */
  readonly onCommit: (text: string) => void
  readonly className?: string
  /** Marks the field that F2 goes to. */
  readonly renameTarget?: boolean
}

/** Text that looks like a title and is edited in place: Enter or leaving takes it, Escape gives it up. */
export function EditableText({ label, value, onCommit, className, renameTarget }: EditableTextProps) {
  // What is being typed, and the value that it started from. A value from outside does not touch it.
  const [draft, setDraft] = useState<{ readonly text: string; readonly from: string } | null>(null)
  const givenUp = useRef(false)

  return (
    <input
      aria-label={label}
      className={clsx('input input-quiet [field-sizing:content] text-ellipsis', className)}
      value={draft?.text ?? value}
      spellCheck={false}
      data-rename={renameTarget ? '' : undefined}
      onChange={(event) => setDraft({ text: event.target.value, from: draft?.from ?? value })}
      onFocus={(event) => event.target.select()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') {
          givenUp.current = true
          event.currentTarget.blur()
        }
      }}
      onBlur={() => {
        // What was typed back to where it started is no edit, even if the value has changed meanwhile.
        if (draft && !givenUp.current && draft.text !== draft.from && draft.text !== value) onCommit(draft.text)
        givenUp.current = false
        setDraft(null)
      }}
    />
  )
}
