import { FileCode2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { useProject, useSelection, useSession } from '@/designer/stores/session'
import { codePlaceOf } from './code-place'
import { FileTree } from './file-tree'

/** Monaco is large: it comes when code is looked at, and not before. */
const CodeView = dynamic(() => import('./code-view').then((module) => module.CodeView), {
  ssr: false,
  loading: () => <CodeSkeleton />,
})

/** What the compiler makes of the project, read-only, at the place of what is selected. */
export function CodePanel() {
  const { compilation } = useSession()
  const files = useStore(compilation, (state) => state.files)
  const outdated = useStore(compilation, (state) => state.outdated)
  const hasErrors = useStore(compilation, (state) => state.diagnostics.some(({ severity }) => severity === 'error'))
  const selection = useSelection((s) => s)
  const project = useProject((p) => p)
  const [chosen, setChosen] = useState<string | null>(null)

  const place = useMemo(() => codePlaceOf(selection, project, files), [selection, project, files])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection shows its own place again.
  useEffect(() => setChosen(null), [selection])

  const path = files.find((file) => file.path === chosen)?.path ?? place?.path ?? files[0]?.path
  const file = files.find((candidate) => candidate.path === path)
  if (!file) {
    return (
      <div className="empty-state">
        <FileCode2 aria-hidden />
        <p>
          {hasErrors
            ? 'The project has errors: there is no code until they are solved.'
            : 'The code appears here as soon as there is something to sync.'}
        </p>
      </div>
    )
  }
  return (
    <div className="flex h-full min-h-0">
      <FileTree files={files} chosen={file.path} onChoose={setChosen} />
      <div className="flex min-w-0 flex-1 flex-col">
        {outdated && (
          <p className="flex-none bg-conflict-soft px-3 py-1 text-xs">
            {hasErrors
              ? 'As it was before the errors that the project has now.'
              : 'As it was when there was something to sync.'}
          </p>
        )}
        <div className="min-h-0 flex-1">
          <CodeView
            path={file.path}
            text={file.text}
            line={chosen === null && place?.path === file.path ? place.line : null}
          />
        </div>
      </div>
    </div>
  )
}

function CodeSkeleton() {
  return (
    <div className="grid gap-2 p-4" aria-hidden>
      {[42, 60, 30, 54, 38].map((width) => (
        <div key={width} className="skeleton h-3" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
