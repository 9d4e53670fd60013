/** Worked examples of docs/ADVICE.md: each figure can be followed by hand. */
import { describe, expect, it } from 'vitest'
import { type Project, projectFromSchema, setEntityRequirement, setRequirement, setScope } from '@/designer/model'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { firstSyncSeconds, projectBudget, transferSeconds } from './budget'
import { chanceOfAny, meetingsPerEdit, overlapOfAttributes } from './conflicts'
import { entityEstimate } from './estimate'
import { withPattern } from './recommend'
import { sizeOf } from './sizes'

/** One table of 10,000 rows: a key of 4 bytes and a text of 20, both measured. */
function notes(): { readonly project: Project; readonly id: string } {
  const schema = buildSchema({
    notes: {
      attributes: {
        id: { type: 'integer', nullable: false, averageBytes: 4 },
        body: { type: 'text', averageBytes: 20 },
      },
      key: ['id'],
    },
  })
  for (const table of Object.values(schema.serverEntities)) table.rowEstimate = 10_000
  const made = projectFromSchema({ schema, name: 'Notes' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return { project: made.project, id: Object.keys(made.project.localEntities)[0] ?? '' }
}

const claimed = { kind: 'filter', filter: equals({ kind: 'claim', name: 'area' }) } as const
function equals(right: { kind: 'claim'; name: string }) {
  const left = { kind: 'attribute' as const, attribute: 'sa_notes_body' }
  return { kind: 'compare' as const, operator: '=' as const, left, right: [right] }
}

describe('entityEstimate', () => {
  it('follows from rows, sizes and what the wire and the database add', () => {
    const { project, id } = notes()
    // Stored: 24 values + 28 header + 16 index entry + 4 key = 72 bytes a row, on pages that are nine tenths full.
    // On the wire: (4 + 2) × 0.28 + (20 + 2) × 0.37 = 9.82 bytes a row, and 40 for the cursor.
    expect(entityEstimate(project, id)).toMatchObject({
      rowsOnServer: 10_000,
      rowsOnDevice: 10_000,
      bytesPerRow: 24,
      bytesOnDevice: 800_000,
      firstSyncBytes: 98_240,
      firstSyncPages: 1,
      measured: true,
    })
  })

  it('says what it assumes, and nothing more once it is said', () => {
    const { project, id } = notes()
    expect(entityEstimate(project, id)?.assumptions).toEqual(['1 % of the rows edited in a day', '20 users'])
    setRequirement(project, 'users', 10)
    setRequirement(project, 'editsPerDay', 200)
    expect(entityEstimate(project, id)?.assumptions).toEqual([])
    const root = Object.values(project.serverEntities)[0]
    if (root) root.rowEstimate = null
    expect(entityEstimate(project, id)).toMatchObject({
      rowsOnServer: 1_000,
      measured: false,
      assumptions: ['1,000 rows on the server'],
    })
  })

  it('takes the share that is said, then the one that was counted, then a guess from the scope', () => {
    const { project, id } = notes()
    setRequirement(project, 'users', 10)
    setScope(project, id, claimed)
    expect(entityEstimate(project, id)).toMatchObject({ rowsOnDevice: 1_000, measured: false })
    expect(entityEstimate(project, id, { countedRows: { [id]: 2_500 } })).toMatchObject({
      rowsOnDevice: 2_500,
      measured: true,
    })
    setEntityRequirement(project, id, 'shareOnDevice', 0.03)
    expect(entityEstimate(project, id, { countedRows: { [id]: 2_500 } })?.rowsOnDevice).toBe(300)
  })

  it('makes a full refresh pay all rows at each sync, and a delta only what changed', () => {
    const { project, id } = notes()
    setRequirement(project, 'editsPerDay', 100)
    const unit = Object.values(project.syncUnits)[0]
    if (unit) unit.triggers = { ...unit.triggers, intervalInSeconds: 3600, syncOnOnline: true }
    // Every hour of a working day, and four times by events.
    expect(entityEstimate(project, id)?.syncsPerDay).toBe(12)
    const whole = entityEstimate(withPattern(project, id, 'read-only'), id)
    expect(whole?.dailyBytesDown).toBe(12 * 98_240)
    // 12 empty answers of 130 bytes, and 100 changed rows of 28 characters.
    const delta = entityEstimate(withPattern(project, id, 'read-only-delta'), id)
    expect(delta?.dailyBytesDown).toBe(12 * 130 + 100 * 28)
    // 12 requests of 200 bytes and 16 for each attribute; nothing is written.
    expect(delta?.dailyBytesUp).toBe(12 * 232)
  })

  it('brings nothing where rows are only sent, and leaves few where the app chooses', () => {
    const { project, id } = notes()
    setRequirement(project, 'editsPerDay', 200)
    setRequirement(project, 'daysOffline', 2)
    const sent = entityEstimate(withPattern(project, id, 'append-only'), id)
    expect(sent).toMatchObject({ rowsOnDevice: 20, firstSyncBytes: 40, conflictsPerDay: 0, syncsPerDay: 0.5 })
    expect(entityEstimate(withPattern(project, id, 'on-demand'), id)?.rowsOnDevice).toBe(500)
  })

  it('counts more conflicts by row than by attribute, and none where the device does not write', () => {
    const { project, id } = notes()
    setRequirement(project, 'editsPerDay', 1_000)
    setRequirement(project, 'daysOffline', 1)
    const estimate = entityEstimate(project, id)
    // Of 1,000 edits in a day 950 are others'; crowded 3.25 times on 10,000 rows, half of them come first.
    expect(estimate?.conflictChancePerEdit).toBeCloseTo(1 - Math.exp((-3.25 * 950) / 10_000 / 2), 6)
    expect(estimate?.attributeConflictChancePerEdit).toBeLessThan(estimate?.conflictChancePerEdit ?? 0)
    expect(entityEstimate(withPattern(project, id, 'read-only-delta'), id)?.conflictsPerDay).toBe(0)
  })

  it('is null for what is not there', () => {
    const { project, id } = notes()
    expect(entityEstimate(project, 'le_gone')).toBeNull()
    project.serverEntities = {}
    expect(entityEstimate(project, id)).toBeNull()
    expect(projectBudget(project).total).toMatchObject({ rowsOnDevice: 0, firstSync: { '3g': 0 } })
  })
})

describe('the chance that edits meet', () => {
  it('is known at once where the editors of a record are', () => {
    const three = { rows: 1, editsPerDay: 1, daysAway: 1, devices: 9, editorsPerRecord: 3 }
    expect(chanceOfAny(meetingsPerEdit(three))).toBeCloseTo(1 - Math.exp(-1), 6)
    expect(meetingsPerEdit({ ...three, editorsPerRecord: 1 })).toBe(0)
  })

  it('is none with one device, and grows with the time away', () => {
    const some = { rows: 1_000, editsPerDay: 100, daysAway: 1, devices: 10, editorsPerRecord: null }
    expect(meetingsPerEdit({ ...some, devices: 1 })).toBe(0)
    expect(meetingsPerEdit({ ...some, daysAway: 2 })).toBeCloseTo(2 * meetingsPerEdit(some), 9)
  })

  it('is less by attribute, by how many of them an edit changes', () => {
    expect(overlapOfAttributes(1, 1)).toBe(1)
    expect(overlapOfAttributes(10, 1)).toBeCloseTo(0.1, 9)
    expect(overlapOfAttributes(8, 2)).toBeCloseTo(1 - 0.75 ** 2, 9)
  })
})

describe('sizes by type', () => {
  it.each([
    ['integer', 4, 6],
    ['uuid', 16, 38],
    ['character varying(40)', 21, 23],
    ['character varying(4000)', 41, 43],
    ['timestamp(3) with time zone', 8, 28],
    ['bytea', 50_000, 100_002],
    ['integer[]', 40, 52],
  ])('%s', (type, stored, text) => {
    const size = sizeOf({ serverTypes: {} }, { type, typeId: null, averageBytes: null })
    expect([size.storedBytes, size.textBytes, size.measured]).toEqual([stored, text, false])
  })
})

describe('seconds', () => {
  it('are bytes over bandwidth, and a round trip for each page and to connect', () => {
    expect(transferSeconds('3g', { down: 1_000_000, up: 0, roundTrips: 4 })).toBeCloseTo(5 + 1.2, 9)
    expect(transferSeconds('wifi', { down: 0, up: 1_500_000, roundTrips: 0 })).toBeCloseTo(0.8, 9)
    const { project, id } = notes()
    const estimate = entityEstimate(project, id)
    if (estimate === null) throw new Error('There is no estimate.')
    expect(firstSyncSeconds([estimate])['4g']).toBeCloseTo((8 * 98_240) / 9_000_000 + 4 * 0.17, 9)
    expect(projectBudget(project).total.firstSync).toEqual(firstSyncSeconds([estimate]))
  })
})
