/**
 * The figures that the advice reckons with. Those marked measured are of our own protocol and database, on Northwind;
 * how they were measured, and all others, are told in docs/ADVICE.md, whose tables a test holds against this file.
 */
import type { Requirements } from '@/designer/model'

export type Connection = NonNullable<Requirements['connection']>

export const CONNECTIONS: Readonly<Record<Connection, ConnectionFigures>> = {
  '3g': { label: '3G', downBitsPerSecond: 1_600_000, upBitsPerSecond: 768_000, roundTripSeconds: 0.3 },
  '4g': { label: '4G', downBitsPerSecond: 9_000_000, upBitsPerSecond: 9_000_000, roundTripSeconds: 0.17 },
  wifi: { label: 'Wi-Fi', downBitsPerSecond: 30_000_000, upBitsPerSecond: 15_000_000, roundTripSeconds: 0.04 },
}

export interface ConnectionFigures {
  readonly label: string
  readonly downBitsPerSecond: number
  readonly upBitsPerSecond: number
  readonly roundTripSeconds: number
}

/** DNS, TCP and TLS before the first request of a sync. */
export const ROUND_TRIPS_TO_CONNECT = 3

/** A page of a pull ends after so many rows, or characters. */
export const PAGE_ROWS = 10_000
export const PAGE_CHARACTERS = 8_000_000

/** What gzip leaves of each kind of value in a whole first sync; measured. */
export const GZIP_LEAVES = { text: 0.37, number: 0.28, time: 0.1, random: 0.55 } as const

/** The server packs answers from this size on. */
export const PACKED_FROM_BYTES = 12_000

/** What an entity adds to a request: a cursor, and the id of each attribute; measured. */
export const REQUEST_BYTES_PER_ENTITY = 200
export const REQUEST_BYTES_PER_ATTRIBUTE = 16

/** What an entity adds to an answer without rows: its next cursor; measured. */
export const ANSWER_BYTES_PER_ENTITY = 130

/** The same in a first sync, which is packed; measured. */
export const PACKED_ANSWER_BYTES_PER_ENTITY = 40

/** An edit beside its values, the name of a value in it, and its answer; measured. */
export const EDIT_BYTES = 270
export const EDIT_BYTES_PER_VALUE = 22
export const OUTCOME_BYTES = 120

/** In PGlite: a row's header and its place in the page; an index entry beside the key; how full pages are. */
export const ROW_HEADER_BYTES = 28
export const INDEX_ENTRY_BYTES = 16
export const PAGES_FULL = 0.9

/** What is assumed where nobody has said. */
export const ASSUMED = {
  users: 20,
  devicesPerUser: 1,
  /** Rows of a table without a count. */
  rows: 1_000,
  /** The part of an entity's rows that is edited in a day. */
  editedPerDay: 0.01,
  daysOffline: 0,
  connection: '4g',
} as const

/** The part of the attributes that an edit changes. */
export const ATTRIBUTES_PER_EDIT = 0.25

/** Syncs in a day by coming online, logging in and resuming the app. */
export const SYNCS_BY_EVENTS_PER_DAY = 4
export const WORKING_DAY_SECONDS = 8 * 3600

/** The part of the rows in scope that an app on demand has chosen. */
export const CHOSEN_ON_DEMAND = 0.05

/** The part of the rows that a condition is guessed to leave, where neither count nor share is given. */
export const CONDITION_LEAVES = { equals: 0.1, in: 0.3, range: 0.33, like: 0.1, sql: 0.5 } as const
/** Rows are assumed to have come evenly over this time, where a scope takes the latest. */
export const ROWS_SINCE_SECONDS = 2 * 365 * 86_400

/**
 * Edits crowd: 80 % of them hit 20 % of the rows. Two edits then meet on a row this many times as often as if they were
 * spread evenly: 0.8² ÷ 0.2 + 0.2² ÷ 0.8.
 */
export const CROWDING = 3.25
