/**
 * Ways in which sync goes wrong elsewhere, each as the smallest scenario that shows it, on every pattern that could be
 * hit. Run for each store on PGlite, and for the server's side on PostgreSQL.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database, Storage } from '../contract'
import { type Lab, type LabDevice, type Place, startLab } from './lab'
import { type PatternLetter, patternBundle } from './pattern-bundle'

export interface Ground {
  readonly openServerDatabase: () => Promise<Database>
  readonly openPlace: () => Promise<Place>
  /** A place that can be opened again after its device was killed. */
  readonly openLastingPlace: () => Promise<Place>
  /** Patterns for which a device is killed at each commit: all, if not given. */
  readonly killedPatterns?: readonly PatternLetter[]
  /** Scenarios that need a transaction left open beside the server's own connection. */
  readonly openSecondConnection?: () => Promise<Database>
}

const WRITING: readonly PatternLetter[] = ['L', 'C', 'M']
const ALL: readonly PatternLetter[] = ['R', 'D', 'L', 'C', 'M']

export function describeAnomalies(name: string, ground: Ground): void {
  describe(name, () => {
    let lab: Lab
    const start = async (
      letter: PatternLetter,
      options: { decidedBy?: 'arrival' | 'edit-time'; pageRows?: number } = {},
    ) => {
      lab = await startLab(
        patternBundle(letter, options.decidedBy),
        await ground.openServerDatabase(),
        ground.openPlace,
        options,
      )
      return lab
    }
    /** A device that has synced once. */
    const synced = async (
      deviceName: string,
      ...options: Parameters<Lab['device']> extends [string, ...infer Rest] ? Rest : never
    ) => {
      const device = await lab.device(deviceName, ...options)
      expect(await device.sync()).toMatchObject({ kind: 'completed' })
      return device
    }
    beforeEach(() => {
      lab = undefined as unknown as Lab
    })
    afterEach(() => lab?.close())

    const { openSecondConnection } = ground
    if (openSecondConnection) {
      it.each(ALL)('A01 L1 a change that commits late arrives (%s)', async (letter) => {
        await start(letter)
        const device = await synced('one')
        const other = await openSecondConnection()
        let commit = () => {}
        const held = new Promise<void>((resolve) => {
          commit = resolve
        })
        let written = () => {}
        const isWritten = new Promise<void>((resolve) => {
          written = resolve
        })
        const late = other.transaction(async (tx) => {
          await tx.query(`update companies set city = 'Late' where id = 1`)
          written()
          await held
        })
        await isWritten
        await lab.database.query(`update companies set city = 'Soon' where id = 2`)
        await device.sync()
        commit()
        await late
        await device.sync()
        expect(await cities(device)).toMatchObject({ 1: 'Late', 2: 'Soon' })
        await other.close()
      })
    }

    it.each(WRITING)('A02 L4 an edit made during a sync is neither lost nor overwritten (%s)', async (letter) => {
      await start(letter)
      const device = await synced('one')
      await lab.database.query(`update companies set city = 'Server' where id = 2`)
      device.beforeAnswer(async () => {
        device.beforeAnswer(null)
        await update(device, 1, { city: 'Mine' })
      })
      await device.sync()
      expect(await cities(device)).toMatchObject({ 1: 'Mine', 2: 'Server' })
      await device.sync()
      expect(await serverCities(lab)).toMatchObject({ 1: 'Mine', 2: 'Server' })
    })

    it.each(WRITING)('A03 P1 a lost answer does not insert a row twice (%s)', async (letter) => {
      await start(letter)
      const device = await synced('one')
      await device.device.entities.Companies?.create({ name: 'Fir' })
      device.beforeAnswer(async () => {
        device.beforeAnswer(null)
        throw new TypeError('The answer was lost.')
      })
      expect(await device.sync()).toMatchObject({ kind: 'failed' })
      expect(await device.sync()).toMatchObject({ kind: 'completed' })
      expect(await lab.database.query(`select count(*)::int as rows from companies where name = 'Fir'`)).toEqual([
        { rows: 1 },
      ])
      await expectEqualToServer(lab, device)
    })

    it.each([
      ['L', 'arrival'],
      ['L', 'edit-time'],
      ['M', 'arrival'],
    ] as const)(
      'A05 F7 a clock that is ahead does not win over a later edit (%s, by %s)',
      async (letter, decidedBy) => {
        await start(letter, { decidedBy })
        let nowMs = Date.UTC(2026, 4, 6)
        lab.setTime(nowMs)
        const ahead = await synced('ahead', { now: () => nowMs + 2 * 3_600_000 })
        const right = await synced('right', { now: () => nowMs })
        await update(ahead, 1, { city: 'First' })
        nowMs += 60_000
        lab.setTime(nowMs)
        await ahead.sync()
        await update(right, 1, { city: 'Later' })
        nowMs += 60_000
        lab.setTime(nowMs)
        await right.sync()
        expect(await serverCities(lab)).toMatchObject({ 1: 'Later' })
      },
    )

    it.each(WRITING)('A08 F2 an update of a deleted row does not vanish (%s)', async (letter) => {
      await start(letter)
      const device = await synced('one')
      await lab.database.query('delete from companies where id = 3')
      await update(device, 3, { city: 'Kept' })
      await device.sync()
      await device.sync()
      expect(await waiting(device)).toContainEqual(expect.objectContaining({ city: 'Kept' }))
    })

    it.each(['D', ...WRITING] as const)(
      'A11 L6 a device that was away longer than deletions are kept loses the row (%s)',
      async (letter) => {
        await start(letter)
        const device = await synced('one')
        await lab.database.query('delete from companies where id = 3')
        await forgetAll(lab)
        await device.sync()
        expect(Object.keys(await cities(device))).toEqual(['1', '2', '4', '5'])
      },
    )

    it.each(WRITING)(
      'A11 L6 F2 and its edit of that row neither brings the row back nor vanishes (%s)',
      async (letter) => {
        await start(letter)
        const device = await synced('one')
        await update(device, 3, { city: 'Kept' })
        await update(device, 4, { city: 'Sent' })
        await lab.database.query('delete from companies where id = 3')
        await forgetAll(lab)
        await device.sync()
        await device.sync()
        expect(await serverCities(lab)).not.toHaveProperty('3')
        expect(await waiting(device)).toContainEqual(expect.objectContaining({ city: 'Kept' }))
        const sent = (await serverCities(lab))[4] === 'Sent'
        expect(sent || (await waiting(device)).some((values) => values.city === 'Sent')).toBe(true)
      },
    )

    it.each(WRITING)('A13 F2 P3 a unique value that was taken twice holds up nothing else (%s)', async (letter) => {
      await start(letter)
      const [first, second] = [await synced('first'), await synced('second')]
      await first.device.entities.Companies?.create({ code: 'DE123', name: 'Mine' })
      await second.device.entities.Companies?.create({ code: 'DE123', name: 'Theirs' })
      await update(second, 1, { city: 'Goes on' })
      await first.sync()
      await second.sync()
      expect(await serverCities(lab)).toMatchObject({ 1: 'Goes on' })
      expect(await lab.database.query(`select name from companies where code = 'DE123'`)).toEqual([{ name: 'Mine' }])
      expect(await waiting(second)).toContainEqual(expect.objectContaining({ name: 'Theirs' }))
    })

    it('A17 F2 a child of a parent that was deleted meanwhile is kept as a conflict (M)', async () => {
      await start('M')
      const device = await synced('one')
      await lab.database.query('delete from companies where id = 5')
      await device.device.entities.Contacts?.create({ company_id: 5, name: 'Eve' })
      await device.sync()
      expect(await device.device.conflicts.list()).toMatchObject([
        { kind: 'parent-missing', entity: 'Contacts', local: { name: 'Eve' } },
      ])
    })

    it.each(['R', 'D', ...WRITING] as const)(
      'A18 A34 L2 L9 no reader sees a broken reference, or half of a sync (%s)',
      async (letter) => {
        await start(letter, { pageRows: 1 })
        const device = await synced('one')
        await lab.database.transaction(async (tx) => {
          await tx.execute(`delete from contacts; delete from companies;
          insert into companies (id, code, name) values (11, 'K', 'New'), (12, 'L', 'Newer'), (13, 'M', 'Newest');
          insert into contacts values ('00000000-0000-4000-8000-000000000011', 11, 'Kay'), ('00000000-0000-4000-8000-000000000012', 12, 'Lou');`)
        })
        const seen = new Set<string>()
        device.beforeAnswer(async () => {
          seen.add(await picture(device))
        })
        await device.sync()
        seen.add(await picture(device))
        expect([...seen]).toEqual(['1,2,3,4,5 | 1,2', '11,12,13 | 11,12'])
      },
    )

    it.each(WRITING)('A21 P3 each transaction has an outcome of its own (%s)', async (letter) => {
      await start(letter)
      const device = await synced('one')
      for (const id of [1, 2, 3]) await update(device, id, { city: 'Taken' })
      await update(device, 4, { name: 'refused' })
      await update(device, 5, { city: 'Taken' })
      await device.sync()
      expect(await serverCities(lab)).toEqual({ 1: 'Taken', 2: 'Taken', 3: 'Taken', 4: null, 5: 'Taken' })
      expect(await device.device.quarantine.list()).toMatchObject([
        { reason: 'constraint', edits: [{ set: { name: 'refused' } }] },
      ])
      expect(device.device.sync.status.pending).toBe(0)
    })

    it.each(WRITING)('A23 P6 what the server refused is not shown any more (%s)', async (letter) => {
      await start(letter)
      const device = await synced('one')
      await update(device, 4, { name: 'refused' })
      await device.sync()
      await expectEqualToServer(lab, device)
    })

    it.each(ALL)(
      'A27 L5 a row that was given away leaves the device, and no other key is told (%s)',
      async (letter) => {
        await start(letter)
        const device = await synced('one')
        await lab.database.execute(`update companies set region = 'S' where id = 2; insert into companies (id, name, region) values (99, 'Far', 'S');
        update companies set name = 'Farther' where id = 99`)
        await device.sync()
        expect(await picture(device)).toBe('1,3,4,5 | 1')
      },
    )

    it.each(ALL)('A27 L6 changed claims bring what they allow and take the rest away (%s)', async (letter) => {
      await start(letter)
      await lab.database.execute(`insert into companies (id, name, region) values (98, 'Far', 'S')`)
      const device = await synced('one')
      lab.setClaims({ region: 'S' })
      await device.sync()
      expect(await picture(device)).toBe('98 | ')
    })

    it.each(['D', 'L', 'C'] as const)(
      'A29 V1 V2 microseconds survive, and nothing comes twice (%s)',
      async (letter) => {
        await start(letter)
        const device = await synced('one')
        expect(await device.sync()).toMatchObject({ kind: 'completed', pulledRows: 0 })
        if (letter === 'D') {
          await lab.database.query(`update companies set changed = '2026-05-04 03:02:01.123457+00' where id = 1`)
          await device.sync()
          expect((await device.companies())[0]?.changed).toBe('2026-05-04 03:02:01.123457+00')
          return
        }
        await update(device, 1, { city: 'Mine' })
        await device.sync()
        expect(await device.device.conflicts.list()).toEqual([])
        expect(await lab.database.query('select city, changed from companies where id = 1')).toEqual([
          { city: 'Mine', changed: '2026-05-04 03:02:01.123456+00' },
        ])
      },
    )

    it.each(ground.killedPatterns ?? ALL)(
      'A30 L2 D1 killed between any two commits, a device misses nothing (%s)',
      async (letter) => {
        for (let fatal = 1; ; fatal += 1) {
          if (fatal > 1) await lab.close()
          await start(letter)
          const place = await ground.openLastingPlace()
          const mortal = await killedAtCommit(place, fatal)
          const victim = await lab.device('victim', { place: { open: async () => mortal.storage } }).catch(() => null)
          if (victim) await victim.sync()
          const wasKilled = mortal.wasKilled()
          await (victim ? victim.device.close() : mortal.storage.close()).catch(() => undefined)
          const again = await lab.device('again', { place })
          expect(await again.sync()).toMatchObject({ kind: 'completed' })
          await expectEqualToServer(lab, again)
          if (!wasKilled) break
          expect(fatal).toBeLessThan(40)
        }
      },
    )
  })
}

