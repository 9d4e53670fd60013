/** What all entities cost together, and how long that takes on each kind of connection. */
import { inOrder } from '@/designer/model'
import type { Design } from './design'
import { type EntityEstimate, type EstimateOptions, entityEstimate } from './estimate'
import { ASSUMED, CONNECTIONS, type Connection, ROUND_TRIPS_TO_CONNECT } from './figures'

export interface Budget {
  readonly entities: readonly EntityEstimate[]
  readonly units: readonly UnitBudget[]
  readonly total: BudgetTotal
  /** The requirements', or what is assumed. */
  readonly connection: Connection
}

export interface BudgetTotal {
  readonly rowsOnDevice: number
  readonly bytesOnDevice: number
  readonly firstSyncBytes: number
  readonly dailyBytesDown: number
  readonly dailyBytesUp: number
  readonly conflictsPerDay: number
  readonly firstSync: SecondsByConnection
  readonly daily: SecondsByConnection
  readonly measured: boolean
}

export interface UnitBudget {
  readonly unit: string
  readonly firstSyncBytes: number
  readonly firstSync: SecondsByConnection
}

export type SecondsByConnection = Readonly<Record<Connection, number>>

export function projectBudget(project: Design, options: EstimateOptions = {}): Budget {
  const entities = inOrder(project.localEntities).flatMap(([id]) => entityEstimate(project, id, options) ?? [])
  const byId = new Map(entities.map((estimate) => [estimate.entity, estimate]))
  const units = inOrder(project.syncUnits).map(([unit, { entities: members }]) => {
    const of = Object.keys(members).flatMap((id) => byId.get(id) ?? [])
    return {
      unit,
      firstSyncBytes: sum(of, 'firstSyncBytes'),
      firstSync: firstSyncSeconds(of),
    }
  })
  const syncs = Math.max(0, ...entities.map(({ syncsPerDay }) => syncsPerDay))
  return {
    entities,
    units,
    total: {
      rowsOnDevice: sum(entities, 'rowsOnDevice'),
      bytesOnDevice: sum(entities, 'bytesOnDevice'),
      firstSyncBytes: sum(entities, 'firstSyncBytes'),
      dailyBytesDown: sum(entities, 'dailyBytesDown'),
      dailyBytesUp: sum(entities, 'dailyBytesUp'),
      conflictsPerDay: sum(entities, 'conflictsPerDay'),
      firstSync: firstSyncSeconds(entities),
      daily: onEach((connection) =>
        transferSeconds(connection, {
          down: sum(entities, 'dailyBytesDown'),
          up: sum(entities, 'dailyBytesUp'),
          roundTrips: entities.length === 0 ? 0 : syncs * (ROUND_TRIPS_TO_CONNECT + 1),
        }),
      ),
      measured: entities.every(({ measured }) => measured),
    },
    connection: project.requirements.connection ?? ASSUMED.connection,
  }
}

/** One sync that brings everything for the first time: the connection, and the pages one after the other. */
export function firstSyncSeconds(entities: readonly EntityEstimate[]): SecondsByConnection {
  // Each entity's last page is shared with the next entity's first.
  const pages = entities.length === 0 ? 0 : entities.reduce((total, each) => total + each.firstSyncPages - 1, 1)
  const down = sum(entities, 'firstSyncBytes')
  return onEach((connection) =>
    transferSeconds(connection, { down, up: 0, roundTrips: pages === 0 ? 0 : ROUND_TRIPS_TO_CONNECT + pages }),
  )
}

export interface Transfer {
  /** Bytes. */
  readonly down: number
  readonly up: number
  readonly roundTrips: number
}

/** Waiting for the network alone: what the server and the device do meanwhile is not in it. */
export function transferSeconds(connection: Connection, { down, up, roundTrips }: Transfer): number {
  const { downBitsPerSecond, upBitsPerSecond, roundTripSeconds } = CONNECTIONS[connection]
  return (8 * down) / downBitsPerSecond + (8 * up) / upBitsPerSecond + roundTrips * roundTripSeconds
}

const onEach = (seconds: (connection: Connection) => number): SecondsByConnection => ({
  '3g': seconds('3g'),
  '4g': seconds('4g'),
  wifi: seconds('wifi'),
})

type Summed =
  | 'rowsOnDevice'
  | 'bytesOnDevice'
  | 'firstSyncBytes'
  | 'dailyBytesDown'
  | 'dailyBytesUp'
  | 'conflictsPerDay'

const sum = (entities: readonly EntityEstimate[], figure: Summed): number =>
  entities.reduce((total, each) => total + each[figure], 0)
