import { FileDown } from 'lucide-react'
import { type DragEvent, type ReactNode, useState } from 'react'

/** Takes a file that is dropped anywhere on it, and says so while one hovers. */
export function DropTarget({
  children,
  onFile,
}: {
  readonly children: ReactNode
  readonly onFile: (file: File) => void
}) {
  const [hovering, setHovering] = useState(false)
  const takesFile = (event: DragEvent) => event.dataTransfer.types.includes('Files')

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; every file can be chosen by a button too.
    <div
      className="relative h-full overflow-auto"
      onDragOver={(event) => {
        if (!takesFile(event)) return
        event.preventDefault()
        setHovering(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setHovering(false)
      }}
      onDrop={(event) => {
        setHovering(false)
        const file = event.dataTransfer.files[0]
        if (!file) return
        event.preventDefault()
        onFile(file)
      }}
    >
      {children}
      {hovering && (
        <div className="pointer-events-none fixed inset-3 z-30 grid place-items-center rounded-lg border-2 border-accent border-dashed bg-accent-soft/90">
          <p className="flex items-center gap-3 font-semibold text-accent-ink text-lg">
            <FileDown aria-hidden /> Drop a .sql dump or a .syncline.json project
          </p>
        </div>
      )}
    </div>
  )
}
