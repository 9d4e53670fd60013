import dynamic from 'next/dynamic'
import { useState } from 'react'
import { iconOf } from '../code/file-tree'
import { formatBytes } from '../ui/format'

const CodeView = dynamic(() => import('../code/code-view').then((module) => module.CodeView), { ssr: false })

interface Props {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly sourceMaps: { readonly count: number; readonly bytes: number }
}

/** A preview of more than this would make the page wait; the file itself is whole in the zip. */
const PREVIEW_CHARACTERS = 200_000

export function ExportFiles({ files, sourceMaps }: Props) {
  const [chosen, setChosen] = useState('README.md')
  const file = files.find(({ path }) => path === chosen) ?? files[0]
  const encoder = new TextEncoder()
  return (
    <div className="flex min-h-0 flex-1">
      <nav
        aria-label="Files of the bundle"
        className="w-[340px] flex-none overflow-auto border-line border-r bg-surface-1 py-1"
      >
        {files.map(({ path, text }) => {
          const Icon = iconOf(path)
          return (
            <button
              key={path}
              type="button"
              className="row px-4"
              aria-current={path === file?.path}
              onClick={() => setChosen(path)}
            >
              <Icon aria-hidden />
              <span className="name row-text">{path}</span>
              <span className="row-note">{formatBytes(encoder.encode(text).length)}</span>
            </button>
          )
        })}
        {sourceMaps.count > 0 && (
          <p className="hint px-4 py-1">
            and {sourceMaps.count} source maps of the device’s scripts ({formatBytes(sourceMaps.bytes)}), for debuggers
          </p>
        )}
      </nav>
      <div className="min-w-0 flex-1">
        {file && <CodeView path={file.path} text={file.text.slice(0, PREVIEW_CHARACTERS)} line={null} />}
      </div>
    </div>
  )
}
