import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createNamedIds,
  FORMAT_VERSION,
  type Project,
  parseProject,
  projectFromSchema,
  serializeProject,
} from './index'
import { migrate } from './migrations'
import { shopSchema, shuffled } from './testing/build-schema'

const project = ((): Project => {
  const result = projectFromSchema({ schema: shopSchema(), name: 'Shop', ids: createNamedIds() })
  if (result.kind === 'refused') throw new Error(result.reason)
  const [entity] = Object.values(result.project.localEntities)
  if (entity === undefined) throw new Error('The sample has no entities.')
  entity.scope = {
    kind: 'filter',
    filter: {
      kind: 'and',
      terms: [
        {
          kind: 'not',
          term: {
            kind: 'compare',
            operator: '=',
            left: { kind: 'attribute', attribute: 'sa_x' },
            right: [{ kind: 'claim', name: 'c' }],
          },
        },
      ],
    },
  }
  result.project.scenarios.sc_1 = { id: 'sc_1', name: 's', order: 1, seed: 1, steps: [{ z: 1, a: [{ y: 1, b: 2 }] }] }
  return result.project
})()
const text = serializeProject(project)

const message = (input: string): string => {
  const result = parseProject(input)
  return result.kind === 'failed' ? `${result.reason}: ${result.message}` : 'ok'
}

describe('serializeProject', () => {
  it('gives the same bytes for any order of keys', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = () => numbers.next().value as number
        const mixed = shuffled(project, (keys) =>
          keys
            .map((key) => [next(), key] as const)
            .sort(([a], [b]) => a - b)
            .map(([, key]) => key),
        )
        expect(serializeProject(mixed)).toBe(text)
      }),
      { numRuns: 30 },
    )
  })

  it('reads back what it wrote', () => {
    expect(parseProject(text)).toEqual({ kind: 'ok', project })
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('begins with the format and ends with the layout', () => {
    expect(Object.keys(JSON.parse(text) as object).at(0)).toBe('format')
    expect(Object.keys(JSON.parse(text) as object).at(-1)).toBe('layout')
  })
})

describe('parseProject', () => {
  it('says that a truncated file is cut off, wherever it was cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.trimEnd().length - 1 }), (length) => {
        expect(message(text.slice(0, length))).toMatch(/^cut-off: .*line \d+/)
      }),
      { numRuns: 200 },
    )
  })

  it('says what other text is', () => {
    expect(message('')).toMatch(/^empty/)
    expect(message('SELECT 1;')).toMatch(/^not-json/)
    expect(message('{ body { color: red } }')).toMatch(/^not-json/)
    expect(message('[1, 2]')).toMatch(/^not-a-project/)
    expect(message('{"a": 1}')).toMatch(/^not-a-project/)
    expect(message(text.replace('"name": "Shop"', '"name": ,'))).toMatch(/^not-json/)
    expect(message(`${text.slice(0, 20)}\n<<<<<<< ours\n${text.slice(20)}`)).toMatch(/merge conflict at line/)
  })

  it('asks for an update where the format is newer', () => {
    expect(message(text.replace('"format": 3', '"format": 7'))).toMatch(/^newer-format: .*format 7.*update Syncline/)
  })

  it('names the field that is wrong', () => {
    expect(message(text.replace('"retryOnError": true', '"retryOnError": "yes"'))).toMatch(
      /syncUnits\.su_\w+\.retryOnError: .*boolean/,
    )
    expect(message(text.replace('"retryOnError": true,', ''))).toMatch(/retryOnError/)
    expect(message(text.replace('"retryOnError": true', '"retryOnErr": false'))).toMatch(/retryOnErr/)
  })

  it('does not take a reference to a missing record for a wrong file', () => {
    expect(message(text.replaceAll('"root": "se_orders"', '"root": "se_gone"'))).toBe('ok')
  })
})

describe('migrate', () => {
  it('runs the steps one after the other', () => {
    const steps = [
      { from: 1, migrate: (document: object) => ({ ...document, one: true }) },
      { from: 2, migrate: (document: object) => ({ ...document, two: true }) },
    ]
    expect(migrate({ format: 1 }, 1, steps, 3)).toEqual({ format: 3, one: true, two: true })
  })

  it('has a step for each older format', () => {
    for (let format = 1; format < FORMAT_VERSION; format += 1) expect(() => migrate({}, format)).not.toThrow()
  })
})
