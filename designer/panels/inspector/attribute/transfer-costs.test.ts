import { expect, test } from 'vitest'
import { transferCosts } from './transfer-costs'

const free = { whyNotOnDemand: null, whyNoFile: null }

test('the costs of all rows are told where their number is known, else those of one', () => {
  const known = transferCosts({ bytes: 20_480, rows: 1000, ...free })
  expect(known.map(({ onDevice, firstSync }) => [onDevice, firstSync])).toEqual([
    ['19.5 MB', '19.5 MB'],
    ['nothing, + 20 KB for each that is asked for', 'nothing'],
    ['63 KB for names, + 20 KB for each that is asked for', '63 KB for names'],
  ])
  expect(transferCosts({ bytes: 20_480, rows: null, ...free })[0]?.onDevice).toBe('20 KB a row')
})

test('what can not be chosen says why', () => {
  const costs = transferCosts({ bytes: 100, rows: null, whyNotOnDemand: 'is unique', whyNoFile: 'is unique' })
  expect(costs.map(({ transfer, why }) => [transfer, why])).toEqual([
    ['inline', null],
    ['on-demand', 'is unique'],
    ['file', 'is unique'],
  ])
})
