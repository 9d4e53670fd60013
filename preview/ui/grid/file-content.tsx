'use client'
import { Popover } from '@base-ui/react/popover'
import { Download, FileSearch } from 'lucide-react'
import { useEffect, useState } from 'react'
import { bytes } from '../format'
import { kindOf } from './file-kind'
import styles from './grid.module.css'

export interface FileContentProps {
  /** The column's name, and what the content is called when it is downloaded. */
  readonly label: string
  /** As the app reads it: from the device, or from the server where it is not here. */
  readonly read: () => Promise<Uint8Array | null>
  readonly tabIndex: number
}

type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly content: Uint8Array; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string }

/** More text than this would make the page wait; the download is whole. */
const SHOWN_BYTES = 4000

/** Opens what a file's name stands for. */
export function FileContent({ label, read, tabIndex }: FileContentProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className={styles.open}
        tabIndex={tabIndex}
        aria-label={`Open the content of ${label}`}
        title="Open the content"
        // The cell's own gestures are those of its editor.
        onDoubleClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && event.stopPropagation()}
      >
        <FileSearch aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles.contentPlace} align="start" sideOffset={4}>
          <Popover.Popup className={`menu ${styles.content}`} aria-label={`Content of ${label}`}>
            <Content label={label} read={read} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Content({ label, read }: Pick<FileContentProps, 'label' | 'read'>) {
  const [reading, setReading] = useState<Reading>({ kind: 'reading' })
  // What was asked when it was opened is what is shown, whatever the grid reads meanwhile.
  const [ask] = useState(() => read)
  useEffect(() => {
    let url: string | null = null
    let closed = false
    const show = (content: Uint8Array | null) => {
      if (closed) return
      if (content === null) return setReading({ kind: 'failed', message: 'The row has no file there any more.' })
      const kind = kindOf(content)
      const type = kind.kind === 'image' ? kind.type : 'application/octet-stream'
      url = URL.createObjectURL(new Blob([content.slice()], { type }))
      setReading({ kind: 'read', content, url })
    }
    const fail = (reason: unknown) =>
      closed || setReading({ kind: 'failed', message: reason instanceof Error ? reason.message : String(reason) })
    ask().then(show, fail)
    return () => {
      closed = true
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [ask])
  switch (reading.kind) {
    case 'reading':
      return (
        <div className="progress" data-indeterminate="" role="progressbar" aria-label="Reading the file">
          <span />
        </div>
      )
    case 'failed':
      return (
        <p role="alert" className="callout callout-warning text-xs">
          {reading.message}
        </p>
      )
    case 'read': {
      const { content, url } = reading
      const kind = kindOf(content)
      return (
        <>
          {kind.kind === 'image' && (
            // biome-ignore lint/performance/noImgElement: it is in memory, and nobody knows its size.
            <img className={styles.picture} src={url} alt={`What ${label} holds`} />
          )}
          {kind.kind === 'text' && content.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by the keyboard.
            <pre className={styles.contentText} tabIndex={0}>
              {new TextDecoder().decode(content.subarray(0, SHOWN_BYTES))}
              {content.length > SHOWN_BYTES && ' …'}
            </pre>
          )}
          <div className={styles.contentFoot}>
            <span>{content.length === 0 ? 'Empty' : `${kind.words}, ${bytes(content.length)}`}</span>
            <a className="btn btn-sm" href={url} download={`${label}.${kind.extension}`}>
              <Download aria-hidden /> Download
            </a>
          </div>
        </>
      )
    }
  }
}
