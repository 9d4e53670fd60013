'use client'
import { Check, Server, Smartphone } from 'lucide-react'
import type { StartStep } from '../device/messages'
import { useLab } from './lab-context'
import { SERVER, USERS } from './lab-store'
import styles from './preview.module.css'

const STEPS: readonly StartStep[] = ['database', 'bundle', 'install', 'ready']
const WORDS: Readonly<Record<StartStep, string>> = {
  database: 'Opening PostgreSQL',
  bundle: 'Loading the bundle',
  install: 'Preparing tables',
  ready: 'Ready',
}

/** Where each worker is on its way, in the places where the frames will stand. */
export function StartProgress() {
  const phase = useLab((state) => state.phase.kind)
  return (
    <div className={styles.stage} aria-busy="true">
      {USERS.map(({ device }) => (
        <Place key={device} name={device} building={phase === 'building'} />
      ))}
      <Place name={SERVER} building={phase === 'building'} />
      <div className={styles.ghostFrame} aria-hidden />
    </div>
  )
}

function Place({ name, building }: { readonly name: string; readonly building: boolean }) {
  const step = useLab((state) => state.steps[name])
  const done = step === undefined ? 0 : STEPS.indexOf(step) + (step === 'ready' ? 1 : 0)
  const words = building ? 'Building the bundle' : step === undefined ? 'Starting its worker' : WORDS[step]
  return (
    <section className={name === SERVER ? styles.server : styles.device} aria-label={name}>
      <header className={styles.frameHead}>
        {name === SERVER ? (
          <Server className={styles.frameIcon} aria-hidden />
        ) : (
          <Smartphone className={styles.frameIcon} aria-hidden />
        )}
        <h2 className={styles.frameTitle}>{name}</h2>
        <span className={styles.frameNote}>
          {words}
          {step === 'ready' ? <Check aria-hidden className={styles.inlineIcon} /> : '…'}
        </span>
        <span className={styles.spacer} />
        <span className={styles.frameNote}>
          {done} of {STEPS.length}
        </span>
      </header>
      <div className={`progress ${styles.startBar}`}>
        <span style={{ width: `${(done / STEPS.length) * 100}%` }} />
      </div>
      <div className={styles.ghosts} aria-hidden>
        {['70%', '86%', '62%', '78%', '54%'].map((width) => (
          <span key={width} className={`skeleton ${styles.ghost}`} style={{ width }} />
        ))}
      </div>
    </section>
  )
}
