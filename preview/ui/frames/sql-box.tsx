'use client'
import type { Row } from '@syncline/runtime/contract'
import { Play } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { LabDatabase } from '../../lab'
import { transactionWord } from '../../sql'
import { plural } from '../log/log-lines'
import styles from '../preview.module.css'

type Result =
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly columns: readonly string[] }
  | { readonly kind: 'error'; readonly message: string }

const SHOWN_ROWS = 200

/** Runs one statement. On a device its writes are captured and synced as those of an app are. */
export function SqlBox({ database }: { readonly database: LabDatabase }) {
  const [text, setText] = useState('')
  const [result, setResult] = useState<Result | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async () => {
    if (text.trim() === '') return
    const word = transactionWord(text)
    if (word !== null) return setResult({ kind: 'error', message: refuseTransaction(word) })
    setBusy(true)
    try {
      const rows = await database.query(text)
      setResult({ kind: 'rows', rows, columns: Object.keys(rows[0] ?? {}) })
    } catch (reason) {
      setResult({ kind: 'error', message: reason instanceof Error ? reason.message : String(reason) })
    } finally {
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void run()
  }
  return (
    <div className={styles.sql}>
      <div className={styles.sqlInput}>
        <textarea
          className={`input name ${styles.sqlText}`}
          aria-label={`SQL on ${database.name}`}
          placeholder="select … , insert … , update …"
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="btn"
          disabled={busy || text.trim() === ''}
          title="Run (Ctrl+Enter)"
          onClick={() => void run()}
        >
          <Play aria-hidden /> Run
        </button>
      </div>
      <SqlResult result={result} />
    </div>
  )
}

function SqlResult({ result }: { readonly result: Result | null }) {
  if (result === null)
    return (
      <p className={styles.quiet}>
        One statement is one transaction. Writes on a device are captured and sent at its next sync.
      </p>
    )
  if (result.kind === 'error')
    return (
      <p role="alert" className="callout callout-error">
        {result.message}
      </p>
    )
  const { rows, columns } = result
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
    <section className={styles.sqlResult} aria-label="Result" tabIndex={0}>
      <table className="data-grid">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN_ROWS).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a result's rows have no identity but their place.
            <tr key={index}>
              {columns.map((column) => (
                <td key={column} className="mono">
                  {shown(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.quiet}>{describeCount(rows.length)}</p>
    </section>
  )
}

/** Rows come as objects, so that of two columns with one name only the last is there. */
function describeCount(count: number): string {
  if (count === 0) return 'Done; no rows came back.'
  const cut = count > SHOWN_ROWS ? `; the first ${SHOWN_ROWS} are shown` : ''
  return `${plural(count, 'row')}${cut}. Columns of the same name show once; name one with "as" to see both.`
}

const refuseTransaction = (word: string) =>
  `"${word}" can't be run here, because one statement is one transaction: it is committed when it succeeds and undone when it fails. Run the statements without it, one at a time.`

function shown(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
