import { ArrowRight, CircleCheck, TriangleAlert } from 'lucide-react'
import { choosingTables, dataModeOf } from '@/designer/stores/address'
import { counted } from '../ui/format'
import type { ImportOutcome, Skipped } from './run-import'
import { SourceName, type SourceWords } from './source-name'

interface Props {
  readonly report: Extract<ImportOutcome, { kind: 'imported' }>
  readonly what: SourceWords
  readonly onOpen: (address: string) => void
}

/** What came in and, one by one, what did not and why: nothing is left out silently. */
export function ImportReport({ report, what, onOpen }: Props) {
  const missing = report.skipped.filter(({ kind }) => kind === 'definition' || kind === 'data')
  const harmless = report.skipped.filter(({ kind }) => kind !== 'definition' && kind !== 'data')
  return (
    <div className="grid gap-4">
      <div className="callout callout-ok" role="status">
        <CircleCheck aria-hidden />
        <p>
          <SourceName what={what} starts /> is imported: {counted(report.tables, 'table')},{' '}
          {report.views > 0 && `${counted(report.views, 'view')}, `}
          {counted(report.rows, 'row')}
          {report.rows > 0 && (report.keptData ? ', kept for the preview' : ', counted but not kept')}.
        </p>
      </div>
      {report.tablesWithoutKey.length > 0 && (
        <div className="callout callout-warning">
          <TriangleAlert aria-hidden />
          <p>
            Without a primary key, and so not able to sync:{' '}
            <span className="name">{report.tablesWithoutKey.join(', ')}</span>
          </p>
        </div>
      )}
      {missing.length > 0 && <SkippedList title="Left out, and missing from the project" skipped={missing} open />}
      {harmless.length > 0 && (
        <SkippedList
          title="Skipped, because a design does not need it"
          skipped={harmless}
          open={missing.length === 0 && harmless.length <= 6}
        />
      )}
      {report.skipped.length === 0 && <p className="text-ink-muted">Nothing was skipped.</p>}
      <div className="-mx-4 -mb-3 dialog-foot">
        <button type="button" className="btn" onClick={() => onOpen(dataModeOf(report.id))}>
          Open the project
        </button>
        {/* biome-ignore lint/a11y/noAutofocus: the one thing to do after the report is read. */}
        <button type="button" className="btn btn-primary" autoFocus onClick={() => onOpen(choosingTables(report.id))}>
          Choose tables <ArrowRight aria-hidden />
        </button>
      </div>
    </div>
  )
}

function SkippedList({ title, skipped, open }: { title: string; skipped: readonly Skipped[]; open: boolean }) {
  return (
    <details open={open} className="min-w-0">
      <summary className="cursor-default font-medium">
        {title} <span className="badge">{skipped.length}</span>
      </summary>
      <ul className="mt-2 max-h-64 divide-y divide-line overflow-auto rounded-md border border-line">
        {skipped.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes, and one statement can occur twice.
          <li key={index} className="grid gap-1 px-3 py-2">
            <span className="flex items-baseline gap-2">
              <code className="row-text">{item.statement}</code>
              {item.line !== null && <span className="row-note">line {item.line}</span>}
            </span>
            <span className="hint">
              {item.reason}
              {item.instead && ` ${item.instead}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
