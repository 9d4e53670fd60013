/** An answer means the same in both of its forms. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatCopyText } from '../core/copy-text'
import { ANSWER_TYPE, readAnswerBody } from '../protocol/answer-body'
import type { WrittenPage } from './pull/pull-page'
import { syncAnswer } from './sync-answer'

const value = fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('\uFEFFa byte order mark')))
const rows = fc.array(fc.array(value, { minLength: 2, maxLength: 2 }))
const entities = fc.array(fc.record({ rows, isWritten: fc.boolean(), full: fc.boolean() }), { maxLength: 4 })

it('V1 is read alike as JSON and as bytes', async () => {
  await fc.assert(
    fc.asyncProperty(entities, async (parts) => {
      const page: WrittenPage = {
        entities: parts.map(({ rows, isWritten, full }, index) => {
          const text = formatCopyText(rows)
          const written = isWritten ? new TextEncoder().encode(text) : text
          return { entity: `le_${index}`, full, rowCount: rows.length, deleted: [['1']], rows: written }
        }),
        next: null,
        cursors: { le_0: 'c' },
        digests: {},
      }
      const asJson = syncAnswer(request('application/json'), [], page)
      const asBytes = syncAnswer(request(`${ANSWER_TYPE}, application/json`), [], page)
      const isWritten = parts.some((part) => part.isWritten)
      expect(asBytes.headers.get('content-type')).toBe(isWritten ? ANSWER_TYPE : 'application/json')
      const bytes = new Uint8Array(await asBytes.arrayBuffer())
      const read = isWritten ? readAnswerBody(bytes, JSON.parse) : JSON.parse(new TextDecoder().decode(bytes))
      expect(read).toEqual(await asJson.json())
    }),
  )
})

it('is no answer where the body has another form', () => {
  const read = (text: string) => readAnswerBody(new TextEncoder().encode(text), (line) => JSON.parse(line || 'null'))
  expect(read('')).toBeNull()
  expect(read('{"page":null}\n')).toEqual({ page: null })
  expect(read('{"page":{"entities":[null,{"rows":9}]}}\nab')).toEqual({ page: { entities: [null, { rows: 'ab' }] } })
})

function request(accept: string): Request {
  return new Request('http://server.invalid/sync', { method: 'POST', headers: { accept }, body: '{}' })
}
