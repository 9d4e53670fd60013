/** What stays by attribute, asked of the emitted text itself. */
import type { ConflictCase, Decision, HandlerContract, NamedValues } from '@syncline/runtime/contract'
import { transform } from 'esbuild'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AttributeResolution, PARK, type Project, projectFromSchema, setPattern } from '@/designer/model'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { compile } from '../index'

const POLICIES: Readonly<Record<string, AttributeResolution>> = {
  amount: 'larger',
  number: 'smaller',
  due: 'larger',
  note: 'latest',
  owner: 'local',
  "it's */ state": 'server',
  title: 'park',
}

function project(): Project {
  const schema = buildSchema({
    'my tasks': {
      attributes: {
        id: 'uuid!',
        amount: 'numeric(30,2)',
        number: 'bigint',
        due: 'timestamp with time zone',
        note: 'text',
        owner: 'text',
        "it's */ state": 'text',
        title: 'text',
      },
      key: ['id'],
    },
  })
  const made = projectFromSchema({ schema, name: 'Tasks' })
  if (made.kind === 'refused') throw new Error(made.reason)
  const [entity] = Object.values(made.project.localEntities)
  const attributes = Object.fromEntries(
    Object.values(entity?.attributes ?? {}).flatMap(({ id, name }) => {
      const policy = POLICIES[name]
      return policy === undefined ? [] : [[id, policy]]
    }),
  )
  const settings = { ...PARK, resolution: 'merge-attributes' } as const
  setPattern(made.project, entity?.id ?? '', {
    kind: 'conflict-detection',
    granularity: 'row',
    ...settings,
    attributes,
  })
  return made.project
}

let text = ''
let handlers: readonly HandlerContract[] = []
beforeAll(async () => {
  const { files, diagnostics } = compile(project())
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  text = files?.find(({ path }) => path === 'src/handlers.ts')?.text ?? ''
  const { code } = await transform(text, { loader: 'ts', format: 'esm' })
  const module = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as {
    readonly handlers: readonly HandlerContract[]
  }
  handlers = module.handlers
})

const BASE = {
  id: '1',
  amount: '1.00',
  number: '5',
  due: null,
  note: 'a',
  owner: 'ann',
  "it's */ state": 'x',
  title: 't',
}

function decide(local: NamedValues, server: NamedValues, times: Partial<ConflictCase> = {}): Decision | undefined {
  const conflict: ConflictCase = {
    kind: 'update-update',
    entity: 'MyTasks',
    base: BASE,
    local: { ...BASE, ...local },
    server: { ...BASE, ...server },
    localUser: 'ann',
    localAt: 1_000,
    serverUser: 'bob',
    serverAt: 500,
    ...times,
  }
  return handlers[0]?.decide(conflict)
}

/** The row that is left: the decision's values over the server's. */
function stays(local: NamedValues, server: NamedValues, times: Partial<ConflictCase> = {}): NamedValues | null {
  const decision = decide(local, server, times)
  return decision?.kind === 'resolve' ? { ...BASE, ...server, ...decision.values } : null
}

describe('the handler of an entity that says what stays', () => {
  it('is one function that tells what it does', () => {
    expect(handlers.map(({ id, name }) => [id.startsWith('merge_le_'), name])).toEqual([
      [true, 'Merge edits of my tasks'],
    ])
    expect(text).toContain('function mergeEditsOfMyTasks({ base, local, server, localAt, serverAt }: ConflictCase)')
    expect(text).toContain(' * - the larger value stays: amount, due')
    expect(text).toContain(" * - the server’s value stays: it's * / state")
    expect(text.match(/^function changed/gm)).toHaveLength(1)
  })

  it('keeps edits of different attributes', () => {
    expect(stays({ title: 'mine' }, { note: 'theirs' })).toMatchObject({ title: 'mine', note: 'theirs' })
  })

  it.each([
    ['the larger of two numbers, by their size', { amount: '9.50' }, { amount: '10.00' }, { amount: '10.00' }],
    [
      'the larger of long numbers',
      { amount: '90071992547409930.01' },
      { amount: '90071992547409930.02' },
      { amount: '90071992547409930.02' },
    ],
    ['a value rather than none', { amount: null }, { amount: '-3.00' }, { amount: '-3.00' }],
    [
      'the smaller of two numbers',
      { number: '9007199254740993' },
      { number: '9007199254740992' },
      { number: '9007199254740992' },
    ],
    [
      'the later of two times',
      { due: '2026-01-02 10:00:00.5+00' },
      { due: '2026-01-02 10:00:00+00' },
      { due: '2026-01-02 10:00:00.5+00' },
    ],
    ['the edit', { owner: 'cat' }, { owner: 'dan' }, { owner: 'cat' }],
    ['the server’s value', { "it's */ state": 'y' }, { "it's */ state": 'z' }, { "it's */ state": 'z' }],
    ['the same value, whatever is said', { title: 'both' }, { title: 'both' }, { title: 'both' }],
  ])('keeps %s', (_, local, server, expected) => {
    expect(stays(local, server)).toMatchObject(expected)
  })

  it('keeps the later edit, and asks a person where nobody knows which it is', () => {
    const both = [{ note: 'mine' }, { note: 'theirs' }] as const
    expect(stays(...both)?.['note']).toBe('mine')
    expect(stays(...both, { serverAt: 2_000 })?.['note']).toBe('theirs')
    expect(decide(...both, { serverAt: null })).toEqual({ kind: 'park' })
  })

  it('asks a person for what nothing was said of, and for rows that are gone', () => {
    expect(decide({ title: 'mine', owner: 'cat' }, { title: 'theirs', owner: 'dan' })).toEqual({ kind: 'park' })
    expect(decide({ title: 'mine' }, {}, { server: null })).toEqual({ kind: 'park' })
  })

  it('keeps the same value whichever side asks: larger, smaller, latest', () => {
    const number = fc.option(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String), { nil: null })
    const amount = fc.option(
      fc.tuple(fc.integer(), fc.nat(99)).map(([whole, cents]) => `${whole}.${cents}`),
      { nil: null },
    )
    const row = fc.record({ number, amount, note: fc.string({ maxLength: 2 }) })
    fc.assert(
      fc.property(row, row, fc.nat(3), fc.nat(3), (a, b, at, bt) => {
        const forth = stays(a, b, { localAt: at, serverAt: bt })
        const back = stays(b, a, { localAt: bt, serverAt: at })
        expect(forth).toEqual(back)
      }),
    )
  })

  it('reports what has no order, and what is not there', () => {
    const faulty = project()
    const [entity] = Object.values(faulty.localEntities)
    const pattern = entity?.pattern
    if (pattern?.kind !== 'conflict-detection') throw new Error('The pattern is another.')
    const title = Object.values(entity?.attributes ?? {}).find(({ name }) => name === 'title')
    pattern.attributes = { [title?.id ?? '']: 'larger', la_gone: 'local' }
    expect(compile(faulty).diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^SL2018 .*la_gone, which it does not have/),
      expect.stringMatching(/^SL2018 Of "title" .* it is text\./),
    ])
  })
})
