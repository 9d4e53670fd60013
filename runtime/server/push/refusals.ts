/**
 * Why the server does not take a group, in words that name what to change and no other row's values.
 */

import { NO_CONTENT } from '../../contract/file-schema-sql'
import type { Outcome } from '../../protocol/messages'
import { databaseComplaint } from '../faults'

export type RefusalReason = Extract<Outcome, { kind: 'refused' }>['reason']

/** Rolls the group's transaction back; the group is answered with it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message)
  }
}

/** Says which of several groups in one transaction is refused. */
export class GroupRefusal extends Error {
  override readonly name = 'GroupRefusal'
  constructor(
    /** Its place among the groups. */
    readonly group: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.message)
  }
}

/** Runs `fn` for one group; a refusal in it becomes that group's. */
export function refusalOf<T>(group: number, fn: () => T): T {
  try {
    return fn()
  } catch (error) {
    throw error instanceof Refusal ? new GroupRefusal(group, error) : error
  }
}

/** The same words whether a row is gone or the session may not see it (P4). */
export function rowDeleted(entity: string): Refusal {
  return new Refusal(
    'row-deleted',
    `The row of ${entity} that was changed is no longer on the server. Discard the change, or create the row anew.`,
  )
}

export function outOfScope(entity: string): Refusal {
  return new Refusal(
    'not-allowed',
    `The row of ${entity} would lie outside of what you may write. Change the values that decide who may write it.`,
  )
}

/** Ends a transaction that met something which a repetition does not meet. */
export class MetAnother extends Error {
  override readonly name = 'MetAnother'
}

/** Two transactions were in each other's way; the same statements may succeed when run again. */
export function isWorthRepeating(error: unknown): boolean {
  const code = databaseComplaint(error)?.code
  return code === '40001' || code === '40P01' || error instanceof MetAnother
}

/**
 * A value or a reference was found free or there, and was not any more when the row was written: where conflicts are
 * detected, the next attempt sees what the other did.
 */
export function isLostRace(error: unknown): boolean {
  const code = databaseComplaint(error)?.code
  return code === '23505' || code === '23503'
}

/** The database is in no state to answer now: locks held for long, no memory, no connection left, shutting down. */
export function isBusy(error: unknown): boolean {
  const code = databaseComplaint(error)?.code ?? ''
  return code === '55P03' || code === '57014' || code.startsWith('53') || code === '57P03' || isWorthRepeating(error)
}

/**
 * The refusal that an error means, or null where the error says nothing about the group: then the
 * request fails and the device tries again.
 */
export function toRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof GroupRefusal) return error.refusal
  const complaint = databaseComplaint(error)
  if (!complaint) return null
  const { code, constraint, column } = complaint
  const named = constraint === null ? '' : ` "${constraint}"`
  switch (code) {
    case '23505':
      return new Refusal(
        'constraint',
        `The server has another row with the same value: unique constraint${named}. Choose another value.`,
      )
    case '23503':
      return new Refusal(
        'constraint',
        `The change breaks a reference between rows: foreign key${named}. Refer to a row that exists, or delete the rows that refer to this one first.`,
      )
    case '23502':
      return new Refusal(
        'constraint',
        `A value is missing: ${column === null ? 'a column' : `column "${column}"`} can't be empty. Fill it in.`,
      )
    case '23514':
      return new Refusal('constraint', `A value is not allowed: check constraint${named}. Change it.`)
    case '23P01':
      return new Refusal(
        'constraint',
        `The change conflicts with another row: exclusion constraint${named}. Change the values.`,
      )
    case '42501':
      return new Refusal(
        'not-allowed',
        "The server's database does not permit this change. Ask its administrator for the right to make it.",
      )
    case NO_CONTENT:
      return new Refusal(
        'file-missing',
        'The content of a file did not come: this device does not have it, or it is larger than the server takes. Give the file again, then discard this.',
      )
    case '428C9':
      return new Refusal('not-allowed', 'The server computes a column that the change sets. Leave that column out.')
  }
  switch (code.slice(0, 2)) {
    case '22':
    case '54':
      return new Refusal(
        'invalid-value',
        `A value is not valid for the type of its column${column === null ? '' : ` "${column}"`} on the server. Correct it.`,
      )
    case '23':
      return new Refusal('constraint', `The change breaks constraint${named || 's of the server'}. Change the values.`)
    case '09':
    case '21':
    case '27':
    case '2F':
    case '38':
    case '39':
    case '44':
    case 'P0':
      return new Refusal(
        'constraint',
        'A trigger or rule of the server refused the change. Change the values, or ask who looks after the database.',
      )
    default:
      return null
  }
}
