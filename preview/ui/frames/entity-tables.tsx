'use client'
import { Tabs } from '@base-ui/react/tabs'
import { useState } from 'react'
import type { EntityShape, TableName, TableShape } from '../../device/messages'
import type { LabDatabase, LabDevice } from '../../lab'
import { RowGrid } from '../grid/row-grid'
import styles from '../preview.module.css'
import { DemandBar } from './demand-bar'
import { SqlBox } from './sql-box'
import { TabScroller } from './tab-scroller'

export interface EntityTab {
  readonly entity: EntityShape | null
  readonly table: TableShape
  readonly readOnly: string | null
}

export interface EntityTablesProps {
  readonly database: LabDatabase
  /** The same, where it is a device. */
  readonly device?: LabDevice
  readonly tabs: readonly EntityTab[]
  readonly revision: number
}

const SQL_TAB = ' sql'

/** A database's tables, one tab each, and a tab for SQL, which stays in sight however many tables there are. */
export function EntityTables({ database, device, tabs, revision }: EntityTablesProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const current = chosen ?? tabs[0]?.table.name ?? SQL_TAB
  return (
    <Tabs.Root className={styles.tables} value={current} onValueChange={(value) => setChosen(String(value))}>
      <Tabs.List className={styles.tabList} aria-label={`Tables of ${database.name}`}>
        <TabScroller>
          {tabs.map(({ table }) => (
            <Tabs.Tab key={table.name} value={table.name} className={`tab ${styles.tab}`}>
              {table.name}
            </Tabs.Tab>
          ))}
        </TabScroller>
        <Tabs.Tab value={SQL_TAB} className={`tab ${styles.sqlTab}`}>
          SQL
        </Tabs.Tab>
      </Tabs.List>
      {tabs.map(({ table, entity, readOnly }) => (
        <Tabs.Panel key={table.name} value={table.name} className={styles.tabPanel} tabIndex={-1}>
          {device !== undefined && entity !== null && entity.chosenBy !== null && (
            <DemandBar device={device} entity={entity} chosenBy={entity.chosenBy} />
          )}
          <RowGrid
            database={database}
            table={table}
            entity={entity}
            device={device}
            revision={revision}
            label={`${table.name} on ${database.name}`}
            readOnly={readOnly}
          />
        </Tabs.Panel>
      ))}
      <Tabs.Panel value={SQL_TAB} className={styles.tabPanel} tabIndex={-1}>
        <SqlBox database={database} />
      </Tabs.Panel>
    </Tabs.Root>
  )
}

export function findTable(tables: readonly TableShape[], { schema, name }: TableName): TableShape | undefined {
  return tables.find((table) => table.schema === schema && table.name === name)
}
