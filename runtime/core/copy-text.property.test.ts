import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyReader, formatCopyText, parseCopyText } from './copy-text'

/** Texts full of what the format gives a meaning to. */
const awkward = fc.string({
  unit: fc.constantFrom('\\', 'N', 'n', 't', '\t', '\n', '\r', '\b', '\f', '\v', '.', '1', 'x'),
})
const value = fc.option(fc.oneof(fc.string({ unit: 'binary' }), awkward))
const rows = fc
  .integer({ min: 1, max: 6 })
  .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width })))

/** A few values at a time, into one array. */
function readInParts(text: string, width: number): (string | null)[] {
  const read = copyReader(text, width)
  const part: (string | null)[] = []
  const all: (string | null)[] = []
  for (let count = read(part, 4); count > 0; count = read(part, 4)) all.push(...part.slice(0, count))
  return all
}

describe('copy text', () => {
  it('V1 gives back any rows as they went', () => {
    fc.assert(
      fc.property(rows, (value) => {
        expect(parseCopyText(formatCopyText(value))).toEqual(value)
        expect(readInParts(formatCopyText(value), value[0]?.length ?? 1)).toEqual(value.flat())
      }),
    )
  })

  it('V1 has a line a row and a tab between values, whatever the values hold', () => {
    fc.assert(
      fc.property(rows, (value) => {
        const lines = formatCopyText(value).split('\n').slice(0, -1)
        expect(lines.map((line) => line.split('\t').length)).toEqual(value.map((row) => row.length))
      }),
    )
  })

  it('V1 tells null from an empty text and from the text of its sign', () => {
    expect(formatCopyText([[null, '', '\\N']])).toBe('\\N\t\t\\\\N\n')
    expect(parseCopyText('\\N\t\t\\\\N\n')).toEqual([[null, '', '\\N']])
    expect(parseCopyText('\n')).toEqual([['']])
    expect(parseCopyText('')).toEqual([])
  })

  it('reads every escape that the manual names', () => {
    expect(parseCopyText('\\b\\f\\n\\r\\t\\v\\101\\x41\\q\n')).toEqual([['\b\f\n\r\t\vAAq']])
  })
})
