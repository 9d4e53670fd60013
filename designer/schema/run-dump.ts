/**
 * Runs a dump's statements in a scratch database. What can't be run is listed with its line and the reason;
 * only a syntax error, a file that ends in the middle of something, and a COMMIT that fails end the run:
 * after those, what was read could not be told from what was meant.
 */
import type { PGlite } from '@electric-sql/pglite'
import { classifyStatement } from './classify-statement'
import {
  explainCommand,
  type Fault,
  kindOf,
  sentence,
  syntaxFailure,
  toFault,
  truncatedFailure,
} from './explain-failure'
import type { ImportFailure, SkipKind, SkippedStatement } from './import-result'
import type { DumpPart } from './split-dump'
import { createStandIns } from './stand-in-types'

export interface DumpRun {
  readonly skipped: readonly SkippedStatement[]
  /** Stand-in types with the names of the types that they stand for. */
  readonly standIns: ReadonlyMap<string, string>
  readonly failure: ImportFailure | null
}

type Statement = Extract<DumpPart, { kind: 'statement' }>

/** Neighbours go to the database together, which for many small INSERTs is most of the time. */
const BATCH_STATEMENTS = 200
const BATCH_CHARACTERS = 256 * 1024
/** A list longer than this is not read by anybody; what follows is counted. */
const SKIPPED_LISTED = 1000
/** Guards against a statement that keeps failing in a new way: no table has more columns than this. */
const REPAIRS = 1600

