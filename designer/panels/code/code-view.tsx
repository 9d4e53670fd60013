'use client'
import { useEffect, useRef } from 'react'
import { useTheme } from '../ui/theme'
import { editor, languageOf, prepareMonaco, themeName } from './monaco'

export interface CodeViewProps {
  readonly path: string
  readonly text: string
  /** The line to bring into view and mark. */
  readonly line: number | null
}

/** One read-only file in Monaco. The scroll position stays where only the text changes. */
export function CodeView({ path, text, line }: CodeViewProps) {
  const container = useRef<HTMLDivElement>(null)
  const view = useRef<editor.IStandaloneCodeEditor | null>(null)
  const { shown } = useTheme()

  useEffect(() => {
    if (!container.current) return
    prepareMonaco()
    const created = editor.create(container.current, OPTIONS)
    view.current = created
    return () => {
      created.getModel()?.dispose()
      created.dispose()
    }
  }, [])

  useEffect(() => editor.setTheme(themeName(shown)), [shown])

  useEffect(() => {
    const before = view.current?.getModel()
    view.current?.setModel(editor.createModel('', languageOf(path)))
    before?.dispose()
    view.current?.updateOptions({ ariaLabel: `${path}, read-only` })
  }, [path])

  useEffect(() => {
    const current = view.current
    const model = current?.getModel()
    if (!current || !model) return
    if (model.getLanguageId() !== languageOf(path)) editor.setModelLanguage(model, languageOf(path))
    if (model.getValue() !== text) {
      const scroll = current.saveViewState()
      model.setValue(text)
      current.restoreViewState(scroll)
    }
    if (line === null) return
    current.revealLineNearTop(line)
    const marks = current.createDecorationsCollection([
      {
        range: { startLineNumber: line, startColumn: 1, endLineNumber: line, endColumn: 1 },
        options: { isWholeLine: true, className: 'code-marked-line' },
      },
    ])
    return () => marks.clear()
  }, [path, text, line])

  return <div ref={container} className="h-full" data-code-path={path} />
}

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  readOnly: true,
  domReadOnly: true,
  automaticLayout: true,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontLigatures: false,
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 4,
  minimap: { enabled: false },
  padding: { top: 8, bottom: 8 },
  scrollBeyondLastLine: false,
  renderLineHighlight: 'none',
  overviewRulerLanes: 0,
  contextmenu: false,
  folding: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
}
