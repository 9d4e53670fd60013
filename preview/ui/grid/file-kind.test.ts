import { expect, test } from 'vitest'
import { kindOf } from './file-kind'

const bytes = (...values: readonly (number | string)[]) =>
  Uint8Array.from(values.flatMap((value) => (typeof value === 'number' ? value : [...new TextEncoder().encode(value)])))

test.each([
  [bytes(0x89, 'PNG', 13, 10), { kind: 'image', type: 'image/png', extension: 'png' }],
  [bytes(0xff, 0xd8, 0xff, 0xe0), { kind: 'image', type: 'image/jpeg', extension: 'jpg' }],
  [bytes('GIF89a'), { kind: 'image', type: 'image/gif' }],
  [bytes('RIFF', 0, 0, 0, 0, 'WEBPVP8 '), { kind: 'image', type: 'image/webp' }],
  [bytes('%PDF-1.7'), { kind: 'other', words: 'PDF', extension: 'pdf' }],
  [bytes('Grüße\n'), { kind: 'text', extension: 'txt' }],
  [bytes(), { kind: 'text' }],
  [bytes(0, 1, 2), { kind: 'other', words: 'Bytes', extension: 'bin' }],
  [bytes(0xc3, 0x28), { kind: 'other' }],
  [bytes('<svg onload="alert(1)">'), { kind: 'text' }],
])('a content is told by its bytes: %#', (content, kind) => {
  expect(kindOf(content)).toMatchObject(kind)
})

test('a character that the end of the beginning cuts is no fault', () => {
  expect(kindOf(bytes(`${'a'.repeat(64 * 1024 - 1)}ü`)).kind).toBe('text')
})
