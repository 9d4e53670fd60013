/**
 * What one local entity costs: rows and bytes on a device, bytes of the first sync and of a day, chance of conflicts.
 *
 *   rows on the server × share on the device = rows on the device ─► × bytes a row ─► device, wire
 *   edits a day, syncs a day ─► down and up in a day; edits a day, days away ─► conflicts
 *
 * Pure; each figure that is not measured names its assumption.
 */
import type { LocalAttribute, LocalEntity } from '@/designer/model'
import { chanceOfAny, meetingsPerEdit, overlapOfAttributes } from './conflicts'
import type { Design } from './design'
import {
  ANSWER_BYTES_PER_ENTITY,
  ASSUMED,
  ATTRIBUTES_PER_EDIT,
  CHOSEN_ON_DEMAND,
  EDIT_BYTES,
  EDIT_BYTES_PER_VALUE,
  INDEX_ENTRY_BYTES,
  OUTCOME_BYTES,
  PACKED_ANSWER_BYTES_PER_ENTITY,
  PACKED_FROM_BYTES,
  PAGE_CHARACTERS,
  PAGE_ROWS,
  PAGES_FULL,
  REQUEST_BYTES_PER_ATTRIBUTE,
  REQUEST_BYTES_PER_ENTITY,
  ROW_HEADER_BYTES,
  SYNCS_BY_EVENTS_PER_DAY,
  WORKING_DAY_SECONDS,
} from './figures'
import { rowsOnServer, shareOnDevice } from './share'
import { type AttributeSize, attributeSize, FILE_NAME_SIZE } from './sizes'

export interface EntityEstimate {
  readonly entity: string
  readonly attributes: number
  readonly rowsOnServer: number
  readonly rowsOnDevice: number
  /** Values alone. */
  readonly bytesPerRow: number
  /** With row headers, the key's index and those of the entity. */
  readonly bytesOnDevice: number
  /** Down, when everything comes for the first time, after gzip. */
  readonly firstSyncBytes: number
  /** Requests that the first sync takes if nothing else comes with it. */
  readonly firstSyncPages: number
  readonly dailyBytesDown: number
  readonly dailyBytesUp: number
  /** Syncs of its unit in a day, on one device. */
  readonly syncsPerDay: number
  /** Of all users together. */
  readonly editsPerDay: number
  /** Days from a device's reading to its edit's arrival. */
  readonly daysAway: number
  /** That an edit meets one to the same row which its author had not seen; 0 where a device does not write. */
  readonly conflictChancePerEdit: number
  /** The same, to the same attribute of the row. */
  readonly attributeConflictChancePerEdit: number
  /** Of all devices together. */
  readonly conflictsPerDay: number
  /** Whether rows, share and sizes are all counted or said, and none is guessed. */
  readonly measured: boolean
  /** What had to be assumed, to be read after "assumes". */
  readonly assumptions: readonly string[]
}

export interface EstimateOptions {
  /** Rows in a device's scope that were counted on data, by entity. */
  readonly countedRows?: Readonly<Record<string, number>>
}

