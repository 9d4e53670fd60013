/** Deleting a row that the database's cascades start from, where its pattern detects conflicts. */
import { beforeEach, expect, it } from 'vitest'
import type { Database } from '../../contract'
import type { Bundle, Decision, EntityContract } from '../../contract/bundle'
import type { Outcome } from '../../protocol/messages'
import {
  create,
  ELSEWHERE,
  type Pusher,
  pusher,
  remove,
  startPushing,
  update,
  uuid,
  WORKSHOP_SQL,
  workshopBundle,
} from './testing-push'

const BILL = uuid(1)
const [LINE, OTHER] = [uuid(11), uuid(12)]
const [PART, NEW_PART] = [uuid(21), uuid(22)]

const PARTS_SQL = `
create table bill_part (id uuid primary key, line uuid not null references bill_line on delete cascade, text text);
insert into bill values ('${BILL}', 'Bill');
insert into bill_line values ('${LINE}', '${BILL}', 'one'), ('${OTHER}', '${BILL}', 'two');
insert into bill_part values ('${PART}', '${LINE}', 'part');`

export function describeCascades(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Pusher
  let decision: Decision = { kind: 'park' }
  const bundle = () => cascading(workshopBundle(() => decision))
  beforeEach(async () => {
    decision = { kind: 'park' }
    database = await openDatabase()
    await database.execute(WORKSHOP_SQL + PARTS_SQL)
    wire = await startPushing(database, bundle())
  })

  /** What a device sends of it: its own database has the same cascades. */
  const whole = (base: string | null, resolves: string | null = null) => [
    remove('bill_part', [PART], { base, was: { id: PART, line: LINE, text: 'part' } }),
    remove('bill_line', [LINE], { base, was: { id: LINE, bill: BILL, text: 'one' } }),
    remove('bill_line', [OTHER], { base, was: { id: OTHER, bill: BILL, text: 'two' } }),
    remove('bill', [BILL], { base, resolves, was: { id: BILL, title: 'Bill' } }),
  ]
  const conflicts = (outcome: Outcome) => {
    if (outcome.kind === 'refused') throw new Error(`${outcome.reason}: ${outcome.message}`)
    return outcome.conflicts.map(({ entity, kind, decision: decided }) => [entity, kind, decided])
  }
  const left = async () => {
    const [row] = await database.query(
      `select (select count(*)::int from bill) as bills, (select count(*)::int from bill_line) as lines,
         (select count(*)::int from bill_part) as parts`,
    )
    return [row?.bills, row?.lines, row?.parts]
  }

  it('F8 takes along what its author knew', async () => {
    expect(conflicts(await wire.edit(whole(await wire.seen())))).toEqual([])
    expect(await left()).toEqual([0, 0, 0])
  })

  it('F1 F2 is a conflict where somebody made a child meanwhile, and takes nothing', async () => {
    const base = await wire.seen()
    await wire.edit([create('bill_line', [uuid(13)], { bill: BILL, text: 'new' })], { device: ELSEWHERE })
    expect(conflicts(await wire.edit(whole(base)))).toEqual(
      expect.arrayContaining([
        ['bill', 'children-left', 'parked'],
        ['bill_line', 'children-left', 'parked'],
      ]),
    )
    expect((await left()).slice(0, 2)).toEqual([1, 3])
  })

  it('F1 F2 is a conflict where somebody changed a child meanwhile', async () => {
    const base = await wire.seen()
    const was = { id: LINE, bill: BILL, text: 'one' }
    await wire.edit([update('bill_line', [LINE], { text: 'theirs' }, { base, was })], { device: ELSEWHERE })
    expect(conflicts(await wire.edit(whole(base)))).toContainEqual(['bill', 'children-left', 'parked'])
    expect(await database.query(`select text from bill_line where id = '${LINE}'`)).toEqual([{ text: 'theirs' }])
  })

  it('F1 F2 is a conflict where somebody made a child of a child, whatever the device knows of it', async () => {
    const base = await wire.seen()
    await wire.edit([create('bill_part', [NEW_PART], { line: LINE, text: 'new' })], { device: ELSEWHERE })
    expect(conflicts(await wire.edit(whole(base)))).toEqual(
      expect.arrayContaining([
        ['bill_line', 'children-left', 'parked'],
        ['bill', 'children-left', 'parked'],
      ]),
    )
    expect((await left()).slice(0, 2)).toEqual([1, 2])
    expect(await database.query(`select text from bill_part where id = '${NEW_PART}'`)).toEqual([{ text: 'new' }])
  })

  it('F1 keeps the whole where the row itself was changed meanwhile', async () => {
    const base = await wire.seen()
    const was = { id: BILL, title: 'Bill' }
    await wire.edit([update('bill', [BILL], { title: 'theirs' }, { base, was })], { device: ELSEWHERE })
    expect(conflicts(await wire.edit(whole(base)))).toContainEqual(['bill', 'delete-update', 'parked'])
    expect((await left()).slice(0, 2)).toEqual([1, 2])
  })

  it.each<readonly [Decision, readonly number[]]>([
    [{ kind: 'keep-local' }, [0, 0, 0]],
    [{ kind: 'keep-server' }, [1, 3, 1]],
  ])('F1 a handler that says %j is obeyed', async (says, expected) => {
    const base = await wire.seen()
    await wire.edit([create('bill_line', [uuid(13)], { bill: BILL, text: 'new' })], { device: ELSEWHERE })
    decision = says
    await pusher(database, bundle()).edit(whole(base).filter(({ entity }) => entity !== 'bill_part'))
    expect(await left()).toEqual(expected)
  })

  it('F1 a handler that keeps the deletion of a row that was changed takes its children too', async () => {
    const base = await wire.seen()
    const was = { id: BILL, title: 'Bill' }
    await wire.edit([update('bill', [BILL], { title: 'theirs' }, { base, was })], { device: ELSEWHERE })
    decision = { kind: 'keep-local' }
    expect(conflicts(await wire.edit(whole(base)))).toEqual([['bill', 'delete-update', 'kept-local']])
    expect(await left()).toEqual([0, 0, 0])
  })

  it('F6 a resolution deletes the whole with what was shown, and nothing that came later', async () => {
    const base = await wire.seen()
    const made = (id: number) =>
      wire.edit([create('bill_line', [uuid(id)], { bill: BILL, text: 'new' })], { device: ELSEWHERE })
    await made(13)
    const versionOf = (outcome: Outcome) => {
      const found = outcome.kind === 'applied' ? outcome.conflicts.find(({ entity }) => entity === 'bill') : undefined
      return { base: found?.version ?? null, resolves: found?.id ?? null }
    }
    const first = versionOf(await wire.edit(whole(base)))
    await made(14)
    const resolution = (of: typeof first) => [remove('bill', [BILL], { ...of, was: { id: BILL, title: 'Bill' } })]
    const again = await wire.edit(resolution(first))
    expect(conflicts(again)).toEqual([['bill', 'children-left', 'parked']])
    expect(conflicts(await wire.edit(resolution(versionOf(again))))).toEqual([])
    expect(await left()).toEqual([0, 0, 0])
  })
}

/** The bills of the workshop with their lines, and parts of these, each for itself. */
function cascading(given: Bundle): Bundle {
  const ticket = given.entities.find(({ id }) => id === 'ticket')
  const line = given.entities.find(({ id }) => id === 'bill_line')
  if (!ticket || !line) throw new Error('The workshop has tickets and lines.')
  const part: EntityContract = {
    ...line,
    id: 'bill_part',
    name: 'bill_part',
    table: 'bill_part',
    server: { ...line.server, id: 'se_bill_part', table: 'bill_part' },
    attributes: line.attributes.map((attribute) =>
      attribute.id === 'bill' ? { ...attribute, id: 'line', name: 'line', column: 'line' } : attribute,
    ),
    references: [{ attributes: ['line'], entity: 'bill_line', referencedAttributes: ['id'], onDelete: 'cascade' }],
  }
  const detecting = ['bill', 'bill_line', 'bill_part']
  return {
    ...given,
    entities: [...given.entities, part].map((entity) =>
      detecting.includes(entity.id) ? { ...entity, pattern: ticket.pattern } : entity,
    ),
  }
}
