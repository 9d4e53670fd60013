import { Database, FilePlus2, FolderOpen, type LucideIcon, Wrench } from 'lucide-react'
import { useRef } from 'react'
import { useHydrated } from '../ui/use-hydrated'
import type { OpenProject } from './use-open-project'

export function WaysIn({ open, onImport }: { readonly open: OpenProject; readonly onImport: () => void }) {
  const fileInput = useRef<HTMLInputElement>(null)
  return (
    <section aria-label="New project" className="grid gap-3">
      <div className="grid gap-3 md:grid-cols-3">
        <Way
          Icon={Database}
          title="Import a database"
          text="From a .sql dump or a PostgreSQL address. You can also drop a dump anywhere on this page."
          onClick={onImport}
          primary
        />
        <Way
          Icon={Wrench}
          title="Open the sample"
          text="Field service: work orders, visits and parts, with data to try out at once."
          onClick={open.sample}
          busy={open.busy === 'sample'}
        />
        <Way
          Icon={FilePlus2}
          title="Start empty"
          text="A blank project. Tables can be imported into it later."
          onClick={open.empty}
          busy={open.busy === 'empty'}
        />
      </div>
      <div className="flex items-center gap-2 text-ink-muted">
        <button type="button" className="btn btn-ghost -ml-2" onClick={() => fileInput.current?.click()}>
          <FolderOpen />
          {open.busy === 'file' ? 'Opening…' : 'Open a project file'}
        </button>
        <span className="name">*.syncline.json</span>
        <input
          ref={fileInput}
          type="file"
          accept=".json"
          className="hidden"
          aria-label="Project file"
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (file) open.file(file)
          }}
        />
      </div>
    </section>
  )
}

interface WayProps {
  readonly Icon: LucideIcon
  readonly title: string
  readonly text: string
  readonly onClick: () => void
  readonly busy?: boolean
  readonly primary?: boolean
}

function Way({ Icon, title, text, onClick, busy, primary }: WayProps) {
  const ready = useHydrated()
  return (
    <button
      type="button"
      className="card card-action grid content-start gap-3 p-4"
      onClick={onClick}
      disabled={busy || !ready}
    >
      <span
        className={`grid size-8 place-items-center rounded-md ${primary ? 'bg-accent text-on-accent' : 'bg-accent-soft text-accent-ink'}`}
      >
        <Icon size={17} aria-hidden />
      </span>
      <span className="grid gap-1">
        <span className="text-base font-semibold">{busy ? 'Opening…' : title}</span>
        <span className="text-ink-muted">{text}</span>
      </span>
    </button>
  )
}
