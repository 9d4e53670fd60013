/** What devices and a server owe each other, on whatever database the server runs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Bundle, Database, Device, Row } from '../contract'
import { PROTOCOL_VERSION } from '../protocol/messages'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { createVirtualTime } from '../testing/virtual-time'
import { httpTransport } from '../transport'
import { systemTimers } from './ports'
import { startLab, type TestLab } from './testing-pair'

const COMPANIES = 'select id, name, city, region, parent_id, stamp from companies order by id'
const ORDERS = 'select id, company_id, title, status::text, price, due from work_orders order by id'
const PARTS = 'select * from parts_used order by 1, 2, 3'
const TABLES = [COMPANIES, ORDERS, PARTS]

export function describeSync(openDatabase: () => Promise<Database>): void {
  let lab: TestLab
  beforeEach(async () => {
    lab = await startLab(await openDatabase(), { pageRows: 10, maxBodyBytes: 400_000 })
  })
  afterEach(() => lab.close())

  const sync = async (device: Device, unit = 'Default') => {
    const outcome = await device.sync.trigger(unit)
    expect(outcome).toMatchObject({ kind: 'completed' })
  }
  const onServer = (text: string, params: unknown[] = []) => lab.database.query(text, params)
  const expectEqual = async (...devices: Device[]) => {
    for (const table of TABLES) {
      const rows = await onServer(table)
      for (const device of devices) expect(await device.query(table)).toEqual(rows)
    }
    for (const device of devices) expect(device.sync.status).toMatchObject({ pending: 0, stalled: null })
  }

  it('L1 L2 brings what the server has, and what changes there, deletes too', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await expectEqual(device)
    expect(await device.query('select count(*) from companies')).toEqual([{ count: 2 }])
    await onServer("insert into companies (name) values ('Cedar')")
    await onServer("update companies set city = 'York' where name = 'Alder Ltd'")
    await onServer("delete from companies where name = 'Birch AG'")
    await sync(device)
    await expectEqual(device)
    expect(await device.query('select name, city, stamp from companies order by id')).toEqual([
      { name: 'Alder Ltd', city: 'York', stamp: 'from the server' },
      { name: 'Cedar', city: null, stamp: 'from the server' },
    ])
  })

  it("K1 puts the server's key in the place of the temporary one, in every reference", async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const seen: number[] = []
    await device.transaction(async (tx) => {
      const [parent] = await tx.query("insert into companies (name) values ('Parent') returning id")
      const [child] = await tx.query("insert into companies (name, parent_id) values ('Child', $1) returning id", [
        parent?.id,
      ])
      const [order] = await tx.query("insert into work_orders (company_id, title) values ($1, 'pump') returning id", [
        child?.id,
      ])
      await tx.query("insert into parts_used values ($1, $2, 'seal', 2)", [order?.id, child?.id])
      seen.push(Number(parent?.id), Number(child?.id))
    })
    await device.query("update parts_used set quantity = 3 where part = 'seal'")
    await sync(device)
    await expectEqual(device)
    expect(seen.every((id) => id < 0)).toBe(true)
    expect(await device.query('select count(*) from companies where id < 0')).toEqual([{ count: 0 }])
    expect(
      await device.query(
        'select p.quantity, c.stamp, m.name from parts_used p join companies c on c.id = p.company_id join companies m on m.id = c.parent_id',
      ),
    ).toEqual([{ quantity: 3, stamp: 'from the server', name: 'Parent' }])
  })

  it('F9 converges two devices that edited offline: different rows, different attributes and the same one', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    await sync(b.device)
    a.link.set({ online: false })
    b.link.set({ online: false })
    await a.device.query("update companies set name = 'A1', city = 'A' where name = 'Alder Ltd'")
    await b.device.query("update companies set name = 'B1' where name = 'Alder Ltd'")
    await b.device.query("update companies set city = 'B' where name = 'Birch AG'")
    expect(await a.device.sync.trigger('Default')).toEqual({ kind: 'offline', unit: 'Default' })
    a.link.set({ online: true })
    await sync(a.device)
    b.link.set({ online: true })
    await sync(b.device)
    await sync(a.device)
    await expectEqual(a.device, b.device)
    expect(await onServer('select name, city from companies order by id')).toEqual([
      { name: 'B1', city: 'A' },
      { name: 'Birch AG', city: 'B' },
    ])
  })

  it('D5 syncs by itself when the network returns, in a unit that says so', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    link.set({ online: false })
    await device.query("update companies set city = 'Bath' where name = 'Alder Ltd'")
    const completed = new Promise((resolve) => device.on('syncComplete', resolve))
    link.set({ online: true })
    expect(await completed).toMatchObject({ unit: 'Default', pushedGroups: 1 })
    await expectEqual(device)
  })

  it('A02 L4 keeps an edit that is made while a sync is under way', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await onServer("update companies set name = 'Server name', city = 'Server city' where name = 'Alder Ltd'")
    lab.beforeAnswer(async () => {
      lab.beforeAnswer(null)
      await device.query("update companies set city = 'Mine' where name = 'Alder Ltd'")
    })
    await sync(device)
    expect(await device.query('select name, city from companies order by id limit 1')).toEqual([
      { name: 'Server name', city: 'Mine' },
    ])
    expect(device.sync.status.pending).toBe(1)
    await sync(device)
    await expectEqual(device)
  })

  it('A03 P1 applies a group once though its answer was lost', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    await device.query("insert into companies (name) values ('Once')")
    link.set({ answerLoss: 1 })
    expect(await device.sync.trigger('Default')).toMatchObject({
      kind: 'failed',
      error: { kind: 'unreachable', recovery: 'retry' },
    })
    expect(device.sync.status).toMatchObject({ pending: 1, stalled: { kind: 'unreachable' } })
    link.set({ answerLoss: 0 })
    await sync(device)
    expect(await onServer("select count(*) from companies where name = 'Once'")).toEqual([{ count: 1 }])
    await expectEqual(device)
  })

  it('A03 K1 gives a group whose answer was lost the same key again, though younger edits hang on it', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    const [company] = await device.query("insert into companies (name) values ('Once') returning id")
    link.set({ answerLoss: 1 })
    await device.sync.trigger('Default')
    link.set({ answerLoss: 0 })
    await device.query("insert into work_orders (company_id, title) values ($1, 'later')", [company?.id])
    await device.query("update companies set city = 'Ulm' where id = $1", [company?.id])
    await sync(device)
    await expectEqual(device)
    expect(
      await onServer("select c.city from work_orders o join companies c on c.id = o.company_id where title = 'later'"),
    ).toEqual([{ city: 'Ulm' }])
  })

  it("A21 A23 P3 P6 puts a refused group aside with its reason, shows the server's row again and sends the others", async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const [order] = await device.query("insert into work_orders (company_id, title) values (1, 'pump') returning id")
    await device.query("insert into parts_used values ($1, 1, 'seal', 1)", [order?.id])
    await sync(device)
    await device.query('update parts_used set quantity = -5')
    await device.query("update companies set city = 'Rome' where id = 1")
    await sync(device)
    expect(await device.query('select quantity from parts_used')).toEqual([{ quantity: 1 }])
    await expectEqual(device)
    expect(await onServer('select city from companies where id = 1')).toEqual([{ city: 'Rome' }])
    const [group] = await device.quarantine.list()
    expect(group).toMatchObject({
      reason: 'constraint',
      edits: [{ entity: 'PartsUsed', op: 'update', set: { quantity: '-5' } }],
    })
    expect(group?.message).toContain('parts_used_quantity_check')
    expect(device.sync.status.quarantined).toBe(1)

    await device.quarantine.retry(group?.id ?? '')
    expect(await device.query('select quantity from parts_used')).toEqual([{ quantity: -5 }])
    await sync(device)
    expect(device.sync.status.quarantined).toBe(1)
    expect(await device.query('select quantity from parts_used')).toEqual([{ quantity: 1 }])
    for (const left of await device.quarantine.list()) await device.quarantine.discard(left.id)
    expect(device.sync.status.quarantined).toBe(0)
  })

  it('A08 keeps an update of a row that the server deleted in quarantine', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await onServer("delete from companies where name = 'Birch AG'")
    await device.query("update companies set city = 'Chur' where name = 'Birch AG'")
    await sync(device)
    await expectEqual(device)
    expect(await device.quarantine.list()).toMatchObject([
      { reason: 'row-deleted', edits: [{ set: { city: 'Chur' } }] },
    ])
  })

  it('A13 F2 P3 puts the second of two rows with one key aside, and sends what was made after it', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    await sync(b.device)
    for (const [{ device }, quantity] of [
      [a, 1],
      [b, 2],
    ] as const) {
      await device.query('insert into companies (id, name) values (900, $1)', [`Row of ${quantity}`])
      await device.query("update companies set city = 'Later edit' where name = 'Birch AG'")
    }
    await sync(a.device)
    await sync(b.device)
    await expectEqual(a.device, b.device)
    expect(await onServer('select name from companies where id = 900')).toEqual([{ name: 'Row of 1' }])
    expect(await b.device.quarantine.list()).toMatchObject([
      { reason: 'constraint', edits: [{ op: 'create', set: { name: 'Row of 2' } }] },
    ])
  })

  it('P2 P3 puts what depends on a refused group aside with it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await onServer('alter table companies add constraint not_bad check (name <> $$Bad$$)')
    const [company] = await device.query("insert into companies (name) values ('Bad') returning id")
    await device.query("insert into work_orders (company_id, title) values ($1, 'on bad')", [company?.id])
    await device.query("update companies set city = 'Nice' where id = $1", [company?.id])
    await device.query("insert into companies (name) values ('Good')")
    await sync(device)
    await expectEqual(device)
    expect(await device.quarantine.list()).toHaveLength(3)
    expect(await onServer("select name from companies where name in ('Good', 'Bad')")).toEqual([{ name: 'Good' }])
  })

  it('L7 keeps an own write visible that was pushed by a unit which does not pull it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.query("update companies set city = 'Oslo' where id = 1")
    await device.query("update companies set name = 'Second edit' where id = 2")
    await sync(device, 'OrdersOnly')
    expect(device.sync.status.pending).toBe(0)
    expect(await device.query('select city from companies where id = 1')).toEqual([{ city: 'Oslo' }])
    await sync(device)
    await expectEqual(device)
  })

  it('K1 takes in hundreds of keys at once', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.transaction(async (tx) => {
      await tx.query("insert into companies (name) select 'Company ' || n from generate_series(1, 400) n")
      await tx.query("insert into work_orders (company_id, title) select id, 'Visit' from companies where id < 0")
    })
    await sync(device)
    await expectEqual(device)
    expect(
      await device.query('select count(*) from work_orders o join companies c on c.id = o.company_id where c.id > 0'),
    ).toEqual([{ count: 400 }])
  })

  it('K1 makes a new row of a temporary key that was used before', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.query("insert into companies (id, name) values (-7, 'First')")
    await sync(device)
    await device.query("insert into companies (id, name) values (-7, 'Second')")
    await device.query("insert into work_orders (company_id, title) values (-7, 'For the second')")
    await sync(device)
    await expectEqual(device)
    expect(await onServer('select c.name from work_orders o join companies c on c.id = o.company_id')).toEqual([
      { name: 'Second' },
    ])
    expect(await onServer("select count(*) from companies where name in ('First', 'Second')")).toEqual([{ count: 2 }])
  })

  it('K1 P3 lets a quarantined child be tried again after its parent has got its key', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await onServer("alter table companies add constraint not_bad check (name <> 'Bad')")
    const [parent] = await device.query("insert into companies (name) values ('Bad') returning id")
    await device.query("insert into work_orders (company_id, title) values ($1, 'Child')", [parent?.id])
    await sync(device)
    await onServer('alter table companies drop constraint not_bad')
    const [first, second] = await device.quarantine.list()
    await device.quarantine.retry((first?.edits[0]?.entity === 'Companies' ? first : second)?.id ?? '')
    await sync(device)
    for (const group of await device.quarantine.list()) await device.quarantine.retry(group.id)
    await sync(device)
    await expectEqual(device)
    expect(
      await onServer("select c.name from work_orders o join companies c on c.id = o.company_id where title = 'Child'"),
    ).toEqual([{ name: 'Bad' }])
  })

  it('C2 K2 applies a transaction whose rows refer to each other in a circle, and a TRUNCATE that cascades', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.transaction(async (tx) => {
      await tx.query("update companies set city = 'Moved' where id = 1")
      const [made] = await tx.query("insert into companies (name, parent_id) values ('New parent', 1) returning id")
      await tx.query('update companies set parent_id = $1 where id = 1', [made?.id])
      await tx.query("insert into work_orders (company_id, title) values ($1, 'Visit')", [made?.id])
    })
    await sync(device)
    await expectEqual(device)
    expect(await device.quarantine.list()).toEqual([])
    await device.query('truncate companies cascade')
    await sync(device)
    expect(await device.quarantine.list()).toEqual([])
    await expectEqual(device)
    expect(await onServer('select count(*) from companies')).toEqual([{ count: 0 }])
  })

  it('P3 P7 sends many large edits in parts, and puts a single one aside that is too large', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    for (let n = 1; n <= 8; n++)
      await device.query('insert into companies (name, city) values ($1, $2)', [`Large ${n}`, 'x'.repeat(120_000)])
    await device.query('insert into companies (name, city) values ($1, $2)', ['Too large', 'x'.repeat(500_000)])
    await device.query("insert into companies (name) values ('Small')")
    await sync(device)
    await expectEqual(device)
    expect(await onServer("select count(*) from companies where name like 'Large%' or name = 'Small'")).toEqual([
      { count: 9 },
    ])
    expect(await device.quarantine.list()).toMatchObject([
      { reason: 'too-large', edits: [{ set: { name: 'Too large' } }] },
    ])
  })

  it('C4 L7 lets an edit that is answered while a younger one waits sink beneath it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.query("update companies set city = 'First' where id = 1")
    lab.beforeAnswer(async () => {
      lab.beforeAnswer(null)
      await device.query("update companies set name = 'Second' where id = 1")
    })
    await sync(device, 'OrdersOnly')
    expect(await device.query('select name, city from companies where id = 1')).toEqual([
      { name: 'Second', city: 'First' },
    ])
    await sync(device)
    await expectEqual(device)
    expect(await onServer('select name, city from companies where id = 1')).toEqual([{ name: 'Second', city: 'First' }])
  })

  it('L4 shows a row again that was deleted here when the server refuses the deletion', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await onServer("insert into companies (id, name) overriding system value values (50, 'Held')")
    await sync(device)
    await lab.database.execute(
      'create table holds (company integer references companies); insert into holds values (50)',
    )
    await device.query('delete from companies where id = 50')
    await sync(device)
    expect(await device.query('select name from companies where id = 50')).toEqual([{ name: 'Held' }])
    expect(await device.quarantine.list()).toMatchObject([{ reason: 'constraint', edits: [{ op: 'delete' }] }])
    await expectEqual(device)
  })

  it('L3 goes on at the page where a pull broke off', async () => {
    await onServer("insert into companies (name) select 'Company ' || n from generate_series(1, 25) n")
    const { device, link } = await lab.addDevice('A')
    let answers = 0
    lab.beforeAnswer(async () => {
      answers += 1
      if (answers === 3) link.set({ online: false })
    })
    expect(await device.sync.trigger('Default')).toEqual({ kind: 'offline', unit: 'Default' })
    lab.beforeAnswer(null)
    expect(await device.query('select count(*) from companies')).toEqual([{ count: 0 }])
    const seen = lab.messages.filter((message) => message.direction === 'answer' && message.fate === 'delivered').length
    expect(seen).toBe(2)
    link.set({ online: true })
    await sync(device)
    await expectEqual(device)
    const resumed = lab.messages.filter(
      (message) => message.direction === 'request' && message.body.includes('"resume":"'),
    )
    expect(resumed.length).toBeGreaterThan(0)
  })

  it('L6 begins a pull anew when the server no longer knows the place, and keeps the edits', async () => {
    await onServer("insert into companies (name) select 'Company ' || n from generate_series(1, 25) n")
    const { device, link } = await lab.addDevice('A')
    let answers = 0
    lab.beforeAnswer(async () => {
      answers += 1
      if (answers === 3) link.set({ online: false })
    })
    await device.sync.trigger('Default')
    lab.beforeAnswer(null)
    await lab.server.uninstall()
    await lab.server.install()
    await device.query("insert into companies (name) values ('Made meanwhile')")
    link.set({ online: true })
    await sync(device)
    await expectEqual(device)
    expect(await onServer("select count(*) from companies where name = 'Made meanwhile'")).toEqual([{ count: 1 }])
  })

  it('a small sync is one round trip', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    lab.messages.length = 0
    await device.query("update companies set city = 'Oslo' where id = 1")
    await sync(device)
    expect(lab.messages.map((message) => message.direction)).toEqual(['request', 'answer'])
  })

  it('D1 goes on after a restart with what was pending and where it was', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'syncline-device-'))
    try {
      const first = await lab.addDevice('A', { dataDir })
      await sync(first.device)
      await first.device.query("update companies set city = 'Kept' where id = 1")
      await first.device.close()
      const second = await lab.addDevice('A again', { dataDir })
      expect(second.device.sync.status).toMatchObject({ pending: 1 })
      expect(second.device.sync.status.lastSyncedAt).not.toBeNull()
      await sync(second.device)
      await expectEqual(second.device)
      expect(await onServer('select city from companies where id = 1')).toEqual([{ city: 'Kept' }])
      await second.device.close()
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  it('L9 L11 shows a reader whole tables and whole references at every moment of a sync', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const torn: Row[] = []
    let reads = 0
    let syncing = true
    const reading = (async () => {
      while (syncing) {
        const [row] = await device.query(`select (select count(*) from companies) as companies,
          (select count(*) from work_orders o left join companies c on c.id = o.company_id where c.id is null) as dangling`)
        reads += 1
        if (Number(row?.companies) < 2 || row?.dangling !== 0) torn.push(row ?? {})
        await device.query("update companies set city = 'Edit ' || $1 where id = 1", [String(reads)])
        // PGlite answers without leaving the turn, and a server's socket needs one now and then.
        if (reads % 5 === 0) await new Promise<void>((resolve) => systemTimers.after(0, resolve))
      }
    })()
    for (let round = 1; round <= 3; round++) {
      await onServer(`with made as (insert into companies (name) select 'New ' || n from generate_series(1, 15) n returning id)
        insert into work_orders (company_id, title) select id, 'Visit' from made`)
      await sync(device)
    }
    syncing = false
    await reading
    expect(torn).toEqual([])
    expect(reads).toBeGreaterThan(3)
    expect(await device.query('select count(*) from work_orders')).toEqual([{ count: 45 }])
    await sync(device)
    await expectEqual(device)
  })

  it('F7 lets the edit win that arrives last, though the clock of its device is a year behind', async () => {
    const now = Date.UTC(2026, 5, 1)
    const a = await lab.addDevice('A', { clock: { now: () => now } })
    const b = await lab.addDevice('B', { clock: { now: () => now - 365 * 86_400_000 } })
    await sync(a.device)
    await sync(b.device)
    await b.device.query("update companies set city = 'Behind' where id = 1")
    await a.device.query("update companies set city = 'Right' where id = 1")
    await sync(a.device)
    await sync(b.device)
    expect(await onServer('select city from companies where id = 1')).toEqual([{ city: 'Behind' }])
  })

  it('D4 tells how far it is, what is pending and when it last synced', async () => {
    await onServer("insert into companies (name) select 'Company ' || n from generate_series(1, 25) n")
    const { device } = await lab.addDevice('A', { clock: { now: () => 1_800_000_000_000 } })
    expect(device.sync.status).toMatchObject({ pending: 0, lastSyncedAt: null, progress: null, running: null })
    const phases: string[] = []
    device.on(
      'status',
      ({ running, progress }) => progress && phases.push(`${running} ${progress.phase} ${progress.done}`),
    )
    await sync(device)
    expect(phases).toContain('Default pull 10')
    expect(phases.at(-1)).toMatch(/^Default apply/)
    expect(device.sync.status).toMatchObject({ lastSyncedAt: 1_800_000_000_000, progress: null, running: null })
  })

  it('D3 D6 gives a request up that is never answered, says so, and syncs again later', async () => {
    const time = createVirtualTime()
    let hangs = true
    const { device, link } = await lab.addDevice('A', {
      timers: time,
      transport: { sync: (body, options) => (hangs ? new Promise(() => {}) : answering.sync(body, options)) },
    })
    const answering = httpTransport('http://server.test/', { fetch: link.fetch })
    const outcome = device.sync.trigger('Default')
    await expect.poll(() => device.sync.status.progress?.phase).toBe('pull')
    await expect
      .poll(async () => {
        await time.advance(60_000)
        return device.sync.status.stalled?.kind
      })
      .toBe('timeout')
    expect(await outcome).toMatchObject({ kind: 'failed', error: { kind: 'timeout', recovery: 'retry' } })
    hangs = false
    await sync(device)
    await expectEqual(device)
  })

  it('D6 rolls a transaction back that waits for itself, and says what to do instead', async () => {
    const time = createVirtualTime()
    const { device } = await lab.addDevice('A', { timers: time })
    const outcome = device
      .transaction(async (tx) => {
        await tx.query("insert into companies (name) values ('Never')")
        await device.query('select 1')
      })
      .catch((error: Error) => error.message)
    await expect
      .poll(() => time.advance(30_000).then(() => Promise.race([outcome, null])))
      .toContain('use the actions and the query of the transaction')
    expect(await device.query("select count(*) from companies where name = 'Never'")).toEqual([{ count: 0 }])
  })

  it('D6 closes although a transaction waits for itself', async () => {
    const { device } = await lab.addDevice('A', { timers: createVirtualTime() })
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const outcome = device
      .transaction(() => {
        begin()
        return device.query('select 1')
      })
      .catch((error: Error) => error.message)
    await begun
    await device.close()
    expect(await outcome).toContain('the device was closed')
  })

  it('D6 closes while a sync hangs, and answers who waited for it', async () => {
    const { device } = await lab.addDevice('A', { transport: { sync: () => new Promise(() => {}) } })
    const outcome = device.sync.trigger('Default')
    await expect.poll(() => device.sync.status.progress?.phase).toBe('pull')
    await device.close()
    expect(await outcome).toMatchObject({ kind: 'failed' })
    await expect(device.query('select 1')).rejects.toThrow('This device was closed')
    expect(await device.sync.trigger('Default')).toEqual({ kind: 'discarded', unit: 'Default' })
  })

  it('S1 syncs a device on which everything has another name', async () => {
    const renamed: Bundle = {
      ...FIELD_BUNDLE,
      entities: FIELD_BUNDLE.entities.map((entity) => ({
        ...entity,
        table: `my_${entity.table}`,
        attributes: entity.attributes.map((attribute) => ({ ...attribute, name: `the ${attribute.name}` })),
      })),
    }
    const { device } = await lab.addDevice('A', { bundle: renamed })
    await sync(device)
    await device.query(`update my_companies set "the city" = 'Named anew' where "the id" = 1`)
    await sync(device)
    expect(await onServer('select city from companies where id = 1')).toEqual([{ city: 'Named anew' }])
    expect(await device.query('select "the city" as city from my_companies where "the id" = 1')).toEqual([
      { city: 'Named anew' },
    ])
  })

  it('S2 S4 tells a device of another protocol to update, and keeps its edits', async () => {
    const { device, link } = await lab.addDevice('A', {
      transport: {
        sync: (body, options) => answering.sync({ ...(body as object), protocol: PROTOCOL_VERSION + 1 }, options),
      },
    })
    const answering = httpTransport('http://server.test/', { fetch: link.fetch })
    await device.query("insert into companies (name) values ('Kept')")
    expect(await device.sync.trigger('Default')).toMatchObject({
      kind: 'failed',
      error: { kind: 'incompatible', recovery: 'update' },
    })
    expect(device.sync.status).toMatchObject({ pending: 1, stalled: { kind: 'incompatible' } })
  })

  it('S4 does not touch a database that another bundle made', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'syncline-device-'))
    try {
      const first = await lab.addDevice('A', { dataDir })
      await first.device.query("insert into companies (name) values ('Kept')")
      await first.device.close()
      const changed = { ...FIELD_BUNDLE, schemaHash: 'field-2' }
      await expect(lab.addDevice('B', { dataDir, bundle: changed })).rejects.toThrow('made by another version')
      const again = await lab.addDevice('A again', { dataDir })
      expect(again.device.sync.status.pending).toBe(1)
      await again.device.close()
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  it('V1 brings values through the whole circle unchanged', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    const values = {
      company_id: 1,
      title: 'ünï "quoted" \\ \' 𝄞 \t',
      price: '12345678.90',
      due: '2026-02-03 04:05:06.123456+00',
    }
    const order = (await a.device.entities.WorkOrders?.create(values)) as Row
    await sync(a.device)
    await sync(b.device)
    expect(await b.device.entities.WorkOrders?.get(order.id ?? null)).toEqual({ ...order, ...values, status: 'open' })
    await expectEqual(a.device, b.device)
  })
}
