'use client'
import type { LinkConditions } from '@syncline/runtime/testing'
import { Plug, Unplug } from 'lucide-react'
import type { LabDevice } from '../lab'
import { bytes } from './format'
import { useLab } from './lab-context'
import styles from './preview.module.css'

const QUALITIES: Readonly<Record<string, Partial<LinkConditions>>> = {
  Fast: { latencyMs: 0, jitterMs: 0, requestLoss: 0, answerLoss: 0 },
  Slow: { latencyMs: 800, jitterMs: 200, requestLoss: 0, answerLoss: 0 },
  Lossy: { latencyMs: 100, jitterMs: 100, requestLoss: 0.25, answerLoss: 0.25 },
}

/** The line between a device and the server: a dot goes down with a request and comes up with its answer. */
export function Wire({ device }: { readonly device: LabDevice }) {
  const conditions = useLab((state) => state.conditions[device.name]) ?? device.conditions()
  const last = useLab((state) => state.log.findLast((line) => line.kind === 'exchange' && line.who === device.name))
  const exchange = last?.kind === 'exchange' ? last.exchange : null
  const quality =
    Object.entries(QUALITIES).find(
      ([, { latencyMs, requestLoss }]) => latencyMs === conditions.latencyMs && requestLoss === conditions.requestLoss,
    )?.[0] ?? 'Fast'
  return (
    <div className={styles.wire} data-online={conditions.online}>
      <span className={styles.line} aria-hidden>
        {exchange !== null && (
          <span key={`${exchange.id}/${exchange.fate}`} className={styles.token} data-fate={exchange.fate} />
        )}
      </span>
      <span className={styles.wireState}>
        {conditions.online ? <Plug aria-hidden /> : <Unplug aria-hidden />}
        {conditions.online ? 'Connected' : 'Cut'}
        {exchange !== null && conditions.online && (
          <span className={styles.wireBytes}>
            ↑ {bytes(exchange.bytesSent)} ↓ {bytes(exchange.bytesReceived)}
          </span>
        )}
      </span>
      <label className={styles.wireQuality}>
        <span className="visually-hidden">Line of {device.name}</span>
        <select
          className="select"
          value={quality}
          onChange={({ target }) => device.setConditions(QUALITIES[target.value] ?? {})}
        >
          {Object.keys(QUALITIES).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  )
}
