import { ClipboardPaste, FileText, FileUp, PlugZap } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatBytes } from '../ui/format'
import { AddressField } from './address-field'
import { addressProblem } from './address-problem'

export type ImportSource =
  | { readonly kind: 'file'; readonly file: File; readonly keepData: boolean }
  | { readonly kind: 'paste'; readonly text: string; readonly keepData: boolean }
  /** Without an address it is the connection that the project keeps. */
  | { readonly kind: 'url'; readonly url: string | null; readonly keepData: boolean; readonly remember: boolean }

/** Where a kept connection leads. */
export interface KeptTarget {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly database: string
}

const SOURCE_TABS = [
  { id: 'file', label: 'Dump file', Icon: FileText },
  { id: 'paste', label: 'Paste SQL', Icon: ClipboardPaste },
  { id: 'url', label: 'Connection', Icon: PlugZap },
] as const

interface Props {
  readonly onStart: (source: ImportSource) => void
  /** While an import runs or has failed: it stays, with all that was typed, for whoever comes back to it. */
  readonly hidden?: boolean
  readonly startLabel?: string
  /** The connection to read again from, where there is one. */
  readonly kept?: KeptTarget | null
  readonly onForget?: () => void
}

export function ImportSourceForm({ onStart, hidden = false, startLabel = 'Import', kept = null, onForget }: Props) {
  const [tab, setTab] = useState<ImportSource['kind']>(kept ? 'url' : 'file')
  const [file, setFile] = useState<File | null>(null)
  const [text, setText] = useState('')
  const [url, setUrl] = useState('')
  const [useKept, setUseKept] = useState(kept !== null)
  const [keepData, setKeepData] = useState(true)
  const [remember, setRemember] = useState(true)
  const form = useRef<HTMLFormElement>(null)
  const wasHidden = useRef(hidden)
  const source = sourceOf()

  useEffect(() => {
    // The keyboard goes on at the source that was tried, not at the top of the window.
    if (wasHidden.current && !hidden) form.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
    wasHidden.current = hidden
  }, [hidden])

  function sourceOf(): ImportSource | null {
    switch (tab) {
      case 'file':
        return file && { kind: 'file', file, keepData }
      case 'paste':
        return text.trim() === '' ? null : { kind: 'paste', text, keepData }
      case 'url':
        if (useKept) return { kind: 'url', url: null, keepData, remember: false }
        return addressProblem(url) === null ? { kind: 'url', url: url.trim(), keepData, remember } : null
    }
  }

  return (
    <form
      ref={form}
      hidden={hidden}
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
        {tab === 'url' && kept && (
          <KeptConnection target={kept} chosen={useKept} onChoose={setUseKept} onForget={onForget} />
        )}
        {tab === 'url' && !useKept && (
          <div className="grid gap-3">
            <AddressField value={url} onChange={setUrl} />
            <Choice
              label="Keep this connection for re-import and live counts"
              hint="Encrypted, on this server alone: it is never in the project’s file. Otherwise it is forgotten once the database is read."
              checked={remember}
              onChange={setRemember}
            />
          </div>
        )}
      </div>
      <Choice
        label="Keep the rows too"
        hint="They become the start data of the preview’s server."
        checked={keepData}
        onChange={setKeepData}
      />
      <div className="-mx-4 -mb-3 dialog-foot">
        <button type="submit" className="btn btn-primary" disabled={!source}>
          {startLabel}
        </button>
      </div>
    </form>
  )
}

function KeptConnection({
  target,
  chosen,
  onChoose,
  onForget,
}: {
  readonly target: KeptTarget
  readonly chosen: boolean
  readonly onChoose: (chosen: boolean) => void
  readonly onForget?: (() => void) | undefined
}) {
  return (
    <fieldset className="grid gap-1 pb-3">
      <legend className="visually-hidden">Which database</legend>
      <div className="flex items-start gap-2">
        <label className="flex min-w-0 items-start gap-2">
          <input
            type="radio"
            name="connection"
            className="radio mt-[3px]"
            checked={chosen}
            onChange={() => onChoose(true)}
          />
          <span className="min-w-0">
            <span className="name">{target.database}</span> at{' '}
            <span className="name">{`${target.host}:${target.port}`}</span>
            <span className="hint block">
              The connection that is kept, as user <span className="name">{target.user}</span>
            </span>
          </span>
        </label>
        {onForget && (
          <button type="button" className="btn btn-sm ml-auto" onClick={onForget}>
            Forget it
          </button>
        )}
      </div>
      <label className="flex items-start gap-2">
        <input
          type="radio"
          name="connection"
          className="radio mt-[3px]"
          checked={!chosen}
          onChange={() => onChoose(false)}
        />
        Another address
      </label>
    </fieldset>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly hint: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Choice({ label, hint, checked, onChange }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        className="checkbox mt-[3px]"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        <span className="hint block">{hint}</span>
      </span>
    </label>
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
