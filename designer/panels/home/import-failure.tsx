import { CircleAlert } from 'lucide-react'
import type { ImportFailed } from './run-import'
import { SourceName, type SourceWords } from './source-name'

interface Props {
  readonly failure: ImportFailed
  readonly what: SourceWords
  readonly onBack: () => void
}

export function ImportFailure({ failure, what, onBack }: Props) {
  const place = failure.line && `line ${failure.line}${failure.column ? `, column ${failure.column}` : ''}`
  return (
    <div className="grid gap-4" role="alert">
      <div className="callout callout-error">
        <CircleAlert aria-hidden />
        <div className="grid min-w-0 gap-1">
          <p className="font-medium">
            <SourceName what={what} starts /> was not imported
            {place && <span className="font-normal text-ink-muted"> · {place}</span>}
          </p>
          <p className="whitespace-pre-line">{failure.message}</p>
        </div>
      </div>
      {failure.excerpt && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled sideways with the keyboard.
        <pre tabIndex={0} className="overflow-auto rounded-md border border-line bg-surface-1 p-3">
          {failure.excerpt}
        </pre>
      )}
      <div className="-mx-4 -mb-3 dialog-foot">
        <button type="button" className="btn btn-primary" onClick={onBack}>
          Choose another source
        </button>
      </div>
    </div>
  )
}