export async function runDump(
  db: PGlite,
  parts: Iterable<DumpPart>,
  onProgress: (bytesDone: number) => void,
): Promise<DumpRun> {
  const skipped: SkippedStatement[] = []
  let unlisted = 0
  const standIns = createStandIns(db)
  let batch: { statement: Statement; onFailure: SkipKind }[] = []
  let batchCharacters = 0
  let inTransaction = false
  let failure: ImportFailure | null = null

  const skip = (at: Pick<Statement, 'at' | 'text'>, kind: SkipKind, reason: string, instead: string | null) => {
    if (skipped.length < SKIPPED_LISTED)
      skipped.push({ line: at.at.line, statement: excerptOf(at.text), kind, reason, instead })
    else unlisted += 1
  }

  /** In a transaction of the dump, a failure must undo only the statement that failed. */
  const execute = async (sql: string, blob?: Blob) => {
    if (!inTransaction) return db.exec(sql, blob === undefined ? {} : { blob })
    await db.exec('SAVEPOINT syncline_import')
    try {
      const results = await db.exec(sql, blob === undefined ? {} : { blob })
      await db.exec('RELEASE SAVEPOINT syncline_import')
      return results
    } catch (error) {
      await db.exec('ROLLBACK TO SAVEPOINT syncline_import; RELEASE SAVEPOINT syncline_import')
      throw error
    }
  }

  /** Runs one statement, with stand-ins for what it misses. True unless the run has to end. */
  const runAlone = async (statement: Statement, onFailure: SkipKind): Promise<boolean> => {
    let sql = statement.copy === null ? statement.text : statement.copy.textFrom('/dev/blob')
    const blob = statement.copy === null ? undefined : new Blob([new Uint8Array(statement.copy.bytes)])
    for (let repairs = 0; repairs < REPAIRS; repairs += 1) {
      try {
        await execute(sql, blob)
        return true
      } catch (error) {
        const fault = toFault(error)
        if (fault.code === '42601') {
          failure = syntaxFailure(statement, sql, fault)
          return false
        }
        const repaired = await repair(statement, sql, fault)
        if (repaired === null) {
          const isExtension = onFailure === 'extension' && /^create/i.test(sql)
          skip(
            statement,
            kindOf(fault, onFailure),
            sentence(fault),
            isExtension ? 'Columns of its types keep the type’s name.' : null,
          )
          return true
        }
        sql = repaired
      }
    }
    skip(statement, onFailure, 'It names more unknown types than a table has columns.', null)
    return true
  }

  /** Makes what a table's or type's definition misses, and answers the statement to try next. */
  const repair = async (statement: Statement, sql: string, fault: Fault): Promise<string | null> => {
    if (
      !/^(create|alter)\s+(unlogged\s+|foreign\s+|global\s+|local\s+|temp(orary)?\s+)?(table|domain|type|extension|sequence|(materialized\s+)?view)\b/i.test(
        sql,
      )
    )
      return null
    const schema = fault.code === '3F000' ? /schema "(.+)" does not exist/.exec(fault.message)?.[1] : undefined
    if (schema !== undefined) {
      await execute(`CREATE SCHEMA "${schema.replaceAll('"', '""')}"`)
      skip(
        statement,
        'schema',
        `The dump uses the schema ${schema} before it makes it, or doesn't make it.`,
        'The schema was made.',
      )
      return sql
    }
    if (fault.code !== '42704' || fault.position === null || !fault.message.startsWith('type ')) return null
    try {
      const replaced = await standIns.replaceType(sql, fault.position)
      if (replaced === null) return null
      if (replaced.isNew) {
        skip(
          statement,
          'type',
          `The type ${replaced.type} comes from an extension that can't be loaded here, or isn't part of the dump.`,
          'Columns of this type keep its name; their values are kept as text.',
        )
      }
      return replaced.statement
    } catch {
      return null
    }
  }

  const flush = async (): Promise<boolean> => {
    const current = batch
    batch = []
    batchCharacters = 0
    if (current.length === 0) return true
    if (current.length > 1) {
      try {
        // On a line of its own, because a statement may end with a comment.
        await execute(current.map(({ statement }) => statement.text).join('\n;\n'))
        return true
      } catch {
        // Nothing of the batch was kept: one by one, to find which of them fail.
      }
    }
    for (const { statement, onFailure } of current) {
      if (!(await runAlone(statement, onFailure))) return false
    }
    return true
  }

  const runPart = async (part: DumpPart): Promise<boolean> => {
    if (part.kind === 'unterminated') {
      if (!(await flush())) return false
      failure = truncatedFailure(part)
      return false
    }
    if (part.kind === 'command') {
      if (!(await flush())) return false
      skip(part, /^\\(c|connect)\b/.test(part.text) ? 'database' : 'command', ...explainCommand(part.text))
      return true
    }
    const plan = part.copy === null ? classifyStatement(part.text) : { kind: 'copy' as const }
    if (plan.kind === 'run' || (plan.kind === 'owner' && plan.role === 'postgres')) {
      batch.push({ statement: part, onFailure: plan.kind === 'run' ? plan.onFailure : 'role' })
      batchCharacters += part.text.length
      return batch.length < BATCH_STATEMENTS && batchCharacters < BATCH_CHARACTERS ? true : flush()
    }
    if (!(await flush())) return false
    switch (plan.kind) {
      case 'copy':
        return runAlone(part, 'data')
      case 'run-alone':
        return runAlone(part, plan.onFailure)
      case 'extension':
        return runAlone(part, 'extension')
      case 'owner':
        skip(part, 'role', `The role ${plan.role} isn't part of the dump, and owners play no part in a schema.`, null)
        return true
      case 'skip':
        skip(part, plan.skip, plan.reason, plan.instead)
        return true
      case 'begin':
        if (inTransaction) {
          skip(part, 'transaction', 'A transaction was already open.', null)
        } else {
          await db.exec('BEGIN')
          inTransaction = true
        }
        return true
      case 'rollback':
        if (inTransaction) await db.exec('ROLLBACK')
        inTransaction = false
        return true
      case 'commit':
        if (!inTransaction) return true
        inTransaction = false
        try {
          await db.exec('COMMIT')
          return true
        } catch (error) {
          failure = {
            kind: 'failed',
            reason: 'not-committed',
            line: part.at.line,
            column: part.at.column,
            message:
              `Line ${part.at.line}: the transaction that ends here can't be committed (${toFault(error).message}), so PostgreSQL ` +
              'takes back all of it. Nothing was imported. Correct the data that breaks the rule, or remove the rule from the dump.',
          }
          return false
        }
    }
  }

  for (const part of parts) {
    if (!(await runPart(part))) break
    onProgress(part.end)
  }
  if (failure === null) await flush()
  // psql takes a transaction back that the file leaves open. Here it can only come from a dump that was cut off.
  if (failure === null && inTransaction) await db.exec('COMMIT')
  if (unlisted > 0) {
    skipped.push({
      line: null,
      statement: '',
      kind: 'command',
      reason: `${unlisted} more statements were skipped that are not listed here.`,
      instead: null,
    })
  }
  return { skipped, standIns: standIns.printedNames(), failure }
}

function excerptOf(text: string): string {
  const flat = text.slice(0, 400).replace(/\s+/g, ' ').trim()
  return flat.length > 120 ? `${flat.slice(0, 117)}…` : flat
}
