'use client'
import { CircleX, RotateCcw } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Lab } from '../lab'
import { DeviceFrame } from './frames/device-frame'
import { ServerFrame } from './frames/server-frame'
import { LabContext, useLab, useLabStore } from './lab-context'
import { createLabStore, type LoadedBundle, type ProjectVersion } from './lab-store'
import { LogPanel } from './log/log-panel'
import styles from './preview.module.css'
import { PreviewBar } from './preview-bar'
import { StartProgress } from './start-progress'
import { Wire } from './wire'

export interface PreviewModeProps {
  readonly projectId: string
  readonly projectName: string
  /** Compiles the project as it is now. */
  readonly loadBundle: () => Promise<LoadedBundle>
  /** Where the server's first tables and rows are: a gzipped tar of a PostgreSQL data directory. */
  readonly startDataUrl: string
  /** Anything that changes whenever the project does; without it the preview can't tell that its bundle is old. */
  readonly projectVersion?: ProjectVersion
}

/** Two devices and a server that run the project's bundle, and the wire between them. */
export function PreviewMode({ projectId, projectName, loadBundle, startDataUrl, projectVersion }: PreviewModeProps) {
  const source = useRef({ loadBundle, startDataUrl, projectVersion })
  source.current = { loadBundle, startDataUrl, projectVersion }
  const [store] = useState(() =>
    createLabStore({
      loadBundle: () => source.current.loadBundle(),
      startDataUrl: () => source.current.startDataUrl,
      projectVersion: () => source.current.projectVersion,
    }),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another project is another lab.
  useEffect(() => {
    store.start()
    return store.stop
  }, [store, projectId])
  return (
    <LabContext value={store}>
      <Stage projectName={projectName} projectVersion={projectVersion} />
    </LabContext>
  )
}

function Stage({ projectName, projectVersion }: Pick<PreviewModeProps, 'projectName' | 'projectVersion'>) {
  const phase = useLab((state) => state.phase)
  const hash = useLab((state) => state.hash)
  const announcement = useLab((state) => state.announcement)
  const titleId = useId()
  const lab = phase.kind === 'running' ? phase.lab : null
  const builtVersion = useLab((state) => state.builtVersion)
  const stale = lab !== null && builtVersion !== projectVersion
  return (
    <main
      className={styles.preview}
      aria-labelledby={titleId}
      data-phase={phase.kind}
      data-ready-ms={lab?.readyMs}
      data-hash={hash ?? undefined}
      data-device-sha256={lab?.devices[0]?.started.sha256}
      data-server-sha256={lab?.server.started.sha256}
    >
      <h1 id={titleId} className="visually-hidden">
        Preview of {projectName}
      </h1>
      <PreviewBar lab={lab} stale={stale} />
      {phase.kind === 'running' && <Running lab={phase.lab} />}
      {(phase.kind === 'building' || phase.kind === 'starting') && <StartProgress />}
      {phase.kind === 'has-errors' && <HasErrors messages={phase.messages} />}
      {phase.kind === 'failed' && <Failed message={phase.message} />}
      <div className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </main>
  )
}

function Running({ lab }: { readonly lab: Lab }) {
  return (
    <div className={styles.stage}>
      {lab.devices.map((device) => (
        <DeviceFrame key={device.name} device={device} />
      ))}
      {lab.devices.map((device) => (
        <Wire key={device.name} device={device} />
      ))}
      <ServerFrame lab={lab} />
      <div className={styles.logArea}>
        <LogPanel />
      </div>
    </div>
  )
}

function HasErrors({
  messages,
}: {
  readonly messages: readonly { readonly code: string; readonly message: string }[]
}) {
  const { start } = useLabStore()
  return (
    <div className={styles.trouble}>
      <h2>The project has errors, so there is no bundle to run yet</h2>
      <ul>
        {messages.map(({ code, message }) => (
          <li key={`${code} ${message}`} className="callout callout-error">
            <CircleX aria-hidden />
            <span>
              {message} <code>{code}</code>
            </span>
          </li>
        ))}
      </ul>
      <button type="button" className="btn btn-primary" onClick={start}>
        <RotateCcw aria-hidden />
        Try again
      </button>
    </div>
  )
}

function Failed({ message }: { readonly message: string }) {
  const { start } = useLabStore()
  return (
    <div className={styles.trouble}>
      <h2>The preview stopped</h2>
      <p role="alert" className="callout callout-error">
        <CircleX aria-hidden />
        <span>{message}</span>
      </p>
      <button type="button" className="btn btn-primary" onClick={start}>
        <RotateCcw aria-hidden />
        Start again
      </button>
    </div>
  )
}
