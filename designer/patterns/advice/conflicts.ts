/**
 * How likely an edit meets one that its author had not seen.
 *
 * While a device is away, others edit the same row; their edits that reach the server in that time are taken to come
 * independently, so that their number is Poisson's, and the chance of at least one is 1 − e^(−λ). Of two edits in one
 * such time only the one that arrives later meets the other, hence the half.
 */
import { CROWDING } from './figures'

export interface Meeting {
  readonly rows: number
  /** Edits of all users together. */
  readonly editsPerDay: number
  /** Between a device's reading of a row and its edit's arrival. */
  readonly daysAway: number
  readonly devices: number
  /** How many people edit the same record in that time, where it is known. */
  readonly editorsPerRecord: number | null
}

/** How many edits of others, to the same row, an edit meets on average. */
export function meetingsPerEdit({ rows, editsPerDay, daysAway, devices, editorsPerRecord }: Meeting): number {
  if (editorsPerRecord !== null) return Math.max(0, editorsPerRecord - 1) / 2
  if (rows <= 0 || devices <= 1) return 0
  const byOthers = editsPerDay * daysAway * ((devices - 1) / devices)
  return (CROWDING * byOthers) / rows / 2
}

export const chanceOfAny = (expected: number): number => 1 - Math.exp(-expected)

/** The chance that two edits, each of `changed` out of `attributes`, have one in common. */
export function overlapOfAttributes(attributes: number, changed: number): number {
  if (attributes <= 0) return 0
  const part = Math.min(1, changed / attributes)
  return 1 - (1 - part) ** changed
}