/** What was when the first purge ran is older than any retention when the second does. */
async function forgetAll({ server, database }: Lab): Promise<void> {
  await server.purge()
  await server.purge()
  expect(await database.query('select count(*)::int as entries from syncline.track_se_companies')).toEqual([
    { entries: 0 },
  ])
}

async function update({ device }: LabDevice, id: number, changes: Record<string, string>): Promise<void> {
  await device.entities.Companies?.update(id, changes)
}

async function cities(device: LabDevice): Promise<Record<string, unknown>> {
  return Object.fromEntries((await device.companies()).map(({ id, city }) => [String(id), city]))
}

async function serverCities({ database }: Lab): Promise<Record<string, unknown>> {
  const rows = await database.query('select id, city from companies order by id')
  return Object.fromEntries(rows.map(({ id, city }) => [String(id), city]))
}

/** The companies that can be seen, and those to which the contacts refer: all of these must be among the first. */
async function picture(device: LabDevice): Promise<string> {
  const number = (values: readonly unknown[]) => values.map(Number).toSorted((a, b) => a - b)
  const companies = number((await device.companies()).map(({ id }) => id))
  const referred = number((await device.contacts()).map(({ company_id }) => company_id))
  return `${companies} | ${referred}`
}

/** What was written here and waits for a person, in quarantine or as a conflict. */
async function waiting({ device }: LabDevice): Promise<readonly { readonly [name: string]: string | null }[]> {
  const refused = (await device.quarantine.list()).flatMap(({ edits }) => edits.map(({ set }) => set))
  const parked = (await device.conflicts.list()).flatMap(({ local }) => (local ? [local] : []))
  return [...refused, ...parked]
}

async function expectEqualToServer({ database }: Lab, device: LabDevice): Promise<void> {
  const companies = await database.query('select * from companies order by id')
  const contacts = await database.query('select * from contacts order by id')
  expect({ companies: await device.companies(), contacts: await device.contacts() }).toEqual({ companies, contacts })
}

/** A storage of which the n-th transaction of the sync does everything but commit; afterwards it is dead. */
async function killedAtCommit(
  place: Place,
  fatal: number,
): Promise<{ readonly storage: Storage; readonly wasKilled: () => boolean }> {
  const storage = await place.open()
  let commits = 0
  return {
    wasKilled: () => commits >= fatal,
    storage: {
      ...storage,
      openTables: async (bundle, ports) => {
        const tables = await storage.openTables(bundle, ports)
        return {
          ...tables,
          sync: (fn) =>
            tables.sync(async (tx) => {
              const result = await fn(tx)
              commits += 1
              if (commits >= fatal) throw new Error('Killed.')
              return result
            }),
        }
      },
    },
  }
}
