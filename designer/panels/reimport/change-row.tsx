import { CircleAlert, CornerDownRight, type LucideIcon, Minus, PencilLine, Plus, TextCursorInput } from 'lucide-react'
import type { Meaning } from '@/designer/model/schema-diff/meaning'
import type { NewName } from '@/designer/model/schema-diff/new-names'
import type { ChangeSort, ChangeWords } from './change-words'

const SIGNS: Record<ChangeSort, { readonly Icon: LucideIcon; readonly className: string }> = {
  added: { Icon: Plus, className: 'text-ok' },
  removed: { Icon: Minus, className: 'text-error' },
  renamed: { Icon: TextCursorInput, className: 'text-waiting' },
  changed: { Icon: PencilLine, className: 'text-conflict' },
}

interface Props {
  readonly words: ChangeWords
  readonly table: string
  readonly meanings: readonly Meaning[]
  readonly taken: boolean
  readonly onTaken: (taken: boolean) => void
  /** What a column that is gone may be called now. */
  readonly newNames: readonly NewName[]
  readonly onJoin: (name: NewName) => void
}

export function ChangeRow({ words, table, meanings, taken, onTaken, newNames, onJoin }: Props) {
  const { Icon, className } = SIGNS[words.sort]
  return (
    <li className="grid gap-1 px-3 py-1">
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="checkbox mt-[2px]"
          checked={taken}
          onChange={({ target }) => onTaken(target.checked)}
          aria-label={`Take: ${table} ${words.name ?? ''} ${words.text}`.replaceAll(/\s+/g, ' ')}
        />
        <Icon size={14} className={`mt-[3px] flex-none ${className}`} aria-label={words.sort} />
        <span className={taken ? 'min-w-0' : 'min-w-0 text-ink-muted line-through'}>
          {words.name && <span className="name">{words.name} </span>}
          <span className={words.name ? 'text-ink-muted' : ''}>{words.text}</span>
        </span>
      </label>
      {newNames.length > 0 && (
        <label className="flex flex-wrap items-center gap-2 pl-[46px] text-ink-muted text-sm">
          Was it renamed?
          <select
            className="select name"
            aria-label={`New name of ${table} ${words.name ?? ''}`.trim()}
            value=""
            onChange={({ target }) => {
              const chosen = newNames.find(({ name }) => name === target.value)
              if (chosen !== undefined) onJoin(chosen)
            }}
          >
            <option value="">no, it is gone</option>
            {newNames.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {taken && meanings.length > 0 && (
        <ul className="grid gap-1 pb-1 pl-[46px]">
          {meanings.map(({ weight, localEntity, text }) => (
            <li key={`${localEntity} ${text}`} className="flex items-start gap-2 text-sm text-ink-muted">
              {weight === 'breaks' ? (
                <CircleAlert size={13} className="mt-[3px] flex-none text-error" aria-label="breaks" />
              ) : (
                <CornerDownRight size={13} className="mt-[3px] flex-none" aria-hidden />
              )}
              <span className={weight === 'breaks' ? 'text-ink' : ''}>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
