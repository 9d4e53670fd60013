import { describe, expect, it } from 'vitest'
import { keyText, type LocalTransaction } from '../../contract'
import { suiteEntity } from './suite-bundle'
import {
  allEdits,
  company,
  edit,
  ID,
  NOW,
  OTHER_ID,
  readState,
  type SuiteContext,
  shadowOf,
  storedEdits,
} from './suite-context'

const THIRD_ID = '20112233-4455-4677-8899-aabbccddeeff'

export function describeCapture(context: SuiteContext): void {
  const { harness, fresh, itInSql, withCompanies } = context

  describe(`${harness.name}: capture`, () => {
    it('C1 captures what entity actions create, change and delete', async () => {
      const tables = await fresh()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.create(companies, { id: 7, name: 'Alder' }))
      await tables.write(NOW + 1, (tx) => tx.update(companies, [7], { city: 'Leeds', name: 'Alder' }))
      await tables.write(NOW + 2, (tx) => tx.remove(companies, [7]))
      const edits = await allEdits(tables)
      expect(edits).toEqual([
        edit({
          op: 'create',
          entity: 'e_companies',
          key: ['7'],
          set: { a_id: '7', a_name: 'Alder', a_made: '2026-01-02 03:04:05.678+00' },
          at: NOW,
        }),
        edit({
          op: 'update',
          entity: 'e_companies',
          key: ['7'],
          set: { a_city: 'Leeds' },
          was: { a_city: null },
          at: NOW + 1,
        }),
        edit({ op: 'delete', entity: 'e_companies', key: ['7'], at: NOW + 2 }),
      ])
      expect(await shadowOf(tables, 'e_companies', ['7'])).toBeNull()
    })

    it('C1 keeps what the server last said of a row with its first edit, and not with the next', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'Bern' }))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'Rome' }))
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, { a_city: 'Leeds' }))
      const edits = await allEdits(tables)
      expect(edits.map(({ set, was }) => [set, was])).toEqual([
        [{ a_city: 'Bern' }, { a_city: 'Leeds' }],
        [{ a_city: 'Rome' }, { a_city: 'Bern' }],
      ])
    })

    it('C1 captures nothing of an update that changes nothing', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { city: 'Leeds' }))
      expect((await tables.state()).pendingEdits).toBe(0)
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
    })

    it('C1 rolls back what was written where the transaction fails', async () => {
      const tables = await withCompanies()
      const failing = tables.write(NOW, async (tx) => {
        await tx.create(suiteEntity('companies'), { id: 8, name: 'x' })
        await tx.update(suiteEntity('companies'), [1], { city: 'Rome' })
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await readState(tables)).toEqual({ pendingEdits: 0, rows: 2 })
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
    })

    it('C2 gives the edits of one local transaction one name, and those of two two', async () => {
      const tables = await fresh()
      await tables.write(NOW, async (tx) => {
        await tx.create(suiteEntity('companies'), { id: 7, name: 'a' })
        await tx.create(suiteEntity('companies'), { id: 8, name: 'b' })
      })
      await tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 9, name: 'c' }))
      const names = (await storedEdits(tables)).map(({ transaction }) => transaction)
      expect(names[0]).toBe(names[1])
      expect(names[2]).not.toBe(names[0])
    })

    it('C4 writes the cursor that the entity has when the edit is made', async () => {
      const tables = await withCompanies()
      const change = (city: string) => tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { city }))
      await change('a')
      await tables.sync((tx) =>
        tx.setCursors(
          new Map([
            ['e_companies', 'cursor 1'],
            ['e_orders', 'another'],
          ]),
        ),
      )
      await change('b')
      await tables.sync((tx) => tx.setCursors(new Map([['e_companies', null]])))
      await change('c')
      expect((await storedEdits(tables)).map(({ base }) => base)).toEqual([null, 'cursor 1', null])
      expect([...(await tables.state()).cursors]).toEqual([['e_orders', 'another']])
    })

    it('F7 captures every writable attribute where the whole row is written', async () => {
      const tables = await withCompanies()
      const orders = suiteEntity('orders')
      await tables.write(NOW, (tx) => tx.create(orders, { id: ID, company: 1, title: 'pump' }))
      await tables.write(NOW, (tx) => tx.update(orders, [ID], { price: 5 }))
      const whole = { a_id: ID, a_company: '1', a_title: 'pump', a_mood: 'calm', a_price: null, a_open: 'true' }
      const { a_price: _, ...created } = whole
      expect((await storedEdits(tables)).map(({ set, was }) => [set, was])).toEqual([
        [created, {}],
        [{ ...whole, a_price: '5.00' }, whole],
      ])
    })

    it('F1 captures the whole row as the base where conflicts are detected', async () => {
      const tables = await fresh()
      const tickets = suiteEntity('tickets')
      await tables.write(NOW, (tx) => tx.create(tickets, { id: ID, title: 'a' }))
      await tables.write(NOW, (tx) => tx.update(tickets, [ID], { note: 'n' }))
      await tables.write(NOW, (tx) => tx.remove(tickets, [ID]))
      const before = { a_id: ID, a_title: 'a', a_note: null }
      expect((await storedEdits(tables)).map(({ set, was }) => [set, was])).toEqual([
        [{ a_id: ID, a_title: 'a' }, {}],
        [{ a_note: 'n' }, before],
        [{}, { ...before, a_note: 'n' }],
      ])
    })

    it('P4 refuses at once what the pattern does not take', async () => {
      const tables = await fresh()
      const readings = suiteEntity('readings')
      await tables.write(NOW, (tx) => tx.create(readings, { id: ID, value: 1.5 }))
      await expect(tables.write(NOW, (tx) => tx.update(readings, [ID], { value: 2 }))).rejects.toThrow('append-only')
      await expect(tables.write(NOW, (tx) => tx.remove(readings, [ID]))).rejects.toThrow('append-only')
      const regions = suiteEntity('regions')
      await expect(tables.write(NOW, (tx) => tx.create(regions, { code: 'N', label: 'x' }))).rejects.toThrow(
        'regions is read-only',
      )
      expect((await tables.state()).pendingEdits).toBe(1)
    })

    it('C1 captures a row without what the server derives, and keeps that for when the row is shown again', async () => {
      const tables = await fresh()
      const claims = suiteEntity('claims')
      const image = { a_id: ID, a_reason: 'r', a_note: 'n', a_place: 'N' }
      await tables.sync((tx) => tx.putImages('e_claims', [image]))
      await tables.write(NOW, (tx) => tx.update(claims, [ID], { note: 'm' }))
      await tables.write(NOW, (tx) => tx.remove(claims, [ID]))
      const was = { a_id: ID, a_reason: 'r', a_note: 'n' }
      expect((await storedEdits(tables)).map((each) => [each.set, each.was])).toEqual([
        [{ a_note: 'm' }, was],
        [{}, { ...was, a_note: 'm' }],
      ])
      expect(await shadowOf(tables, 'e_claims', [ID])).toEqual(image)
      await tables.write(NOW, (tx) => tx.create(claims, { id: OTHER_ID, reason: 'new' }))
      expect(await tables.write(NOW, (tx) => tx.get(claims, [OTHER_ID]))).toMatchObject({ place: null })
    })

    it('C1 refuses to leave empty what the device requires, and takes rows in which the server left it so', async () => {
      const tables = await fresh()
      const claims = suiteEntity('claims')
      const refusal = 'claims.reason must have a value on this device'
      await expect(tables.write(NOW, (tx) => tx.create(claims, { id: ID, note: 'n' }))).rejects.toThrow(refusal)
      const empty = { a_id: ID, a_reason: null, a_note: null, a_place: null }
      await tables.sync((tx) => tx.putImages('e_claims', [empty]))
      await tables.write(NOW, (tx) => tx.update(claims, [ID], { note: 'n' }))
      await tables.write(NOW, (tx) => tx.update(claims, [ID], { reason: 'because' }))
      await expect(tables.write(NOW, (tx) => tx.update(claims, [ID], { reason: null }))).rejects.toThrow(refusal)
      expect(await tables.write(NOW, (tx) => tx.get(claims, [ID]))).toMatchObject({ reason: 'because', note: 'n' })
      expect((await tables.state()).pendingEdits).toBe(2)
    })

    itInSql('C1 refuses the same of plain SQL', async () => {
      const tables = await fresh()
      const run = (text: string, params?: unknown[]) => tables.write(NOW, (tx) => tx.query(text, params))
      const refusal = 'claims.reason must have a value on this device'
      await expect(run("insert into claims (id, note) values ($1, 'n')", [ID])).rejects.toThrow(refusal)
      await run("insert into claims (id, reason) values ($1, 'r')", [ID])
      await expect(run('update claims set reason = null')).rejects.toThrow(refusal)
      expect((await tables.state()).pendingEdits).toBe(1)
    })

    it('C1 refuses to write what the server works out, and takes in what it brings', async () => {
      const tables = await fresh()
      const claims = suiteEntity('claims')
      const refusal = 'claims.place is worked out by the server'
      const brought = { a_id: ID, a_reason: 'r', a_note: null, a_place: 'Rome' }
      await tables.sync((tx) => tx.putImages('e_claims', [brought]))
      await tables.write(NOW, (tx) => tx.update(claims, [ID], { note: 'n' }))
      await expect(tables.write(NOW, (tx) => tx.update(claims, [ID], { place: 'Oslo' }))).rejects.toThrow(refusal)
      const made = { id: OTHER_ID, reason: 'r', place: 'Oslo' }
      await expect(tables.write(NOW, (tx) => tx.create(claims, made))).rejects.toThrow(refusal)
      expect(await tables.write(NOW, (tx) => tx.get(claims, [ID]))).toMatchObject({ place: 'Rome', note: 'n' })
      expect((await tables.state()).pendingEdits).toBe(1)
    })

    itInSql('C1 refuses plain SQL that writes what the server works out', async () => {
      const tables = await fresh()
      const run = (text: string, params?: unknown[]) => tables.write(NOW, (tx) => tx.query(text, params))
      const refusal = 'claims.place is worked out by the server'
      await run("insert into claims (id, reason) values ($1, 'r')", [ID])
      await expect(run("update claims set place = 'Oslo'")).rejects.toThrow(refusal)
      await expect(run("insert into claims (id, reason, place) values ($1, 'r', 'Oslo')", [OTHER_ID])).rejects.toThrow(
        refusal,
      )
      expect((await tables.state()).pendingEdits).toBe(1)
    })

    const permit = { a_id: ID, a_note: 'n', a_state: 'sad', a_fee: '1.00', a_issued: null, a_company: '1' }

    it('C1 refuses to write what only the server writes, and lets its defaults and references act', async () => {
      const tables = await withCompanies()
      const permits = suiteEntity('permits')
      const run = <T>(fn: (tx: LocalTransaction) => Promise<T>) => tables.write(NOW, fn)
      await run((tx) => tx.create(permits, { id: OTHER_ID, note: 'new', state: 'calm' }))
      expect(await run((tx) => tx.get(permits, [OTHER_ID]))).toMatchObject({
        state: 'calm',
        issued: expect.anything(),
        company: null,
      })
      for (const [name, value] of [
        ['state', 'sad'],
        ['fee', '6'],
        ['company', 1],
        ['issued', '2026-01-01 00:00:00+00'],
      ] as const) {
        const refusal = `permits.${name} is read-only`
        await expect(run((tx) => tx.create(permits, { id: ID, [name]: value }))).rejects.toThrow(refusal)
        await expect(run((tx) => tx.update(permits, [OTHER_ID], { [name]: value }))).rejects.toThrow(refusal)
      }
      await tables.sync((tx) => tx.putImages('e_permits', [permit]))
      // What stands there may be given again, as apps do that write whole rows.
      await run((tx) => tx.update(permits, [ID], { note: 'm', state: 'sad', fee: '1', company: 1 }))
      await expect(run((tx) => tx.update(permits, [ID], { state: 'calm', note: 'x' }))).rejects.toThrow('read-only')
      expect((await storedEdits(tables)).map(({ op, set }) => [op, set])).toEqual([
        ['create', { a_id: OTHER_ID, a_note: 'new' }],
        ['update', { a_note: 'm' }],
      ])
      await run((tx) => tx.remove(suiteEntity('companies'), [1]))
      expect(await run((tx) => tx.get(permits, [ID]))).toMatchObject({ state: 'sad', company: null })
    })

    itInSql('C1 refuses plain SQL that writes what only the server writes', async () => {
      const tables = await withCompanies()
      const run = (text: string, params?: unknown[]) => tables.write(NOW, (tx) => tx.query(text, params))
      await run("insert into permits (id, note) values ($1, 'n')", [OTHER_ID])
      await tables.sync((tx) => tx.putImages('e_permits', [permit]))
      await expect(run("update permits set state = 'calm', note = 'x' where id = $1", [ID])).rejects.toThrow(
        'permits.state is read-only',
      )
      await expect(run('update permits set fee = 6')).rejects.toThrow('permits.fee is read-only')
      await expect(run("update permits set issued = '2026-01-01 00:00:00+00'")).rejects.toThrow(
        'permits.issued is read-only',
      )
      await expect(run("insert into permits (id, state) values ($1, 'sad')", [THIRD_ID])).rejects.toThrow(
        'permits.state is read-only',
      )
      await expect(run('insert into permits (id, company) values ($1, 1)', [THIRD_ID])).rejects.toThrow(
        'permits.company is read-only',
      )
      await run("update permits set note = 'm', state = state, fee = fee")
      await run('delete from companies where id = 1')
      expect(await run('select company from permits where id = $1', [ID])).toEqual([{ company: null }])
      expect((await storedEdits(tables)).filter(({ entity }) => entity === 'e_permits').map(({ set }) => set)).toEqual([
        { a_id: OTHER_ID, a_note: 'n' },
        { a_note: 'm' },
        { a_note: 'm' },
      ])
    })

    itInSql('C1 captures plain SQL, with its keys changed and rows gone by a reference', async () => {
      const tables = await fresh()
      const run = (text: string, params?: unknown[]) => tables.write(NOW, (tx) => tx.query(text, params))
      await run("insert into tickets (id, title) values ($1, 'a')", [ID])
      await run("insert into steps (ticket, number, text) values ($1, 1, 'one'), ($1, 2, 'two')", [ID])
      await run('update steps set number = 3 where number = 2')
      await run('delete from tickets')
      const edits = (await storedEdits(tables)).map(({ op, entity, key, transaction }) => ({
        op,
        entity,
        key,
        transaction,
      }))
      expect(edits.slice(0, 5).map(({ op, entity, key }) => [op, entity, key])).toEqual([
        ['create', 'e_tickets', [ID]],
        ['create', 'e_steps', [ID, '1']],
        ['create', 'e_steps', [ID, '2']],
        ['delete', 'e_steps', [ID, '2']],
        ['create', 'e_steps', [ID, '3']],
      ])
      expect(
        edits
          .slice(5)
          .map(({ op, key }) => [op, keyText(key)])
          .toSorted(),
      ).toEqual(
        [
          ['delete', keyText([ID])],
          ['delete', keyText([ID, '1'])],
          ['delete', keyText([ID, '3'])],
        ].toSorted(),
      )
      expect(new Set(edits.slice(5).map(({ transaction }) => transaction)).size).toBe(1)
      await expect(run("insert into regions (code, label) values ('N', 'x')")).rejects.toThrow('regions is read-only')
    })

    itInSql('C1 V1 captures plain SQL in the one form that a value has', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, (tx) =>
        tx.query('insert into orders (id, company, title, price, open) values ($1, 1, $2, $3, false)', [
          ID.toUpperCase(),
          'x',
          '5',
        ]),
      )
      await tables.write(NOW, (tx) => tx.query("update companies set made = '2026-01-01T02:00:00+02:00' where id = 1"))
      const edits = await storedEdits(tables)
      expect(edits[0]).toMatchObject({ key: [ID], set: { a_id: ID, a_price: '5.00', a_open: 'false' } })
      expect(edits[1]?.set).toEqual({ a_made: '2026-01-01 00:00:00+00' })
      expect(await tables.write(NOW, (tx) => tx.get(suiteEntity('orders'), [ID]))).toMatchObject({
        id: ID,
        price: '5.00',
        open: false,
      })
      await expect(
        tables.write(NOW, (tx) => tx.query("update companies set made = 'x' where id = 1")),
      ).rejects.toThrow()
    })

    itInSql('reads the same value by plain SQL and by entity actions', async () => {
      const tables = await withCompanies()
      const row = await tables.write(NOW, (tx) => tx.get(suiteEntity('companies'), [1]))
      expect(
        await tables.write(NOW, (tx) => tx.query('select * from companies where id = $1 and $1 = 1', [1])),
      ).toEqual([row])
      await expect(tables.write(NOW, (tx) => tx.query('select nothing from nowhere'))).rejects.toThrow()
    })
  })
}
