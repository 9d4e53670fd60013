import { Check } from 'lucide-react'
import { formatBytes, formatCount } from '../ui/format'
import type { ImportStage } from './run-import'

const PHASES: readonly { readonly id: ImportStage['phase']; readonly label: string }[] = [
  { id: 'reading', label: 'Read the source' },
  { id: 'running', label: 'Run it in a scratch database' },
  { id: 'catalogue', label: 'Read tables, keys and relations' },
  { id: 'packing', label: 'Keep the rows as start data' },
]

interface Props {
  readonly stage: ImportStage | null
  readonly what: string
  readonly onCancel: () => void
}

export function ImportProgress({ stage, what, onCancel }: Props) {
  const current = stage ? PHASES.findIndex(({ id }) => id === stage.phase) : -1
  const share = stage?.total ? Math.min(1, stage.done / stage.total) : null
  return (
    <div className="grid gap-4" aria-busy="true">
      <p className="text-ink-muted">
        Importing <span className="name text-ink">{what}</span>
      </p>
      <ol className="grid gap-1">
        {PHASES.map(({ id, label }, index) => (
          <li
            key={id}
            className={`row px-0 ${index === current ? 'font-medium' : 'text-ink-muted'}`}
            aria-current={index === current ? 'step' : undefined}
          >
            <span className="grid size-4 place-items-center">
              {index < current ? (
                <Check size={14} className="text-ok" aria-label="done" />
              ) : (
                <Dot active={index === current} />
              )}
            </span>
            {label}
            {index === current && stage && <span className="row-note ml-auto">{describe(stage)}</span>}
          </li>
        ))}
      </ol>
      <div
        className="progress"
        role="progressbar"
        aria-label="Import"
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        data-indeterminate={share === null ? '' : undefined}
      >
        <span style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      <div className="-mx-4 -mb-3 dialog-foot">
        <button type="button" className="btn" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </div>
  )
}

function Dot({ active }: { readonly active: boolean }) {
  return <span className={`dot ${active ? 'text-accent' : 'text-line-strong'}`} />
}

function describe({ phase, done, total }: ImportStage): string {
  const show = phase === 'catalogue' ? formatCount : formatBytes
  if (total !== null) return `${show(done)} of ${show(total)}`
  return done > 0 ? show(done) : ''
}
