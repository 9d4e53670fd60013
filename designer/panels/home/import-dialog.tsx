import { useCallback, useEffect, useRef, useState } from 'react'
import { Dialog } from '../ui/dialog'
import { ImportFailure } from './import-failure'
import { ImportProgress } from './import-progress'
import { ImportReport } from './import-report'
import { type ImportSource, ImportSourceForm } from './import-source-form'
import { type ImportOutcome, type ImportStage, runImport } from './run-import'
import { describeSource, type SourceWords } from './source-name'

type State =
  | { readonly kind: 'choosing' }
  | {
      readonly kind: 'running'
      readonly stage: ImportStage | null
      readonly what: SourceWords
      readonly source: ImportSource
    }
  | { readonly kind: 'ended'; readonly outcome: ImportOutcome; readonly what: SourceWords }

export interface ImportDialogProps {
  /** A file dropped on the page: its import starts at once. */
  readonly initialFile: File | null
  readonly onClose: () => void
  /** The address of the new project. */
  readonly onOpen: (address: string) => void
}

/** From a source to a project: choose, watch it run, read what was found and what was skipped, go on. */
export function ImportDialog({ initialFile, onClose, onOpen }: ImportDialogProps) {
  const [state, setState] = useState<State>({ kind: 'choosing' })
  const running = useRef<AbortController | null>(null)

  const start = useCallback(async (source: ImportSource) => {
    const controller = new AbortController()
    running.current = controller
    const what = describeSource(source)
    setState({ kind: 'running', stage: null, what, source })
    const outcome = await runImport(source, {
      signal: controller.signal,
      onStage: (stage) => !controller.signal.aborted && setState({ kind: 'running', stage, what, source }),
    })
    if (!controller.signal.aborted) setState({ kind: 'ended', outcome, what })
  }, [])

  useEffect(() => {
    if (initialFile) void start({ kind: 'file', file: initialFile, keepData: true })
    return () => running.current?.abort()
  }, [initialFile, start])

  const cancel = () => {
    running.current?.abort()
    setState({ kind: 'choosing' })
  }

  const isImported = state.kind === 'ended' && state.outcome.kind === 'imported'
  return (
    <Dialog open onClose={onClose} title={titleOf(state)} className="w-[min(640px,calc(100vw-32px))]">
      {!isImported && <ImportSourceForm onStart={start} hidden={state.kind !== 'choosing'} />}
      {state.kind === 'running' && (
        <ImportProgress stage={state.stage} what={state.what} source={state.source} onCancel={cancel} />
      )}
      {state.kind === 'ended' && state.outcome.kind === 'imported' && (
        <ImportReport report={state.outcome} what={state.what} onOpen={onOpen} />
      )}
      {state.kind === 'ended' && state.outcome.kind === 'failed' && (
        <ImportFailure failure={state.outcome} what={state.what} onBack={cancel} />
      )}
    </Dialog>
  )
}

function titleOf(state: State): string {
  if (state.kind === 'choosing') return 'Import a database'
  if (state.kind === 'running') return 'Importing'
  return state.outcome.kind === 'imported' ? 'Imported' : 'Not imported'
}
