import clsx from 'clsx'
import { useEffect, useRef, useState } from 'react'

export interface EditableTextProps {
  readonly label: string
  readonly value: string
  /** Answers whether the text was taken; if not, the old one comes back. */
  readonly onCommit: (text: string) => boolean
  readonly className?: string
  /** Marks the field that F2 goes to. */
  readonly renameTarget?: boolean
}

/** Text that looks like a title and is edited in place: Enter or leaving takes it, Escape gives it up. */
export function EditableText({ label, value, onCommit, className, renameTarget }: EditableTextProps) {
  const [text, setText] = useState(value)
  const givenUp = useRef(false)
  useEffect(() => setText(value), [value])

  return (
    <input
      aria-label={label}
      className={clsx('input input-quiet [field-sizing:content] text-ellipsis', className)}
      value={text}
      spellCheck={false}
      data-rename={renameTarget ? '' : undefined}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') {
          givenUp.current = true
          event.currentTarget.blur()
        }
      }}
      onBlur={() => {
        const taken = !givenUp.current && text !== value && onCommit(text)
        givenUp.current = false
        if (!taken) setText(value)
      }}
    />
  )
}
