import { describe, expect, it } from 'vitest'
import type { SqlCheck, SqlPiece } from '@/designer/compiler/sql-check/sql-pieces'
import type { SqlAnswers } from '@/designer/model/sql-question'
import { createSqlAnswers } from './sql-answers'

const piece = (key: string): SqlPiece => ({
  key,
  question: { statement: key, typed: null, value: key, declaredType: null, parts: [], tables: [] },
  about: { kind: 'computed', entity: 'le_1', attribute: 'la_1', typed: key },
})
const check = (...keys: string[]): SqlCheck => ({
  pieces: keys.map(piece),
  schema: { serverTypes: {}, serverEntities: {} },
})
const accepted = { kind: 'accepted', type: { name: 'text', base: 'text' }, declared: null } as const

/** A page whose time and server the test owns. */
function openPage() {
  const timers = new Set<() => void>()
  const asked: string[][] = []
  const waiting: ((answers: SqlAnswers) => void)[] = []
  let changes = 0
  let away = false
  const answers = createSqlAnswers({
    ask: (_, questions) => {
      asked.push(questions.map(({ statement }) => statement))
      if (away) return Promise.reject(new Error('no network'))
      return new Promise((resolve) => waiting.push(resolve))
    },
    after: (_, fn) => {
      timers.add(fn)
      return () => timers.delete(fn)
    },
    onChange: () => {
      changes += 1
    },
  })
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }
  return {
    ...answers,
    asked,
    changes: () => changes,
    setAway: (next: boolean) => {
      away = next
    },
    pass: async () => {
      const due = [...timers]
      timers.clear()
      for (const fn of due) fn()
      await settle()
    },
    reply: async () => {
      const count = asked.at(-1)?.length ?? 0
      waiting.shift()?.({ kind: 'answered', answers: Array.from({ length: count }, () => accepted) })
      await settle()
    },
  }
}

describe('what PostgreSQL is asked while somebody types', () => {
  it('is what has come to rest, and each piece once', async () => {
    const page = openPage()
    page.want(check('a'))
    page.want(check('ab'))
    expect(page.asking()).toEqual({ kind: 'asking', pieces: 1 })
    await page.pass()
    await page.reply()
    expect(page.asked).toEqual([['ab']])
    expect(page.answerOf(piece('ab'))).toEqual(accepted)
    expect(page.changes()).toBe(1)
    page.want(check('ab', 'c'))
    await page.pass()
    await page.reply()
    // Undo.
    page.want(check('ab'))
    await page.pass()
    expect(page.asked).toEqual([['ab'], ['c']])
    expect(page.asking()).toEqual({ kind: 'answered' })
  })

  it('is asked one after the other: what came up meanwhile is next', async () => {
    const page = openPage()
    page.want(check('a'))
    await page.pass()
    page.want(check('b'))
    await page.pass()
    expect(page.asked).toEqual([['a']])
    await page.reply()
    await page.pass()
    expect(page.asked).toEqual([['a'], ['b']])
  })

  it('where nobody answers, it is said so, asked again in time, and what is known stays', async () => {
    const page = openPage()
    page.want(check('a'))
    await page.pass()
    await page.reply()
    page.setAway(true)
    page.want(check('a', 'b'))
    await page.pass()
    expect(page.asking()).toEqual({ kind: 'away', pieces: 1, message: 'The server is away.' })
    expect(page.answerOf(piece('a'))).toEqual(accepted)
    page.setAway(false)
    await page.pass()
    await page.reply()
    expect(page.asking()).toEqual({ kind: 'answered' })
  })

  it('two places with the same text and tables are one question', async () => {
    const page = openPage()
    page.want(check('a', 'a'))
    await page.pass()
    expect(page.asked).toEqual([['a']])
  })
})
