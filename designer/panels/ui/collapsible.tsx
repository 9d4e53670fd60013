import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { usePanels, useSession } from '@/designer/stores/session'

interface Props {
  /** Known by it when another record is shown: what was folded stays folded. */
  readonly id: string
  readonly title: string
  /** Says what is inside while it is folded. */
  readonly summary?: ReactNode
  /** Beside the title, such as a button that adds. */
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** The content brings its own edges, such as rows that go from side to side. */
  readonly flush?: boolean
}

/** A section of the inspector that can be folded away. */
export function Collapsible({ id, title, summary, actions, children, flush = false }: Props) {
  const { panels } = useSession()
  const open = usePanels(({ folded }) => !folded.has(id))
  const body = useId()
  const toggle = () =>
    panels.setState(({ folded }) => {
      const next = new Set(folded)
      if (!next.delete(id)) next.add(id)
      return { folded: next }
    })
  return (
    <section className="border-line border-b">
      <div className="flex h-9 items-center gap-1 pr-2 pl-1">
        <h3 className="min-w-0 flex-1">
          <button
            type="button"
            className="collapsible-title"
            aria-expanded={open}
            aria-controls={body}
            onClick={toggle}
          >
            <ChevronRight aria-hidden />
            {title}
            {summary !== undefined && <span className="collapsible-summary">{summary}</span>}
          </button>
        </h3>
        {actions}
      </div>
      <div id={body} hidden={!open} className={clsx(flush ? 'pb-3' : 'grid gap-3 px-3 pb-3')}>
        {open && children}
      </div>
    </section>
  )
}
