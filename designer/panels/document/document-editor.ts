/**
 * The editor of the project's text, and what keeps both in step.
 *
 *   typed ─► debounce ─► readText ─┬─ readable ───► replaceDocument (one operation, undone as one)
 *                                  └─ unreadable ─► stays here with its reason; the project is not touched
 *   project changed elsewhere ─► text agreed before: the text follows, as the smallest edit
 *                             └► it did not: both are joined as soon as the text can be read
 *
 * Invariants
 * - `base` is the project with which the text last agreed.
 * - The project never becomes what the schema does not take, and no edit from elsewhere is written over.
 */
import { serializeProject } from '@/designer/model/file'
import { replaceDocument } from '@/designer/model/operations/document'
import type { Project } from '@/designer/model/project'
import type { Session } from '@/designer/stores/session'
import { editor } from '../code/monaco'
import { keyPlaces, pathAt } from './json-places'
import { DOCUMENT_URI } from './monaco-json'
import { readText } from './read-text'
import { pathOfSelection, pathOfTarget, selectionAt } from './target-path'
import { textChange } from './text-change'

export type DocumentState =
  | { readonly kind: 'in-step'; readonly elsewhere: false }
  | { readonly kind: 'typing'; readonly elsewhere: boolean }
  /** `elsewhere`: the project changed since the text last agreed with it. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly elsewhere: boolean }

export interface DocumentEditor {
  /** Goes to where the text can't be read. */
  readonly showMistake: () => void
  /** Gives up what was typed and can't be read. */
  readonly discard: () => void
  readonly dispose: () => void
}

/** Long enough to type a word, short enough to see at once what it does. */
const READ_AFTER_MS = 400
/** A project of ten megabytes takes its time to be read: then it is read less often, so that typing stays quick. */
const PAUSE_PER_WORK = 3
/** Edits elsewhere come in bursts, such as a card that is dragged. */
const FOLLOW_AFTER_MS = 120
/** Longer than between two presses of an arrow key that is held. */
const SELECT_AFTER_MS = 240
/** A pause after which what is typed is a step of its own to undo. */
const STEP_AFTER_MS = 3000
const MARKER_OWNER = 'syncline'

