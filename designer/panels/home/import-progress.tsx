import { Check } from 'lucide-react'
import type { ImportSource } from './import-source-form'
import { importSteps, stageInWords } from './import-steps'
import type { ImportStage } from './run-import'
import { SourceName, type SourceWords } from './source-name'

interface Props {
  readonly stage: ImportStage | null
  readonly what: SourceWords
  readonly source: Pick<ImportSource, 'kind' | 'keepData'>
  readonly onCancel: () => void
}

export function ImportProgress({ stage, what, source, onCancel }: Props) {
  const steps = importSteps(source)
  const current = stage ? steps.findIndex(({ phase }) => phase === stage.phase) : -1
  const share = stage?.total ? Math.min(1, stage.done / stage.total) : null
  return (
    <div className="grid gap-4" aria-busy="true">
      <p className="text-ink-muted">
        Importing <SourceName what={what} />
      </p>
      <ol className="grid gap-1">
        {steps.map(({ phase, label }, index) => (
          <li
            key={phase}
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
            {index === current && stage && <span className="row-note ml-auto">{stageInWords(stage)}</span>}
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
