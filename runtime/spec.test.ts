import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('.', import.meta.url))

/** Rule id to the word in the last column, as SPEC.md has it. */
const rules = new Map(
  [
    ...readFileSync(join(ROOT, 'SPEC.md'), 'utf8').matchAll(/^\| ([A-Z]\d+) \|.*\| (holds|partly|open)\b[^|]*\|$/gm),
  ].map(([, id = '', today = '']) => [id, today] as const),
)

const named = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /(\.test|-suite)\.ts$/.test(path) && !path.includes('node_modules'))
  .flatMap((path) => [
    ...readFileSync(join(ROOT, path), 'utf8').matchAll(
      /\b(?:it|describe)(?:\.each\([\s\S]*?\))?\(\s*['"`]((?:[A-Z]\d+ )+)/g,
    ),
  ])
  .flatMap(([, ids = '']) => ids.trim().split(' '))

/** Ids of anomalies may stand beside those of rules. */
const isAnomaly = (id: string) => /^A\d\d$/.test(id)

describe('SPEC.md and the tests', () => {
  it('know the same rules', () => {
    expect(rules.size).toBe(47)
    expect([...new Set(named)].filter((id) => !rules.has(id) && !isAnomaly(id))).toEqual([])
  })

  it('leave no rule that holds, wholly or partly, without a test', () => {
    const shown = new Set(named)
    expect([...rules].filter(([id, today]) => today !== 'open' && !shown.has(id)).map(([id]) => id)).toEqual([])
  })
})
