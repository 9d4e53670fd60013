import { describe, expect, it } from 'vitest'
import { type DumpPart, splitDump } from './split-dump'

const split = (sql: string): DumpPart[] => [...splitDump(new TextEncoder().encode(sql))]
const texts = (sql: string) =>
  split(sql).map((part) => (part.kind === 'unterminated' ? `unterminated ${part.what}` : part.text))

describe('splitDump', () => {
  it('ends a statement at its semicolon and tells where it began', () => {
    const parts = split('-- a comment; with a semicolon\n\nSELECT 1;  SELECT 2')
    expect(parts).toMatchObject([
      { kind: 'statement', text: 'SELECT 1', at: { line: 3, column: 1 } },
      { kind: 'statement', text: 'SELECT 2', at: { line: 3, column: 12 } },
    ])
  })

  it('counts columns in characters, whatever their bytes', () => {
    expect(split(`SELECT 'ü€';SELECT 2`)[1]).toMatchObject({ at: { line: 1, column: 13 } })
  })

  it('keeps semicolons in strings, names, comments and parentheses', () => {
    expect(texts(`INSERT INTO t VALUES ('a;b', ';''');`)).toEqual([`INSERT INTO t VALUES ('a;b', ';''')`])
    expect(texts(`SELECT 1 AS "a;""b"; SELECT 2;`)).toEqual([`SELECT 1 AS "a;""b"`, 'SELECT 2'])
    expect(texts('SELECT /* ; /* nested ; */ ; */ 1; SELECT 2;')).toEqual([
      'SELECT /* ; /* nested ; */ ; */ 1',
      'SELECT 2',
    ])
    expect(texts('SELECT 1 -- ; no end\n; SELECT 2')).toEqual(['SELECT 1 -- ; no end', 'SELECT 2'])
    expect(texts('CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3')).toHaveLength(2)
  })

  it('takes backslashes as escapes in E strings, and in all strings once a dump says so', () => {
    expect(texts(`SELECT E'it\\'s; fine'; SELECT 2`)).toEqual([`SELECT E'it\\'s; fine'`, 'SELECT 2'])
    expect(texts(`SELECT 'C:\\'; SELECT 2`)).toEqual([`SELECT 'C:\\'`, 'SELECT 2'])
    expect(texts(`SET standard_conforming_strings = off; SELECT 'it\\'s; fine'; SELECT 2`)).toHaveLength(3)
  })

  it('keeps dollar-quoted bodies whole, with and without a tag', () => {
    const body = 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $b_1$ BEGIN PERFORM $$;$$; END; $b_1$'
    expect(texts(`${body}; SELECT $1; SELECT a$b$c FROM t; SELECT $$;$$`)).toEqual([
      body,
      'SELECT $1',
      'SELECT a$b$c FROM t',
      'SELECT $$;$$',
    ])
  })

  it('keeps a BEGIN ATOMIC body whole, also with CASE in it', () => {
    const body =
      'CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 END; SELECT 2; END'
    expect(texts(`${body}; SELECT 3;`)).toEqual([body, 'SELECT 3'])
  })

  it('takes BEGIN and END by themselves as statements', () => {
    expect(texts('BEGIN; SELECT 1; END; SELECT 2;')).toEqual(['BEGIN', 'SELECT 1', 'END', 'SELECT 2'])
  })

  it('gives the data of COPY apart from its statement', () => {
    const parts = split('COPY public.t (a, b) FROM stdin;\n1\tone; \\.\n2\t\\N\n\\.\n\nSELECT 1;')
    const [copy, after] = parts
    if (copy?.kind !== 'statement' || copy.copy === null) throw new Error('no COPY')
    expect(new TextDecoder().decode(copy.copy.bytes)).toBe('1\tone; \\.\n2\t\\N\n')
    expect(copy.copy.line).toBe(2)
    expect(copy.copy.textFrom('/dev/blob')).toBe(`COPY public.t (a, b) FROM '/dev/blob'`)
    expect(after).toMatchObject({ text: 'SELECT 1', at: { line: 6, column: 1 } })
  })

  it('takes COPY without rows, with options and with Windows line ends', () => {
    const parts = split('COPY t FROM STDIN WITH (FORMAT csv);\r\n\\.\r\nSELECT 1;')
    expect(parts).toMatchObject([{ copy: { bytes: new Uint8Array() } }, { text: 'SELECT 1' }])
  })

  it('tells psql’s commands from statements', () => {
    expect(split('\\restrict abc\nSELECT 1;\n\\c other\nSELECT 2 \\gexec\nSELECT 3;')).toMatchObject([
      { kind: 'command', text: '\\restrict abc' },
      { kind: 'statement', text: 'SELECT 1' },
      { kind: 'command', text: '\\c other' },
      { kind: 'statement', text: 'SELECT 2' },
      { kind: 'command', text: '\\gexec' },
      { kind: 'statement', text: 'SELECT 3' },
    ])
  })

  it('says what a file ends inside of, and where that began', () => {
    expect(split(`SELECT 1;\nSELECT 'open`)[1]).toMatchObject({
      kind: 'unterminated',
      what: 'string',
      at: { line: 2, column: 8 },
    })
    expect(texts('SELECT "open')).toEqual(['unterminated identifier'])
    expect(texts('/* open')).toEqual(['unterminated comment'])
    expect(texts('SELECT $x$ open $y$')).toEqual(['unterminated dollar-quoted string'])
    expect(texts('COPY t FROM stdin;\n1\n2')).toEqual(['unterminated COPY data'])
  })

  it('splits a long line in time that grows with its length', () => {
    const sql = 'SELECT 1;'.repeat(200_000)
    expect(split(sql)).toHaveLength(200_000)
  })
})
