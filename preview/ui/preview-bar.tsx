'use client'
import { Hammer, Plug, RefreshCw, RotateCcw, Timer, Unplug } from 'lucide-react'
import type { Lab } from '../lab'
import { useLab, useLabStore } from './lab-context'
import styles from './preview.module.css'

/** What concerns all devices together, and which bundle is running. */
export function PreviewBar({ lab, stale }: { readonly lab: Lab | null; readonly stale: boolean }) {
  const { start } = useLabStore()
  const hash = useLab((state) => state.hash)
  const setAll = (online: boolean) => {
    for (const device of lab?.devices ?? []) device.setConditions({ online })
  }
  const syncAll = () => {
    for (const device of lab?.devices ?? []) device.sync().catch(() => {})
  }
  return (
    <div className={`toolbar ${styles.bar}`} role="toolbar" aria-label="Preview">
      <button type="button" className="btn" disabled={lab === null} onClick={() => setAll(false)}>
        <Unplug aria-hidden />
        Both offline
      </button>
      <button type="button" className="btn" disabled={lab === null} onClick={() => setAll(true)}>
        <Plug aria-hidden />
        Both online
      </button>
      <button type="button" className="btn" disabled={lab === null} onClick={syncAll}>
        <RefreshCw aria-hidden />
        Sync both
      </button>
      <span className="divider-x" />
      <button
        type="button"
        className="btn btn-ghost"
        onClick={start}
        title="Start again with the server's first rows and empty devices"
      >
        <RotateCcw aria-hidden />
        Reset
      </button>
      <span className={styles.spacer} />
      {stale && (
        <span className={styles.stale}>
          The project has changed since this bundle was built.
          <button type="button" className="btn btn-sm btn-primary" onClick={start}>
            <Hammer aria-hidden />
            Rebuild
          </button>
        </span>
      )}
      {lab !== null && (
        <span className={styles.figure} title="From the start of the workers until all three were ready">
          <Timer aria-hidden />
          ready in {(lab.readyMs / 1000).toFixed(1)} s
        </span>
      )}
      {hash !== null && (
        <span
          className={styles.figure}
          title={`The bundle that runs here. An export of the project as it is has the same hash:\n${hash}`}
        >
          bundle{' '}
          <code data-testid="bundle-hash" data-hash={hash}>
            {hash.slice(0, 12)}
          </code>
        </span>
      )}
    </div>
  )
}
