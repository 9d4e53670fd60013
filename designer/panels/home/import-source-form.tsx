import { ClipboardPaste, FileText, FileUp, PlugZap } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { formatBytes } from '../ui/format'

export type ImportSource =
  | { readonly kind: 'file'; readonly file: File; readonly keepData: boolean }
  | { readonly kind: 'paste'; readonly text: string; readonly keepData: boolean }
  | { readonly kind: 'url'; readonly url: string; readonly keepData: boolean }

const SOURCE_TABS = [
  { id: 'file', label: 'Dump file', Icon: FileText },
  { id: 'paste', label: 'Paste SQL', Icon: ClipboardPaste },
  { id: 'url', label: 'Connection', Icon: PlugZap },
] as const

export function ImportSourceForm({ onStart }: { readonly onStart: (source: ImportSource) => void }) {
  const [tab, setTab] = useState<ImportSource['kind']>('file')
  const [file, setFile] = useState<File | null>(null)
  const [text, setText] = useState('')
  const [url, setUrl] = useState('')
  const [keepData, setKeepData] = useState(true)

  const source: ImportSource | null =
    tab === 'file'
      ? file && { kind: 'file', file, keepData }
      : tab === 'paste'
        ? text.trim() === ''
          ? null
          : { kind: 'paste', text, keepData }
        : /^postgres(ql)?:\/\/\S+/.test(url.trim())
          ? { kind: 'url', url: url.trim(), keepData }
          : null

  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (source) onStart(source)
      }}
    >
      <div className="segmented justify-self-start" role="tablist" aria-label="Where from">
        {SOURCE_TABS.map(({ id, label, Icon }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`import-tab-${id}`}
            aria-selected={tab === id}
            aria-controls="import-source"
            className="tab"
            onClick={() => setTab(id)}
          >
            <Icon aria-hidden /> {label}
          </button>
        ))}
      </div>
      <div id="import-source" role="tabpanel" aria-labelledby={`import-tab-${tab}`} className="min-h-[168px]">
        {tab === 'file' && <FileField file={file} onFile={setFile} />}
        {tab === 'paste' && (
          <Labelled label="SQL" hint="The output of pg_dump, or CREATE TABLE statements.">
            <textarea
              className="input name"
              rows={7}
              value={text}
              spellCheck={false}
              placeholder="create table customers (…);"
              onChange={(event) => setText(event.target.value)}
            />
          </Labelled>
        )}
        {tab === 'url' && (
          <Labelled
            label="Address"
            hint="The schema is read once, in a read-only transaction. The address and its password are used for that alone and are not kept."
          >
            <input
              className="input name"
              value={url}
              spellCheck={false}
              autoComplete="off"
              placeholder="postgres://user:password@host:5432/database"
              onChange={(event) => setUrl(event.target.value)}
            />
          </Labelled>
        )}
      </div>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="checkbox mt-[3px]"
          checked={keepData}
          onChange={(event) => setKeepData(event.target.checked)}
        />
        <span>
          Keep the rows too
          <span className="hint block">They become the start data of the preview’s server.</span>
        </span>
      </label>
      <div className="-mx-4 -mb-3 dialog-foot">
        <button type="submit" className="btn btn-primary" disabled={!source}>
          Import
        </button>
      </div>
    </form>
  )
}

function FileField({ file, onFile }: { readonly file: File | null; readonly onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [hovering, setHovering] = useState(false)
  return (
    <>
      <button
        type="button"
        className={`grid h-[168px] w-full place-content-center justify-items-center gap-2 rounded-md border border-dashed text-ink-muted ${hovering ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface-1 hover:border-accent'}`}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault()
          setHovering(true)
        }}
        onDragLeave={() => setHovering(false)}
        onDrop={(event) => {
          event.preventDefault()
          event.stopPropagation()
          setHovering(false)
          const dropped = event.dataTransfer.files[0]
          if (dropped) onFile(dropped)
        }}
      >
        <FileUp size={20} aria-hidden />
        {file ? (
          <span className="name text-ink">
            {file.name} · {formatBytes(file.size)}
          </span>
        ) : (
          <span>
            Drop a <span className="name">.sql</span> dump here, or{' '}
            <span className="font-medium text-accent-ink">choose a file</span>
          </span>
        )}
      </button>
      <input
        ref={input}
        type="file"
        accept=".sql,.dump,.txt"
        className="hidden"
        aria-label="Dump file"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          if (chosen) onFile(chosen)
        }}
      />
    </>
  )
}

function Labelled({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child.
    <label className="field">
      <span className="label">{label}</span>
      {children}
      <span className="hint">{hint}</span>
    </label>
  )
}
