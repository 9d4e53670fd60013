/** One fault in the shop for each rule of the checklist. */
import {
  inOrder,
  type LocalEntity,
  type Pattern,
  type Project,
  type ServerEntity,
  type SyncUnit,
  setEntityRequirement,
  setPatternKind,
  setRequirement,
} from '@/designer/model'
import type { DiagnosticCode } from '../diagnostics'

export type ChecklistCode = Extract<DiagnosticCode, `SL60${string}`>

type Fault = readonly [fault: (project: Project) => void, says: RegExp]

function entity(project: Project, name: string): LocalEntity {
  const found = Object.values(project.localEntities).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`The shop has no ${name}.`)
  return found
}

function root(project: Project, name: string): ServerEntity {
  const found = project.serverEntities[entity(project, name).root]
  if (found === undefined) throw new Error(`The shop has no table ${name}.`)
  return found
}

function unit(project: Project): SyncUnit {
  const [found] = Object.values(project.syncUnits)
  if (found === undefined) throw new Error('The shop has no unit.')
  return found
}

function setRows(project: Project, name: string, rows: number): void {
  root(project, name).rowEstimate = rows
}

/** Adds a column to the table and brings it. */
function addColumn(project: Project, name: string, column: string, type: string, averageBytes: number | null): void {
  const table = root(project, name)
  const local = entity(project, name)
  const order = 100 + Object.keys(table.attributes).length
  const base = { order, name: column, type, typeId: null, nullable: true, default: null, identity: null }
  table.attributes[`sa_x_${column}`] = { ...base, id: `sa_x_${column}`, generated: null, comment: null, averageBytes }
  local.attributes[`la_x_${column}`] = {
    id: `la_x_${column}`,
    name: column,
    order,
    source: { kind: 'root', attribute: `sa_x_${column}` },
    sensitive: false,
    readOnly: false,
    required: false,
    default: null,
    transfer: 'inline',
  }
}

function setConflicts(project: Project, name: string, settings: Partial<Pattern>): void {
  const { id } = entity(project, name)
  setPatternKind(project, id, 'conflict-detection')
  const { pattern } = entity(project, name)
  Object.assign(pattern, settings)
}

export const CHECKLIST_FAULTS: Readonly<Record<ChecklistCode, Fault>> = {
  SL6001: [
    (project) => {
      for (let index = 0; index < 30; index += 1) addColumn(project, 'customers', `extra_${index}`, 'text', 10)
    },
    /brings 34 attributes of 34 columns, .* a row/,
  ],
  SL6002: [
    (project) => {
      const table = root(project, 'visits')
      for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
        const twin = structuredClone(root(project, 'customers'))
        const id = `se_${name}`
        project.serverEntities[id] = { ...twin, id, name, foreignKeys: {} }
        project.localEntities[`le_${name}`] = {
          ...structuredClone(entity(project, 'customers')),
          id: `le_${name}`,
          name,
          root: id,
        }
        unit(project).entities[`le_${name}`] = { order: 50 + index }
        addColumn(project, 'visits', `${name}_id`, 'character varying(5)', 5)
        table.foreignKeys[`fk_${name}`] = {
          id: `fk_${name}`,
          name,
          attributes: [`sa_x_${name}_id`],
          entity: id,
          referencedAttributes: twin.primaryKey,
          onDelete: 'no-action',
          onUpdate: 'no-action',
          deferrable: false,
        }
      }
    },
    /joins 5 tables: a, b, c, d, e/,
  ],
  SL6003: [(project) => setRows(project, 'customers', 250_000), /all 250,000 rows of "customers": \d+ MB/],
  SL6004: [
    (project) => {
      setRows(project, 'customers', 3_000)
      setPatternKind(project, entity(project, 'customers').id, 'read-only')
    },
    /brings all 3,000 rows of "customers" anew: \d+ KB each time/,
  ],
  SL6005: [
    (project) => addColumn(project, 'customers', 'card_number', 'text', 16),
    /"card_number" of "customers" looks sensitive by its name \(card_number\)/,
  ],
  SL6006: [
    (project) => {
      const node = { lane: 'device', label: null, disabled: false, entities: [], settings: {} } as const
      project.flows[unit(project).flow] = {
        id: unit(project).flow,
        name: 'Own',
        kind: 'own',
        nodes: { no_a: { ...node, id: 'no_a', kind: 'try-catch', entities: [] } },
        edges: {},
      }
    },
    /catches errors in 1 of 1 steps and tells nobody/,
  ],
  SL6007: [
    (project) => {
      const code = "device.sync.on('complete', () => device.sync.trigger('Default'))"
      project.actions['ac_x'] = { id: 'ac_x', name: 'Again', order: 1, side: 'client', code }
    },
    /"Again" listens for the end of a sync and triggers one/,
  ],
  SL6008: [
    (project) => {
      unit(project).triggers.afterLocalChangeInSeconds = 5
      setRows(project, 'visits', 400)
      setPatternKind(project, entity(project, 'visits').id, 'read-only')
    },
    /5 s after a local change "Default" syncs all of its 4 entities, of which 3 .* brings [\d.]+ KB anew \(visits\)/,
  ],
  SL6009: [
    (project) => {
      setRequirement(project, 'connection', '3g')
      setRows(project, 'visits', 2_000_000)
    },
    /first sync of "Default" takes about \d+ min on 3G: \d+ MB, most of it "visits"/,
  ],
  SL6010: [
    (project) => setConflicts(project, 'customers', { blocksSync: true }),
    /waits for a person and stops sync on its device, about [\d. a-z]+ a day/,
  ],
  SL6011: [
    (project) => {
      setRows(project, 'customers', 9_000_000)
      setEntityRequirement(project, entity(project, 'customers').id, 'shareOnDevice', 0.9)
    },
    /would hold [\d.]+ (GB|MB) in 8,1\d\d,\d{3} rows.*The largest: "customers"/,
  ],
  SL6012: [
    (project) => {
      setRows(project, 'visits', 900)
      addColumn(project, 'visits', 'photo', 'bytea', 80_000)
    },
    /"photo" of "visits" \(bytea\) is 78 KB a row, 69 MB on each device/,
  ],
  SL6013: [
    (project) => {
      unit(project).triggers.intervalInSeconds = 10
    },
    /syncs every 10 s, 2,880 times in a working day: [\d.]+ MB a day/,
  ],
  SL6014: [
    (project) => {
      setRequirement(project, 'editorsPerRecord', 3)
      // Of the others it is left open how many edit.
      for (const [id, { name }] of inOrder(project.localEntities)) {
        if (name !== 'customers') setEntityRequirement(project, id, 'editsPerDay', 0)
      }
    },
    /\d+ % of the edits of "customers" meet one to the same attribute, about .* a day/,
  ],
}
