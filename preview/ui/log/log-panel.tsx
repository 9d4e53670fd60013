'use client'
import { ArrowDown, ArrowUp, Ban, Check, CircleX, Eraser, GitCompare, Hourglass, MailX, WifiOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Exchange, ExchangeFate } from '../../network/exchange-log'
import { bytes, sinceStart } from '../format'
import { useLab, useLabStore } from '../lab-context'
import styles from './log.module.css'
import { type LogLine, plural } from './log-lines'

/** What crossed the wire and what came of it, in order; a line opens to show the messages themselves. */
export function LogPanel() {
  const log = useLab((state) => state.log)
  const { clearLog } = useLabStore()
  const [open, setOpen] = useState<string | null>(null)
  const end = useRef<HTMLLIElement>(null)
  const following = open === null
  useEffect(() => {
    if (following && log.length > 0) end.current?.scrollIntoView({ block: 'nearest' })
  }, [log, following])
  const requests = log.filter(({ kind }) => kind === 'exchange').length
  return (
    <section className={styles.panel} aria-label="Log">
      <header className={styles.head}>
        <h2 className="panel-title">Log</h2>
        <span className={styles.total}>{plural(requests, 'request')}</span>
        <button type="button" className="btn-icon" aria-label="Clear log" title="Clear log" onClick={clearLog}>
          <Eraser aria-hidden />
        </button>
      </header>
      {log.length === 0 ? (
        <p className={styles.empty}>
          Requests, answers and sync events appear here. Sync a device to bring it the server's rows; then edit a row
          and sync again.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        <ol className={styles.list} tabIndex={0} aria-label="Log lines">
          {log.map((line) =>
            line.kind === 'exchange' ? (
              <ExchangeLine
                key={line.id}
                line={line}
                open={open === line.id}
                onToggle={() => setOpen(open === line.id ? null : line.id)}
              />
            ) : (
              <NoteLine key={line.id} line={line} />
            ),
          )}
          <li ref={end} aria-hidden className={styles.end} />
        </ol>
      )}
    </section>
  )
}

interface ExchangeLineProps {
  readonly line: Extract<LogLine, { kind: 'exchange' }>
  readonly open: boolean
  readonly onToggle: () => void
}

function ExchangeLine({ line: { exchange, who, atMs }, open, onToggle }: ExchangeLineProps) {
  const refused = exchange.answer?.refusedGroups ?? 0
  return (
    <li className={styles.exchange} data-kind="exchange" data-fate={exchange.fate} data-device={who}>
      <button type="button" className={styles.summary} aria-expanded={open} onClick={onToggle}>
        <Time atMs={atMs} />
        <Who name={who} />
        <span className={styles.what}>{describe(exchange)}</span>
        <Outcome exchange={exchange} />
        <span className={styles.measures}>
          <Measure name="sent" value={bytes(exchange.bytesSent)} Icon={ArrowUp} />
          {exchange.durationMs !== null && (
            <>
              <Measure name="received" value={bytes(exchange.bytesReceived)} Icon={ArrowDown} />
              <span>{Math.round(exchange.durationMs)} ms</span>
            </>
          )}
          {refused > 0 && (
            <span className="badge badge-error">
              <Ban aria-hidden />
              {refused} refused
            </span>
          )}
        </span>
      </button>
      {open && (
        <div className={styles.details}>
          <Body title="Request" text={exchange.requestBody} />
          <Body title="Answer" text={exchange.answerBody} />
        </div>
      )}
    </li>
  )
}

function NoteLine({ line }: { readonly line: Extract<LogLine, { kind: 'note' }> }) {
  const Icon = { neutral: Check, ok: Check, waiting: WifiOff, conflict: GitCompare, error: CircleX }[line.tone]
  return (
    <li className={styles.note} data-kind="note" data-tone={line.tone} data-device={line.who}>
      <Time atMs={line.atMs} />
      <Who name={line.who} />
      <span className={styles.noteText}>
        <span className={styles.noteTitle}>
          <Icon aria-hidden />
          {line.text}
        </span>
        {line.detail !== null && <span>{line.detail}</span>}
      </span>
    </li>
  )
}

function Time({ atMs }: { readonly atMs: number }) {
  const readyAtMs = useLab((state) => state.readyAtMs)
  return <span className={styles.time}>{sinceStart(atMs - readyAtMs)}</span>
}

function Who({ name }: { readonly name: string }) {
  return (
    <span className={styles.who} data-who={name}>
      {name}
    </span>
  )
}

interface MeasureProps {
  readonly name: string
  readonly value: string
  readonly Icon: typeof ArrowUp
}

function Measure({ name, value, Icon }: MeasureProps) {
  return (
    <span className={styles.measure}>
      <Icon aria-hidden />
      {value} <span className="visually-hidden">{name}</span>
    </span>
  )
}

interface Fate {
  readonly text: string
  readonly className: string
  readonly Icon: typeof Check
}

const FATES: Readonly<Record<ExchangeFate, Fate>> = {
  'under-way': { text: 'Under way', className: 'badge badge-waiting', Icon: Hourglass },
  answered: { text: 'Answered', className: 'badge badge-ok', Icon: Check },
  failed: { text: 'Failed', className: 'badge badge-error', Icon: CircleX },
  'request-lost': { text: 'Request lost', className: 'badge badge-conflict', Icon: MailX },
  'answer-lost': { text: 'Answer lost', className: 'badge badge-conflict', Icon: MailX },
  offline: { text: 'Offline', className: 'badge', Icon: WifiOff },
}

function Outcome({ exchange: { fate, status } }: { readonly exchange: Exchange }) {
  const { text, className, Icon } = FATES[fate]
  return (
    <span className={className}>
      <Icon aria-hidden />
      {fate === 'answered' || fate === 'failed' ? status : text}
    </span>
  )
}

function describe({ request, answer, path }: Exchange): string {
  if (request === null) return path
  const sent = request.pushedGroups === 0 ? 'Pull' : `Push ${plural(request.pushedGroups, 'group')}`
  if (answer === null) return sent
  return `${sent} → ${plural(answer.pulledRows + answer.deletedRows, 'row')}${answer.more ? ', more follow' : ''}`
}

function Body({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className={styles.message}>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it. */}
      <pre tabIndex={0}>{text === '' ? 'None came.' : pretty(text)}</pre>
    </div>
  )
}

/** The rows of an answer may follow its JSON, which is one line. A body that was cut for keeping is shown as it is. */
function pretty(text: string): string {
  const [line = '', ...rows] = text.split('\n')
  try {
    return [JSON.stringify(JSON.parse(line), null, 2), ...rows].join('\n')
  } catch {
    return `${text} …`
  }
}
