/**
 * The parts of Monaco that reading code needs: the editor, finding and folding, and the colours of the
 * languages that bundles are written in. Its workers are served with the app; nothing comes from elsewhere. What
 * editing the project's text needs beyond that is in `document/monaco-json.ts`.
 */
import { editor } from 'monaco-editor/editor'
// Services are made once, with the first editor that is shown. Those that editing the project's text needs have to be
// known by then, or its completion is dead wherever code was looked at first.
import 'monaco-editor/editor/contrib/editorState/browser/keybindingCancellation'
import 'monaco-editor/editor/contrib/gotoError/browser/markerNavigationService'
import 'monaco-editor/editor/contrib/suggest/browser/suggestMemory'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/languages/definitions/javascript/register'
import 'monaco-editor/languages/definitions/markdown/register'
import 'monaco-editor/languages/definitions/pgsql/register'
import 'monaco-editor/languages/definitions/typescript/register'

export { editor }

/** Tells Monaco where its workers are and what our themes are; doing so again changes nothing. */
export function prepareMonaco(): void {
  self.MonacoEnvironment = {
    getWorker: (_id, label) =>
      label === 'json'
        ? new Worker(new URL('monaco-editor/languages/features/json/json.worker', import.meta.url), { type: 'module' })
        : new Worker(new URL('monaco-editor/editor/editor.worker', import.meta.url), { type: 'module' }),
  }
  for (const shown of ['light', 'dark'] as const) {
    editor.defineTheme(themeName(shown), {
      base: shown === 'dark' ? 'vs-dark' : 'vs',
      inherit: true,
      rules: RULES[shown],
      colors: COLOURS[shown],
    })
  }
}

export const themeName = (shown: 'light' | 'dark'): string => `syncline-${shown}`

export function languageOf(path: string): string {
  if (path.endsWith('.sql')) return 'pgsql'
  if (path.endsWith('.md')) return 'markdown'
  // JSON's colours are those of a JavaScript literal; its own language would need a worker more.
  return path.endsWith('.ts') ? 'typescript' : 'javascript'
}

/** Monaco takes no CSS variables: these are the tokens, written out. */
const COLOURS = {
  light: {
    'editor.background': '#ffffff',
    'editor.foreground': '#1d2427',
    'editorLineNumber.foreground': '#667075',
    'editorLineNumber.activeForeground': '#1d2427',
    'editor.selectionBackground': '#cfeeee',
  },
  dark: {
    'editor.background': '#0e1315',
    'editor.foreground': '#e6eaec',
    'editorLineNumber.foreground': '#7f8b91',
    'editorLineNumber.activeForeground': '#e6eaec',
    'editor.selectionBackground': '#1d4546',
  },
} as const

const RULES = {
  light: [
    { token: 'comment', foreground: '5c676c' },
    { token: 'keyword', foreground: '7a3fb0' },
    { token: 'string', foreground: '0b6b3a' },
    { token: 'string.key.json', foreground: '00677a' },
    { token: 'string.value.json', foreground: '0b6b3a' },
    { token: 'keyword.json', foreground: '7a3fb0' },
    { token: 'number', foreground: '8a5200' },
    { token: 'type', foreground: '00677a' },
  ],
  dark: [
    { token: 'comment', foreground: '8d999f' },
    { token: 'keyword', foreground: 'c7a0f0' },
    { token: 'string', foreground: '86d9a6' },
    { token: 'string.key.json', foreground: '73cfe0' },
    { token: 'string.value.json', foreground: '86d9a6' },
    { token: 'keyword.json', foreground: 'c7a0f0' },
    { token: 'number', foreground: 'e6b566' },
    { token: 'type', foreground: '73cfe0' },
  ],
}
