import { expect, test } from 'vitest'
import { counted, formatBytes } from './format'
import { timeAgo } from './time-ago'
import { shortTypeName } from './type-name'

test('counts agree with their noun', () => {
  expect([counted(1, 'row'), counted(2155, 'row'), counted(0, 'entity', 'entities')]).toEqual([
    '1 row',
    '2,155 rows',
    '0 entities',
  ])
})

test('sizes keep two or three signs', () => {
  expect([900, 1536, 20_480, 3_500_000].map(formatBytes)).toEqual(['900 B', '1.5 KB', '20 KB', '3.3 MB'])
})

test('types have the short names that PostgreSQL knows too', () => {
  expect(
    [
      'character varying(40)',
      'timestamp(3) with time zone',
      'timestamp without time zone',
      'integer[]',
      'numeric(10,2)',
    ].map(shortTypeName),
  ).toEqual(['varchar(40)', 'timestamptz(3)', 'timestamp', 'int4[]', 'numeric(10,2)'])
})

test('time passes from just now to a date', () => {
  const now = Date.UTC(2026, 4, 20, 12)
  const ago = (seconds: number) => timeAgo(new Date(now - seconds * 1000), now)
  expect([ago(20), ago(180), ago(7200), ago(90_000)]).toEqual(['just now', '3 minutes ago', '2 hours ago', 'yesterday'])
  expect(ago(60 * 86_400)).toMatch(/2026/)
})
