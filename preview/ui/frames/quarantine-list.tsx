'use client'
import type { QuarantinedGroup } from '@syncline/runtime/contract'
import { RotateCcw, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { LabDevice } from '../../lab'
import { useLab } from '../lab-context'
import styles from '../preview.module.css'

const NONE: readonly QuarantinedGroup[] = []

/** Groups of edits that the server refused, with its reason; they wait here for somebody to decide. */
export function QuarantineList({ device }: { readonly device: LabDevice }) {
  const groups = useLab((state) => state.quarantine[device.name] ?? NONE)
  const [error, setError] = useState<string | null>(null)
  if (groups.length === 0) return null
  const attempt = (work: Promise<void>) => {
    work.then(
      () => setError(null),
      (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
    )
  }
  return (
    <section className={styles.quarantine} aria-label="Quarantine">
      <h3 className={styles.quarantineTitle}>
        <TriangleAlert aria-hidden />
        Refused by the server
      </h3>
      <ul>
        {groups.map((group) => (
          <li key={group.id} className={styles.quarantined}>
            <span className={styles.quarantineText}>
              <span className="name">{describe(group)}</span>
              <span>{group.message}</span>
            </span>
            <button type="button" className="btn btn-sm" onClick={() => attempt(device.retryQuarantined(group.id))}>
              <RotateCcw aria-hidden />
              Retry
            </button>
            <button
              type="button"
              className="btn btn-sm btn-danger"
              onClick={() => attempt(device.discardQuarantined(group.id))}
            >
              <Trash2 aria-hidden />
              Discard
            </button>
          </li>
        ))}
      </ul>
      {error !== null && (
        <p role="alert" className={styles.quarantineError}>
          {error}
        </p>
      )}
    </section>
  )
}

function describe({ edits }: QuarantinedGroup): string {
  const first = edits[0]
  if (!first) return 'empty group'
  const more = edits.length > 1 ? ` and ${edits.length - 1} more` : ''
  return `${first.op} ${first.entity} ${Object.values(first.key).map(String).join(', ')}${more}`
}
