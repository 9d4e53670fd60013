'use client'
import type { ConflictRecord, NamedValues } from '@syncline/runtime/contract'
import { GitCompare } from 'lucide-react'
import { Fragment, useState } from 'react'
import type { LabDevice } from '../../lab'
import { useLab } from '../lab-context'
import styles from '../preview.module.css'

const NONE: readonly ConflictRecord[] = []

const KIND_WORDS: Readonly<Record<ConflictRecord['kind'], string>> = {
  'update-update': 'changed here and on the server',
  'update-delete': 'changed here, deleted on the server',
  'delete-update': 'deleted here, changed on the server',
  'key-taken': 'created here with a key that another row has',
  'unique-taken': 'created here with a value that another row has',
  'parent-missing': 'refers to a row that is gone',
  'children-left': 'deleted here, but others have added to it',
}

/** Rows that met a write their author had not seen; each waits here until somebody decides. */
export function ConflictList({ device }: { readonly device: LabDevice }) {
  const conflicts = useLab((state) => state.conflicts[device.name] ?? NONE)
  const [error, setError] = useState<string | null>(null)
  if (conflicts.length === 0) return null
  const resolve = (id: string, resolution: 'local' | 'server') => {
    device.resolveConflict(id, resolution).then(
      () => setError(null),
      (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
    )
  }
  return (
    <section className={`${styles.quarantine} ${styles.conflicts}`} aria-label="Conflicts">
      <h3 className={styles.quarantineTitle}>
        <GitCompare aria-hidden />
        Conflicts
      </h3>
      <ul>
        {conflicts.map((conflict) => (
          <li key={conflict.id} className={styles.conflict}>
            <span className={styles.conflictHead}>
              <span className={styles.conflictWhat}>
                <span className="name">
                  {conflict.entity} {Object.values(conflict.key).map(String).join(', ')}
                </span>{' '}
                {KIND_WORDS[conflict.kind]}
                {conflict.serverUser === null ? '' : ` by ${conflict.serverUser}`}
              </span>
              <button type="button" className="btn btn-sm" onClick={() => resolve(conflict.id, 'local')}>
                Keep mine
              </button>
              <button type="button" className="btn btn-sm" onClick={() => resolve(conflict.id, 'server')}>
                Keep theirs
              </button>
            </span>
            <Sides conflict={conflict} />
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

/** The values in which the two sides differ. */
function Sides({ conflict: { local, server } }: { readonly conflict: ConflictRecord }) {
  const names = [...new Set([...Object.keys(local ?? {}), ...Object.keys(server ?? {})])].filter(
    (name) => local === null || server === null || local[name] !== server[name],
  )
  return (
    <span className={styles.sides}>
      <span />
      <span className="label">here</span>
      <span className="label">on the server</span>
      {names.map((name) => (
        <Fragment key={name}>
          <span className="name">{name}</span>
          <span className="name">{shown(local, name)}</span>
          <span className="name">{shown(server, name)}</span>
        </Fragment>
      ))}
    </span>
  )
}

const shown = (row: NamedValues | null, name: string): string => (row === null ? '—' : (row[name] ?? 'null'))
