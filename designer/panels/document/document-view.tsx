'use client'
import { CircleAlert, CircleCheck, CornerDownRight, Pencil } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '@/designer/stores/session'
import { editor, prepareMonaco, themeName } from '../code/monaco'
import { useTheme } from '../ui/theme'
import { createDocumentEditor, type DocumentEditor, type DocumentState } from './document-editor'
import { DOCUMENT_URI, prepareJson } from './monaco-json'

/** The project's text in an editor, with what has become of what was typed. */
export function DocumentView() {
  const session = useSession()
  const container = useRef<HTMLDivElement>(null)
  const document = useRef<DocumentEditor | null>(null)
  const [state, setState] = useState<DocumentState>({ kind: 'in-step', elsewhere: false })
  const { shown } = useTheme()

  useEffect(() => {
    if (!container.current) return
    prepareMonaco()
    prepareJson()
    editor.getModel(DOCUMENT_URI)?.dispose()
    const created = createDocumentEditor(container.current, session, setState)
    document.current = created
    return () => created.dispose()
  }, [session])

  useEffect(() => editor.setTheme(themeName(shown)), [shown])

  return (
    <div className="flex h-full min-h-0 flex-col">
      <DocumentStatus
        state={state}
        onShow={() => document.current?.showMistake()}
        onDiscard={() => document.current?.discard()}
      />
      <div ref={container} className="min-h-0 flex-1" data-document-editor />
    </div>
  )
}

interface StatusProps {
  readonly state: DocumentState
  readonly onShow: () => void
  readonly onDiscard: () => void
}

function DocumentStatus({ state, onShow, onDiscard }: StatusProps) {
  return (
    <div className="flex min-h-8 flex-none items-center gap-2 border-line border-b px-3 py-1 text-xs" role="status">
      {state.kind === 'in-step' && (
        <>
          <CircleCheck size={14} className="flex-none text-ok" aria-hidden />
          <span data-document-state="in-step">The text and the project are the same.</span>
          <span className="ml-auto text-ink-muted max-[1100px]:hidden">
            What you type is applied as soon as it can be read. Ctrl+Space completes.
          </span>
        </>
      )}
      {state.kind === 'typing' && (
        <>
          <Pencil size={14} className="flex-none text-waiting" aria-hidden />
          <span data-document-state="typing">Reading the text</span>
        </>
      )}
      {state.kind === 'unreadable' && (
        <>
          <CircleAlert size={14} className="flex-none text-error" aria-hidden />
          <span
            className="row-text max-h-8 overflow-auto whitespace-pre-line"
            data-document-state="unreadable"
            title={state.reason}
          >
            Not applied: {state.reason}
            {state.elsewhere && ' Meanwhile the project changed elsewhere; both are joined once this can be read.'}
          </span>
          <button type="button" className="btn btn-sm" onClick={onShow}>
            <CornerDownRight aria-hidden /> Show it
          </button>
          <button type="button" className="btn btn-sm" onClick={onDiscard}>
            Discard my text
          </button>
        </>
      )}
    </div>
  )
}
