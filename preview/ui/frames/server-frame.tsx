'use client'
import { Server } from 'lucide-react'
import { useId, useMemo } from 'react'
import type { Lab } from '../../lab'
import { useLab } from '../lab-context'
import { SERVER } from '../lab-store'
import { plural } from '../log/log-lines'
import styles from '../preview.module.css'
import { type EntityTab, EntityTables, findTable } from './entity-tables'

/** The server's tables, editable too: whoever writes here is another app on the same database. */
export function ServerFrame({ lab }: { readonly lab: Lab }) {
  const titleId = useId()
  const revision = useLab((state) => state.revisions[SERVER] ?? 0)
  const tabs = useMemo(() => serverTabs(lab), [lab])
  return (
    <section className={styles.server} aria-labelledby={titleId}>
      <header className={styles.frameHead}>
        <Server className={styles.frameIcon} aria-hidden />
        <h2 id={titleId} className={styles.frameTitle}>
          {SERVER}
        </h2>
        <span className={styles.frameNote}>
          PostgreSQL with {plural(lab.server.started.tables.length, 'table')}; edits here are another app's
        </span>
      </header>
      <EntityTables database={lab.server} tabs={tabs} revision={revision} />
    </section>
  )
}

/** The synced tables first, in the bundle's order. */
function serverTabs({ server: { started } }: Lab): EntityTab[] {
  const tables = new Set(started.entities.flatMap(({ serverTable }) => findTable(started.tables, serverTable) ?? []))
  return [...tables].map((table) => ({ entity: null, table, readOnly: null }))
}