/** Null where the entity, or the table that it is made of, is not there. */
export function entityEstimate(project: Design, id: string, options: EstimateOptions = {}): EntityEstimate | null {
  const entity = project.localEntities[id]
  const root = project.serverEntities[entity?.root ?? '']
  if (entity === undefined || root === undefined) return null
  const { requirements } = project
  const own = requirements.entities[id]
  const users = requirements.users ?? ASSUMED.users
  const devices = users * (requirements.devicesPerUser ?? ASSUMED.devicesPerUser)

  const rows = rowsOnServer(project, entity)
  const editsPerDay = own?.editsPerDay ?? requirements.editsPerDay ?? rows.value * ASSUMED.editedPerDay
  const syncsPerDay = syncsOf(project, id)
  const share = shareOnDevice(project, entity, options.countedRows?.[id])
  const daysAway = Math.max(requirements.daysOffline ?? ASSUMED.daysOffline, 1 / Math.max(syncsPerDay, 1e-6) / 2)

  const row = rowSize(project, entity)
  const held = heldRows(entity, rows.value * share.value, { editsPerDay, devices, daysAway })
  const pulls = entity.direction !== 'up' && entity.pattern.kind !== 'append-only'
  const pulled = pulls ? held : 0
  const changes = pulls ? editsPerDay * (rows.value === 0 ? 0 : pulled / rows.value) : 0

  const overhead = REQUEST_BYTES_PER_ENTITY + REQUEST_BYTES_PER_ATTRIBUTE * row.attributes
  const whole = pulled * row.packedBytes + PACKED_ANSWER_BYTES_PER_ENTITY
  const writes = entity.direction !== 'down'
  const editsOfDevice = writes ? editsPerDay / devices : 0
  const changedByEdit = Math.max(1, ATTRIBUTES_PER_EDIT * row.attributes)

  const met = writes && entity.pattern.kind !== 'append-only'
  const meetings = met
    ? meetingsPerEdit({
        rows: rows.value,
        editsPerDay,
        daysAway,
        devices,
        editorsPerRecord: own?.editorsPerRecord ?? requirements.editorsPerRecord,
      })
    : 0
  const byAttribute = chanceOfAny(meetings * overlapOfAttributes(row.attributes, changedByEdit))
  const chance = chanceOfAny(meetings)
  const compared = 'granularity' in entity.pattern ? entity.pattern.granularity : 'attribute'
  const guesses = [
    ...(rows.measured ? [] : [`${ASSUMED.rows.toLocaleString('en')} rows on the server`]),
    ...(share.from === 'guessed' ? ['a share of the rows guessed from the scope'] : []),
    // Of no rows the size does not matter.
    ...(row.guessed === 0 || held === 0 ? [] : [`the size of ${row.guessed} of ${row.attributes} attributes by type`]),
    ...(entity.pattern.kind === 'on-demand' ? [`${CHOSEN_ON_DEMAND * 100} % of the rows chosen by the app`] : []),
  ]
  const unsaid = [
    ...(own?.editsPerDay == null && requirements.editsPerDay === null
      ? [`${ASSUMED.editedPerDay * 100} % of the rows edited in a day`]
      : []),
    ...(requirements.users === null ? [`${ASSUMED.users} users`] : []),
  ]
  return {
    entity: id,
    attributes: row.attributes,
    rowsOnServer: rows.value,
    rowsOnDevice: Math.round(held),
    bytesPerRow: row.storedBytes,
    bytesOnDevice: Math.round((held * row.onDeviceBytes) / PAGES_FULL),
    firstSyncBytes: Math.round(whole),
    firstSyncPages: pagesOf(pulled, row.textBytes),
    dailyBytesDown: Math.round(
      entity.pattern.kind === 'read-only'
        ? syncsPerDay * whole
        : syncsPerDay * ANSWER_BYTES_PER_ENTITY + delta(changes, syncsPerDay, row) + editsOfDevice * OUTCOME_BYTES,
    ),
    dailyBytesUp: Math.round(syncsPerDay * overhead + editsOfDevice * editBytes(entity, row, changedByEdit)),
    syncsPerDay,
    editsPerDay,
    daysAway,
    conflictChancePerEdit: chance,
    attributeConflictChancePerEdit: byAttribute,
    conflictsPerDay: editsPerDay * (compared === 'row' ? chance : byAttribute),
    measured: guesses.length === 0,
    assumptions: [...guesses, ...unsaid],
  }
}

export const pagesOf = (rows: number, textBytesPerRow: number): number =>
  Math.max(1, Math.ceil(rows / PAGE_ROWS), Math.ceil((rows * textBytesPerRow) / PAGE_CHARACTERS))

interface RowSize {
  readonly attributes: number
  readonly storedBytes: number
  readonly onDeviceBytes: number
  readonly textBytes: number
  readonly packedBytes: number
  /** How many attributes have no measured size. */
  readonly guessed: number
}

