/**
 * One simulated device: its data, its link and its clock outlive its lives; each life is a `createDevice` of its own.
 */
import type { Clock, Device, DeviceOptions, Marker, Session, Timers } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import type { DeviceTables, Storage } from '../../contract/storage'
import { openMemoryFiles } from '../../files/memory-files'
import type { SeededRandom } from '../seeded-random'
import type { VirtualTime } from '../virtual-time'
import type { Shown } from './check-visible'
import { createHazard, type Hazard } from './hazard'
import './loaded-parts'
import type { RowsByEntity } from './rows'
import type { Life, Scheduler } from './scheduler'
import { createSimDeviceLink, type SimDeviceLink, type SimDeviceLinkOptions } from './sim-link'
import { createSimStorage } from './sim-storage'

/** Where a device keeps its data. */
export interface DevicePlace {
  /** Opens the data, as it was committed, whoever else still has it open. */
  readonly open: () => Promise<Storage>
  /** Remembers the data as it is now; what it answers puts it back. Missing where that can't be done. */
  readonly remember?: () => () => void
  readonly close: () => Promise<void>
}

export type OpenPlace = (name: string) => Promise<DevicePlace>

export interface SimDevice {
  readonly name: string
  readonly link: SimDeviceLink
  readonly place: DevicePlace
  readonly session: () => Session
  readonly setSession: (session: Session) => void
  readonly setSkew: (skewMs: number) => void
  readonly hazard: () => Hazard
  /** Null between lives. */
  readonly device: () => Device | null
  /** Begins a life; resolves when the device is open or has died of it. */
  readonly open: () => Promise<void>
  readonly kill: () => void
  readonly tables: () => DeviceTables | null
  readonly shown: Shown
  readonly kind: () => Storage['kind'] | null
}

export interface SimDeviceOptions {
  readonly name: string
  readonly bundle: Bundle
  readonly place: DevicePlace
  readonly session: Session
  readonly skewMs: number
  readonly time: VirtualTime
  readonly scheduler: Scheduler
  readonly random: SeededRandom
  readonly createDevice: (options: DeviceOptions) => Promise<Device>
  readonly link: Pick<SimDeviceLinkOptions, 'onExchange' | 'onFate'> & {
    readonly serve: (author: string, session: () => Session, body: string) => ReturnType<SimDeviceLinkOptions['serve']>
  }
  readonly onCommit: (before: RowsByEntity, after: RowsByEntity) => void
  readonly defect?: (tables: DeviceTables, bundle: Bundle) => DeviceTables
}

export function createSimDevice(options: SimDeviceOptions): SimDevice {
  const { name, bundle, place, time, scheduler, random, createDevice, onCommit, defect } = options
  let session = options.session
  let skewMs = options.skewMs
  let hazard = createHazard(name)
  let device: Device | null = null
  let lives = 0
  let kept: string | null = null
  const storage = createSimStorage({ open: place.open, bundle, scheduler, onCommit, ...(defect && { defect }) })
  const link = createSimDeviceLink({
    ...options.link,
    scheduler,
    timers: time,
    serve: (body) => options.link.serve(name, () => session, body),
  })
  const clock: Clock = { now: () => time.now() + skewMs }
  // What is kept of files outlives every life, as the rows do.
  const files = openMemoryFiles()
  const marker: Marker = {
    get: () => kept,
    set: (value) => {
      kept = value
    },
  }

  return {
    name,
    link,
    place,
    session: () => session,
    setSession: (next) => {
      session = next
    },
    setSkew: (next) => {
      skewMs = next
    },
    hazard: () => hazard,
    device: () => (hazard.alive() ? device : null),
    open: async () => {
      const life = createHazard(name)
      hazard = life
      device = null
      lives += 1
      const opening = storage.forLife(life).then((opened) =>
        createDevice({
          storage: opened,
          transport: link.transport(life),
          session,
          clock,
          timers: timersOf(time, life),
          random: random.fork(`life-${lives}`),
          network: link.network,
          marker,
          locks: locksOf(),
          files,
          broadcast: { post: () => undefined, subscribe: () => () => undefined, close: () => undefined },
          lifecycle: { subscribe: () => () => undefined },
        }),
      )
      const opened = await Promise.race([opening, life.ended.then(() => null)])
      if (hazard === life) device = opened
    },
    kill: () => hazard.end(),
    tables: storage.look,
    shown: new Map(),
    kind: storage.kind,
  }
}

/** Timers that the dead don't hear. */
function timersOf(time: VirtualTime, life: Life): Timers {
  return { after: (delayMs, fn) => time.after(delayMs, () => (life.alive() ? fn() : undefined)) }
}

/** One tab alone: whoever asks gets the name as soon as the one before has let go. */
function locksOf(): NonNullable<DeviceOptions['locks']> {
  const held = new Map<string, Promise<unknown>>()
  return {
    request: (name, { signal }, fn) => {
      const run = (held.get(name) ?? Promise.resolve()).then(() => {
        signal?.throwIfAborted()
        return fn()
      })
      held.set(
        name,
        run.catch(() => undefined),
      )
      return run
    },
  }
}
