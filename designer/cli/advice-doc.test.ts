/** docs/ADVICE.md says what the code does. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as figures from '@/designer/patterns/advice/figures'
import { CONFLICTS_MATTER_FROM, LARGE_BYTES } from '@/designer/patterns/advice/recommend'
import { formatCount } from '@/designer/patterns/advice/words'

const text = readFileSync('docs/ADVICE.md', 'utf8').replaceAll(/\s+/g, ' ')
const { ASSUMED, CONDITION_LEAVES, CONNECTIONS, GZIP_LEAVES } = figures
const percent = (part: number) => `${Math.round(part * 100)} %`

describe('docs/ADVICE.md', () => {
  it.each(Object.values(CONNECTIONS))('has the connection $label', (connection) => {
    const { label, downBitsPerSecond: down, upBitsPerSecond: up, roundTripSeconds } = connection
    expect(text).toContain(`| ${label} | ${down / 1e6} Mbit/s | ${up / 1e6} Mbit/s | ${roundTripSeconds * 1000} ms |`)
  })

  it.each([
    ['rows', `${formatCount(ASSUMED.rows)} |`],
    ['edits', `requirements of all; ${percent(ASSUMED.editedPerDay)} of the rows |`],
    ['users', `requirements; ${ASSUMED.users}, ${ASSUMED.devicesPerUser} |`],
    ['days offline', `days offline | requirements; ${ASSUMED.daysOffline} |`],
    ['the connection', `requirements; ${CONNECTIONS[ASSUMED.connection].label} |`],
    ['equality', `equal to something else | ${percent(CONDITION_LEAVES.equals)} |`],
    ['lists', `in a list | ${percent(CONDITION_LEAVES.in)} |`],
    ['ranges', `larger, smaller | ${percent(CONDITION_LEAVES.range)} |`],
    ['time', `newer than a time | that time ÷ ${figures.ROWS_SINCE_SECONDS / 86_400} days |`],
    ['like', `| like | ${percent(CONDITION_LEAVES.like)} |`],
    ['SQL', `1 ÷ users, ${percent(CONDITION_LEAVES.sql)} |`],
    ['rows on demand', `choose ${percent(figures.CHOSEN_ON_DEMAND)} of the rows`],
    [
      'rows in PGlite',
      `row header ${figures.ROW_HEADER_BYTES} + index entry ${figures.INDEX_ENTRY_BYTES} + key + further indexes) ÷ ${figures.PAGES_FULL} full pages`,
    ],
    [
      'gzip',
      `${percent(GZIP_LEAVES.text)} of text, ${percent(GZIP_LEAVES.number)} of numbers, ${percent(GZIP_LEAVES.time)} of times, ${percent(GZIP_LEAVES.random)} of`,
    ],
    ['the first answer', `packed bytes a row + ${figures.PACKED_ANSWER_BYTES_PER_ENTITY} for each entity`],
    [
      'pages',
      `takes ${figures.ROUND_TRIPS_TO_CONNECT} round trips to connect and one for each page of ${formatCount(figures.PAGE_ROWS)} rows or ${formatCount(figures.PAGE_CHARACTERS)} characters`,
    ],
    [
      'syncs',
      `a working day of ${figures.WORKING_DAY_SECONDS / 3600} hours ÷ the unit’s interval, and ${figures.SYNCS_BY_EVENTS_PER_DAY} more`,
    ],
    ['answers', `syncs × ${figures.ANSWER_BYTES_PER_ENTITY} for each entity`],
    ['packing', `an answer has ${formatCount(figures.PACKED_FROM_BYTES)} bytes or more`],
    ['outcomes', `own edits × ${figures.OUTCOME_BYTES} for their answers`],
    [
      'requests',
      `syncs × (${figures.REQUEST_BYTES_PER_ENTITY} + ${figures.REQUEST_BYTES_PER_ATTRIBUTE} for each attribute) + own edits × (${figures.EDIT_BYTES} + values)`,
    ],
    ['names of values', `with ${figures.EDIT_BYTES_PER_VALUE} bytes for its name`],
    ['crowding', `λ = ${figures.CROWDING} × edits a day by others`],
    ['large entities', `more than ${LARGE_BYTES / 1024 ** 2} MB: **on demand**`],
    ['conflicts', `${percent(CONFLICTS_MATTER_FROM)} of the edits or more meet another one`],
  ])('has the figure for %s', (_, line) => {
    expect(text).toContain(line)
  })

  it('names an edit’s part of the attributes', () => {
    expect(figures.ATTRIBUTES_PER_EDIT).toBe(0.25)
    expect(text).toContain('An edit changes a quarter of the attributes')
    expect(figures.CROWDING).toBeCloseTo(0.8 ** 2 / 0.2 + 0.2 ** 2 / 0.8)
  })
})
