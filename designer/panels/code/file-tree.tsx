import { Braces, Database, FileCode2, FileText } from 'lucide-react'
import type { EmittedFile } from '@/designer/stores/compilation'

interface Props {
  readonly files: readonly EmittedFile[]
  readonly chosen: string
  readonly onChoose: (path: string) => void
}

export function FileTree({ files, chosen, onChoose }: Props) {
  return (
    <nav
      aria-label="Generated files"
      className="w-[220px] flex-none overflow-auto border-line border-r bg-surface-1 py-1"
    >
      {files.map(({ path }) => {
        const slash = path.lastIndexOf('/') + 1
        const Icon = iconOf(path)
        return (
          <button
            key={path}
            type="button"
            className="row h-6! px-3"
            aria-current={path === chosen}
            title={path}
            onClick={() => onChoose(path)}
          >
            <Icon aria-hidden />
            <span className="name row-text">
              <span className="text-ink-muted">{path.slice(0, slash)}</span>
              {path.slice(slash)}
            </span>
          </button>
        )
      })}
    </nav>
  )
}

export function iconOf(path: string) {
  if (path.endsWith('.sql')) return Database
  if (path.endsWith('.json')) return Braces
  if (path.endsWith('.md')) return FileText
  return FileCode2
}
