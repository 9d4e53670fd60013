import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { describeSource, SourceName } from './source-name'

const written = (what: ReturnType<typeof describeSource>, starts: boolean): string =>
  renderToStaticMarkup(createElement(SourceName, { what, starts }))

it('sets the name of a file as it is, and words as part of their sentence', () => {
  const file = describeSource({ kind: 'file', file: new File([], 'shop.sql'), keepData: true })
  expect(written(file, true)).toContain('>shop.sql<')
  const pasted = describeSource({ kind: 'paste', text: '', keepData: true })
  expect(written(pasted, true)).toBe('The pasted SQL')
  expect(written(pasted, false)).toBe('the pasted SQL')
})