/** An attribute that is brought on demand costs nothing until then; of a file, a row has the name. */
function rowSize(project: Design, entity: LocalEntity): RowSize {
  const sizes = Object.values(entity.attributes).flatMap((attribute) => {
    const size = attribute.transfer === 'on-demand' ? null : sizeInRow(project, entity, attribute)
    return size === null ? [] : [{ ...size, attribute }]
  })
  const sum = (of: (size: (typeof sizes)[number]) => number): number =>
    sizes.reduce((total, size) => total + of(size), 0)
  const key = new Set(project.serverEntities[entity.root]?.primaryKey)
  const keyBytes = sum(({ attribute: { source }, storedBytes }) =>
    source.kind === 'root' && key.has(source.attribute) ? storedBytes : 0,
  )
  const indexBytes = Object.values(entity.indexes).reduce(
    (total, index) =>
      total +
      INDEX_ENTRY_BYTES +
      sum(({ attribute, storedBytes }) => (index.attributes.includes(attribute.id) ? storedBytes : 0)),
    0,
  )
  const storedBytes = sum((size) => size.storedBytes)
  return {
    attributes: sizes.length,
    storedBytes,
    onDeviceBytes: storedBytes + ROW_HEADER_BYTES + INDEX_ENTRY_BYTES + keyBytes + indexBytes,
    textBytes: sum((size) => size.textBytes),
    packedBytes: sum((size) => size.packedBytes),
    guessed: sizes.filter(({ measured }) => !measured).length,
  }
}

function sizeInRow(project: Design, entity: LocalEntity, attribute: LocalAttribute): AttributeSize | null {
  const size = attributeSize(project, entity, attribute)
  return size === null || attribute.transfer !== 'file' ? size : FILE_NAME_SIZE
}

interface Editing {
  readonly editsPerDay: number
  readonly devices: number
  readonly daysAway: number
}

/** Rows that are on the device at a time. */
function heldRows(entity: LocalEntity, inScope: number, { editsPerDay, devices, daysAway }: Editing): number {
  switch (entity.pattern.kind) {
    case 'append-only':
      // What was sent is forgotten there.
      return (editsPerDay / devices) * daysAway
    case 'on-demand':
      return inScope * CHOSEN_ON_DEMAND
    case 'read-only':
    case 'read-only-delta':
    case 'last-write-wins':
    case 'conflict-detection':
    case 'one-to-many':
    case 'merge':
      return entity.direction === 'up' ? (editsPerDay / devices) * daysAway : inScope
  }
}

/** Changed rows of a day; an answer is packed where a single one is large. */
function delta(changes: number, syncsPerDay: number, row: RowSize): number {
  const perSync = (changes * row.textBytes) / Math.max(syncsPerDay, 1)
  return changes * (perSync < PACKED_FROM_BYTES ? row.textBytes : row.packedBytes)
}

/** Values travel as they are set and as they were; where conflicts are handled, the whole row as it was. */
function editBytes(entity: LocalEntity, row: RowSize, changed: number): number {
  const value = EDIT_BYTES_PER_VALUE + row.textBytes / Math.max(1, row.attributes)
  const whole = row.attributes * value
  switch (entity.pattern.kind) {
    case 'append-only':
      return EDIT_BYTES + whole
    case 'conflict-detection':
    case 'one-to-many':
      return EDIT_BYTES + changed * value + whole
    case 'read-only':
    case 'read-only-delta':
    case 'last-write-wins':
    case 'merge':
    case 'on-demand':
      return EDIT_BYTES + 2 * changed * value
  }
}

/** A device that is offline for days syncs once in that time, whatever its triggers. */
function syncsOf(project: Design, id: string): number {
  const unit = Object.values(project.syncUnits).find(({ entities }) => id in entities)
  if (unit === undefined) return 0
  const { intervalInSeconds, ...events } = unit.triggers
  const byEvents = Object.values(events).some((trigger) => trigger !== false && trigger !== null)
  const byInterval = intervalInSeconds === null ? 0 : WORKING_DAY_SECONDS / intervalInSeconds
  const daysOffline = project.requirements.daysOffline ?? ASSUMED.daysOffline
  const online = byInterval + (byEvents ? SYNCS_BY_EVENTS_PER_DAY : 0)
  return Math.min(Math.max(online, 1), daysOffline >= 1 ? 1 / daysOffline : Number.POSITIVE_INFINITY)
}
