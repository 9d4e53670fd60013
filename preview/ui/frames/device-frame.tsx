'use client'
import { Clock, GitCompare, Plug, RefreshCw, Smartphone, TriangleAlert, Unplug, UserRound } from 'lucide-react'
import { useId, useMemo } from 'react'
import type { LabDevice } from '../../lab'
import { bytes } from '../format'
import { useLab } from '../lab-context'
import { plural } from '../log/log-lines'
import styles from '../preview.module.css'
import { ConflictList } from './conflict-list'
import { Convergence } from './convergence'
import { type EntityTab, EntityTables, findTable } from './entity-tables'
import { QuarantineList } from './quarantine-list'
import { useNow } from './use-now'

/** One device: who uses it, whether it is online, how its sync stands, and its rows. */
export function DeviceFrame({ device }: { readonly device: LabDevice }) {
  const titleId = useId()
  const revision = useLab((state) => state.revisions[device.name] ?? 0)
  const online = useLab((state) => state.conditions[device.name]?.online ?? true)
  const running = useLab((state) => state.statuses[device.name]?.running ?? null)
  const tabs = useMemo(() => deviceTabs(device), [device])
  return (
    <section className={styles.device} aria-labelledby={titleId} data-online={online}>
      <header className={styles.frameHead}>
        <Smartphone className={styles.frameIcon} aria-hidden />
        <h2 id={titleId} className={styles.frameTitle}>
          {device.name}
        </h2>
        <span className={styles.user} title="The user of this device's session">
          <UserRound aria-hidden />
          {device.user}
        </span>
        <span className={styles.spacer} />
        <span className={styles.switchLabel} data-online={online}>
          {online ? <Plug aria-hidden /> : <Unplug aria-hidden />}
          <span aria-hidden>{online ? 'Online' : 'Offline'}</span>
          <button
            type="button"
            role="switch"
            className="switch"
            aria-checked={online}
            aria-label="Online"
            onClick={() => device.setConditions({ online: !online })}
          />
        </span>
        <button
          type="button"
          className="btn"
          aria-disabled={running !== null}
          onClick={() => running === null && void device.sync().catch(() => {})}
        >
          <RefreshCw aria-hidden className={running === null ? undefined : styles.turning} /> Sync
        </button>
      </header>
      <StatusLine device={device} />
      <EntityTables database={device} device={device} tabs={tabs} revision={revision} />
      <ConflictList device={device} />
      <QuarantineList device={device} />
    </section>
  )
}

function StatusLine({ device }: { readonly device: LabDevice }) {
  const status = useLab((state) => state.statuses[device.name])
  const now = useNow(status?.lastSyncedAt ?? null)
  if (!status) return <div className={styles.status} />
  const { pending, running, progress, conflicts, quarantined, lastSyncedAt, stalled } = status
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    <div
      role="group"
      className={styles.status}
      aria-label="Sync status"
      data-pending={pending}
      data-running={running ?? ''}
      data-last-synced={lastSyncedAt ?? ''}
      data-quarantined={quarantined}
      data-conflicts={conflicts}
    >
      <span className={pending > 0 ? 'badge badge-waiting' : 'badge'}>{pending} pending</span>
      {conflicts > 0 && (
        <span className="badge badge-conflict">
          <GitCompare aria-hidden />
          {plural(conflicts, 'conflict')}
        </span>
      )}
      {quarantined > 0 && (
        <span className="badge badge-error">
          <TriangleAlert aria-hidden />
          {quarantined} quarantined
        </span>
      )}
      {running !== null ? (
        <span className={styles.phase}>
          <span>{PHASES[progress?.phase ?? 'push']}</span>
          {progress?.bytes && progress.bytes.total > 0 && (
            <span>
              {bytes(progress.bytes.done)} of {bytes(progress.bytes.total)} of files
            </span>
          )}
          {progress !== null && progress.done > 0 && (
            <span>
              {progress.done.toLocaleString('en')}
              {progress.total === null ? '' : ` of ${progress.total.toLocaleString('en')}`}
            </span>
          )}
          <span className="progress" data-indeterminate>
            <span />
          </span>
        </span>
      ) : (
        <span className={styles.lastSync}>
          <Clock aria-hidden />
          {lastSyncedAt === null ? 'Never synced' : `Synced ${ago(now - lastSyncedAt)}`}
        </span>
      )}
      {stalled !== null && running === null && (
        <span className={styles.stalled} title={stalled.message}>
          <TriangleAlert aria-hidden />
          {stalled.message}
        </span>
      )}
      <span className={styles.spacer} />
      <Convergence device={device.name} />
    </div>
  )
}

const PHASES = { push: 'Sending', pull: 'Receiving', apply: 'Applying' } as const

function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  if (seconds < 5) return 'just now'
  return seconds < 60 ? `${seconds} s ago` : `${plural(Math.floor(seconds / 60), 'minute')} ago`
}

function deviceTabs({ started }: LabDevice): EntityTab[] {
  return started.entities.flatMap((entity) => {
    const table = findTable(started.tables, entity.table)
    return table
      ? [{ entity, table, readOnly: entity.writable ? null : `Read-only on devices (${entity.pattern}).` }]
      : []
  })
}