export function createDocumentEditor(
  container: HTMLElement,
  session: Session,
  onState: (state: DocumentState) => void,
): DocumentEditor {
  const currentProject = () => session.project.getState().history.project
  let base: Project = currentProject()
  let mistake: number | null = null
  let state: DocumentState = { kind: 'in-step', elsewhere: false }
  let step = 0
  let lastApplied = 0
  let readAfterMs = READ_AFTER_MS
  // Changes that we make ourselves are not typed.
  let isFollowing = false
  let isSelecting = false
  const timers = createTimers()

  const model = editor.createModel(serializeProject(base), 'json', DOCUMENT_URI)
  const view = editor.create(container, { ...OPTIONS, model })

  const setState = (next: DocumentState) => {
    state = next
    onState(next)
  }

  // ── From the text to the project ──────────────────────────────────────────────────────────────

  const read = () => {
    timers.clear('read')
    const startedAt = performance.now()
    apply()
    readAfterMs = Math.max(READ_AFTER_MS, PAUSE_PER_WORK * (performance.now() - startedAt))
  }

  const apply = () => {
    const answer = readText(model.getValue(), base, currentProject())
    if (answer.kind === 'unreadable') {
      mistake = answer.offset
      setState({ kind: 'unreadable', reason: answer.reason, elsewhere: currentProject() !== base })
      return
    }
    if (Date.now() - lastApplied > STEP_AFTER_MS) step += 1
    lastApplied = Date.now()
    const result = session.project.apply('Edit the project file', (draft) => replaceDocument(draft, answer.project), {
      coalesce: `document ${step}`,
    })
    if (result.kind === 'refused') {
      setState({ kind: 'unreadable', reason: result.reason, elsewhere: false })
      return
    }
    base = currentProject()
    setState({ kind: 'in-step', elsewhere: false })
    if (!answer.isWhole) show(serializeProject(base))
    markProblems()
  }

  // ── From the project to the text ──────────────────────────────────────────────────────────────

  const show = (text: string) => {
    const change = textChange(model.getValue(), text)
    if (change === null) return
    isFollowing = true
    const start = model.getPositionAt(change.start)
    const end = model.getPositionAt(change.end)
    const range = {
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    }
    model.pushStackElement()
    // The caret stays where it is, which Monaco takes care of for what is not replaced.
    model.pushEditOperations(view.getSelections(), [{ range, text: change.text }], () => null)
    model.pushStackElement()
    isFollowing = false
  }

  const follow = () => {
    const project = currentProject()
    if (project === base) return
    if (state.kind !== 'in-step') {
      setState({ ...state, elsewhere: true })
      return
    }
    base = project
    show(serializeProject(project))
    markProblems()
  }

  const markProblems = () => {
    if (model.isDisposed()) return
    const text = model.getValue()
    const { diagnostics } = session.compilation.getState()
    const paths = diagnostics.map(({ target }) => pathOfTarget(target))
    const places = keyPlaces(text, paths)
    const markers = diagnostics.flatMap((diagnostic, index): editor.IMarkerData[] => {
      const place = places.get(paths[index]?.join('.') ?? '')
      if (place === undefined) return []
      const start = model.getPositionAt(place.start)
      const end = model.getPositionAt(place.end)
      return [
        {
          severity: SEVERITIES[diagnostic.severity],
          message: diagnostic.message,
          code: diagnostic.code,
          source: 'Syncline',
          startLineNumber: start.lineNumber,
          startColumn: start.column,
          endLineNumber: end.lineNumber,
          endColumn: end.column,
        },
      ]
    })
    editor.setModelMarkers(model, MARKER_OWNER, markers)
  }

  // ── The caret and the selection ───────────────────────────────────────────────────────────────

  const reveal = () => {
    const path = pathOfSelection(session.selection.getState().selection)
    const place = path === null ? undefined : keyPlaces(model.getValue(), [path]).get(path.join('.'))
    if (place === undefined) return
    const position = model.getPositionAt(place.start)
    isSelecting = true
    view.setPosition(position)
    view.revealPositionNearTop(position)
    isSelecting = false
  }

  const selectAtCaret = () => {
    const position = view.getPosition()
    if (position === null) return
    // What is being typed is read first, so that there is a record to select.
    if (state.kind === 'typing') timers.set('select', readAfterMs, selectAtCaret)
    if (state.kind !== 'in-step') return
    const selection = selectionAt(pathAt(model.getValue(), model.getOffsetAt(position)), currentProject())
    if (selection === null) return
    isSelecting = true
    session.selection.select(selection)
    isSelecting = false
  }

  const subscriptions = [
    model.onDidChangeContent(() => {
      if (isFollowing) return
      setState({ kind: 'typing', elsewhere: state.elsewhere })
      timers.set('read', readAfterMs, read)
    }),
    view.onDidBlurEditorText(() => {
      if (state.kind === 'typing') read()
      // In the order in which it is saved, so that the text is the file.
      if (state.kind === 'in-step') show(serializeProject(base))
      step += 1
    }),
    view.onDidChangeCursorPosition(() => {
      // By mouse, by key or by finding; not where the text or the selection moved it.
      if (isSelecting || isFollowing || !view.hasWidgetFocus()) return
      timers.set('select', SELECT_AFTER_MS, selectAtCaret)
    }),
  ]
  const unsubscribes = [
    session.project.subscribe((now, before) => {
      if (now.history.project !== before.history.project) timers.set('follow', FOLLOW_AFTER_MS, follow)
    }),
    session.compilation.subscribe((now, before) => {
      if (now.diagnostics !== before.diagnostics && state.kind === 'in-step') markProblems()
    }),
    session.selection.subscribe(() => {
      if (!isSelecting && state.kind === 'in-step') reveal()
    }),
  ]
  markProblems()
  reveal()
  onState(state)

  return {
    showMistake: () => {
      const marker = editor
        .getModelMarkers({ resource: DOCUMENT_URI })
        .filter(({ owner }) => owner !== MARKER_OWNER)
        .sort((a, b) => a.startLineNumber - b.startLineNumber)[0]
      const position =
        mistake !== null
          ? model.getPositionAt(mistake)
          : { lineNumber: marker?.startLineNumber ?? 1, column: marker?.startColumn ?? 1 }
      view.setPosition(position)
      view.revealPositionInCenter(position)
      view.focus()
    },
    discard: () => {
      timers.clear('read')
      base = currentProject()
      setState({ kind: 'in-step', elsewhere: false })
      show(serializeProject(base))
      markProblems()
    },
    dispose: () => {
      // What was typed last and can be read is not lost by looking at another tab.
      if (state.kind === 'typing') read()
      timers.clearAll()
      for (const unsubscribe of unsubscribes) unsubscribe()
      for (const subscription of subscriptions) subscription.dispose()
      view.dispose()
      model.dispose()
    },
  }
}

function createTimers() {
  const running = new Map<string, ReturnType<typeof setTimeout>>()
  const clear = (name: string) => {
    clearTimeout(running.get(name))
    running.delete(name)
  }
  return {
    set: (name: string, delayMs: number, run: () => void) => {
      clear(name)
      running.set(name, setTimeout(run, delayMs))
    },
    clear,
    clearAll: () => {
      for (const name of [...running.keys()]) clear(name)
    },
  }
}

/** Monaco's numbers, which its API gives only with the whole editor. */
const SEVERITIES = { error: 8, warning: 4, info: 2 } as const

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: 'The project as JSON',
  automaticLayout: true,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontLigatures: false,
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 5,
  minimap: { enabled: false },
  padding: { top: 8, bottom: 8 },
  scrollBeyondLastLine: false,
  tabSize: 2,
  // A quotation mark that is typed over a value replaces it, and what is offered is taken by Enter alone.
  autoSurround: 'never',
  acceptSuggestionOnCommitCharacter: false,
  // Tab leaves the editor, so that the keyboard is never caught in it.
  tabFocusMode: true,
  fixedOverflowWidgets: true,
  contextmenu: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
}
