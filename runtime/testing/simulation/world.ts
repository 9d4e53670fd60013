/**
 * The world of one run: everything that is alive in it, and how each step of the script is carried out.
 */
import type { SyncOutcome } from '../../contract/api'
import { createSeededRandom } from '../seeded-random'
import { createVirtualTime } from '../virtual-time'
import { checkEnd, type DeviceAtEnd, textsIn, valueId } from './check-end'
import { checkReferences, checkVisible, lookAt, type VisibleState } from './check-visible'
import { readConflicts } from './conflict-traces'
import { wrapTransport } from './defects'
import { operate } from './device-operations'
import { comparable, createHistory } from './history'
import { createLedger } from './ledger'
import { observeHandlers } from './observe-handlers'
import { rowKey, textOf } from './rows'
import { createScheduler, Standstill } from './scheduler'
import type { Script, SimClaims, Step } from './script'
import { createSimDevice, type SimDevice } from './sim-device'
import { createSimServer } from './sim-server'
import type { SimulationOptions } from './simulation-options'
import { createTrace } from './trace'
import { parseGroups, parseOutcomes } from './wire-traces'
import { createWriters } from './writers'

export interface World {
  readonly openAll: () => Promise<void>
  readonly take: (step: Step, index: number) => Promise<void>
  readonly healAndCheck: () => Promise<void>
  readonly problems: () => readonly string[]
  readonly counts: () => Readonly<Record<string, number>>
  readonly trace: () => string
  readonly close: () => Promise<void>
}

export interface WorldOptions extends SimulationOptions {
  readonly claims: readonly SimClaims[]
  readonly script: Script
  readonly startMs: number
}

/** Rounds in which everybody syncs, after which everything must have come to rest. */
const MOST_ROUNDS = 20
const LATEST_MS = 200_000

export async function createWorld(options: WorldOptions): Promise<World> {
  const { server: ground, script, claims, startMs, defect } = options
  const random = createSeededRandom(script.seed, 'world')
  const time = createVirtualTime(startMs)
  const scheduler = createScheduler({ time, patienceMs: ground.connect ? 300 : null })
  const trace = createTrace(options.onTrace)
  const onRecord = new Set<string>()
  const bundle = observeHandlers(options.bundle, onRecord)
  const history = createHistory(bundle)
  const ledger = createLedger(bundle)
  const problems: string[] = []
  const refused = new Map<string, Set<string>>()
  let stepIndex = -1
  /** Whether anybody may have written there since the history was last read. */
  let serverWritten = true
  let lastLook: string | null = null

  const server = createSimServer({
    database: ground.database,
    createServer: (serverOptions) => options.createServer(defect?.serverBundle?.(bundle) ?? bundle, serverOptions),
    scheduler,
    clock: time,
    timers: time,
    random: random.fork('server'),
    onDeath: () => trace.count('server crashes'),
    ...(defect?.database && { defect: defect.database }),
  })
  const writers = createWriters(ground, bundle, scheduler, trace)

  const sessionOf = (user: string, set: number) => ({ user, claims: claims[set % claims.length] ?? {} })
  const devices: SimDevice[] = []
  const memories = new Map<SimDevice, { readonly restore: () => void; readonly order: number }>()
  for (const [index, setting] of script.devices.entries()) {
    const name = `device-${index}`
    devices.push(
      createSimDevice({
        name,
        bundle,
        place: await options.storage(name),
        session: sessionOf(setting.user, setting.claims),
        skewMs: setting.skewMs,
        time,
        scheduler,
        random: random.fork(name),
        createDevice: (deviceOptions) =>
          options.createDevice(bundle, {
            ...deviceOptions,
            transport: wrapTransport(deviceOptions.transport, defect),
          }),
        link: {
          serve: (author, session, body) => {
            serverWritten ||= !body.includes('"push":[]')
            return server.serve(author, session, body)
          },
          onFate: (fate) => trace.count(fate === 'ok' ? 'requests' : `requests: ${fate}`),
          onExchange: (request, answer) => noteExchange(name, request, answer.body),
        },
        onCommit: (before, after) => {
          if (ledger.note({ device: name, step: stepIndex }, before, after) > 0) trace.count('local transactions')
        },
        ...(defect?.tables && { defect: defect.tables }),
      }),
    )
  }

  const noteExchange = (name: string, request: string, answer: string) => {
    const groups = parseGroups(request)
    for (const outcome of parseOutcomes(answer)) {
      trace.count(`groups ${outcome.kind}`)
      const edits = groups.find(({ id }) => id === outcome.id)?.edits ?? []
      if (outcome.kind === 'refused') {
        trace.count(`refused: ${outcome.reason}`)
        for (const edit of edits) if (edit.op !== 'delete') noteRefused(name, edit.entity, edit.set)
        continue
      }
      for (const report of outcome.conflicts) {
        trace.count('conflicts')
        trace.count(`conflicts: ${report.kind}, ${report.decision}`)
        textsIn(report, onRecord)
      }
      for (const over of outcome.overruled) {
        trace.count('overruled')
        for (const edit of edits) {
          if (edit.entity !== over.entity) continue
          if (edit.op === 'delete')
            ledger.excuse(name, `delete ${edit.entity} ${JSON.stringify(edit.key)}`, 'overruled')
          else excuse(name, edit.set, 'overruled by a later write')
        }
      }
    }
  }

  const noteRefused = (name: string, entityId: string, set: { readonly [attribute: string]: string | null }) => {
    const entity = bundle.entities.find(({ id }) => id === entityId)
    if (!entity) return
    const values = refused.get(name) ?? new Set<string>()
    refused.set(name, values)
    for (const attribute of entity.attributes) {
      const value = comparable(attribute, set[attribute.id] ?? null)
      if (value !== null) values.add(valueId(entity, attribute.name, value))
    }
  }

  const excuse = (name: string, values: unknown, reason: string) => {
    const texts = new Set<string>()
    textsIn(values, texts)
    for (const text of texts) ledger.excuse(name, text, reason)
  }

  /** Does what a step asks of one device; a device that dies of it has done its part. */
  const onDevice = async (
    device: SimDevice,
    act: (now: NonNullable<ReturnType<SimDevice['device']>>) => Promise<void>,
  ) => {
    const now = device.device()
    if (!now) return
    await Promise.race([act(now), device.hazard().ended])
  }

  const deviceAt = (index: number): SimDevice => {
    const device = devices[index % devices.length]
    if (!device) throw new Error('A run needs a device.')
    return device
  }

  const perform = async (step: Step): Promise<void> => {
    switch (step.kind) {
      case 'edit': {
        const device = deviceAt(step.device)
        return onDevice(device, async (now) => {
          if (options.faults?.lapses && device.place.remember && now.sync.status.pending === 0) {
            memories.set(device, { restore: device.place.remember(), order: ledger.writes().length })
          }
          const isSql = step.sql && device.kind() !== 'memory'
          await now
            .transaction(async (tx) => {
              for (const operation of step.operations) {
                if (await operate(tx, bundle, operation, isSql)) trace.count(`local ${operation.op}`)
              }
            })
            .catch((error: unknown) => trace.count(`not done here: ${shortly(error)}`))
        })
      }
      case 'sync': {
        const device = deviceAt(step.device)
        return onDevice(device, async (now) => {
          device.link.setFates(step.fates)
          device.hazard().arm(step.crashAt)
          server.arm(step.serverCrashAt)
          const outcome = await now.sync.trigger(step.unit)
          device.hazard().arm(null)
          server.arm(null)
          noteOutcome(device, outcome)
        })
      }
      case 'crash':
        deviceAt(step.device).kill()
        return
      case 'network':
        deviceAt(step.device).link.setOnline(step.online)
        return
      case 'clock':
        deviceAt(step.device).setSkew(step.skewMs)
        return
      case 'wait':
        return time.advance(step.ms)
      case 'claims': {
        const device = deviceAt(step.device)
        device.setSession(sessionOf(device.session().user, step.claims))
        device.shown.clear()
        device.kill()
        trace.count('claims changed')
        return
      }
      case 'resolve':
        return onDevice(deviceAt(step.device), (now) => resolve(deviceAt(step.device), now, step))
      case 'quarantine':
        return onDevice(deviceAt(step.device), (now) =>
          decideQuarantine(deviceAt(step.device), now, step.pick, step.how),
        )
      case 'choose':
        return onDevice(deviceAt(step.device), (now) => choose(now, step))
      case 'write':
        serverWritten = true
        return writers.write(step)
      case 'end':
        serverWritten = true
        return writers.end(step.writer, step.end)
      case 'restart-server':
        server.restart()
        return
      case 'purge': {
        // Who is away for longer than records are kept is told so; who waits for an answer here is not.
        const isQuiet = devices.every(
          (device) => device.device()?.sync.status.pending === 0 && device.link.late() === 0,
        )
        return isQuiet ? server.purge().then(() => trace.count('purges')) : undefined
      }
      case 'lapse': {
        const device = deviceAt(step.device)
        const memory = memories.get(device)
        if (!memory) return
        device.kill()
        memory.restore()
        memories.delete(device)
        ledger.forgetSince(device.name, memory.order)
        device.shown.clear()
        trace.count('lapses')
        return
      }
      case 'together':
        throw new Error('Steps together do not nest.')
    }
  }

  const noteOutcome = (device: SimDevice, outcome: SyncOutcome) => {
    trace.count(`syncs ${outcome.kind}`)
    if (outcome.kind === 'completed') {
      trace.count('pulls')
      trace.count('pulled rows', outcome.pulledRows)
      trace.count('pushed groups', outcome.pushedGroups)
    }
    const about = outcome.kind === 'failed' ? `${outcome.error.kind}: ${outcome.error.message}` : ''
    trace.line(`  ${device.name} ${outcome.kind} ${about}`)
    if (outcome.kind !== 'failed') return
    trace.count(`failed: ${outcome.error.kind}`)
    const isExpected = outcome.error.kind === 'unreachable' || outcome.error.kind === 'timeout'
    if (!isExpected) problems.push(`D3: a sync of ${device.name} failed: ${about}`)
  }

  const resolve = async (
    device: SimDevice,
    now: NonNullable<ReturnType<SimDevice['device']>>,
    { pick, how, n }: Extract<Step, { kind: 'resolve' }>,
  ) => {
    const list = await now.conflicts.list()
    const conflict = list[pick % Math.max(1, list.length)]
    if (!conflict) return
    const entity = bundle.entities.find(({ name }) => name === conflict.entity)
    const before = await look(device)
    textsIn(conflict, onRecord)
    // What is decided against is given up by a person, who saw it: the row as it stands here.
    if (entity && how !== 'local')
      excuse(device.name, before.rows.get(entity.id)?.get(rowKey(entity, conflict.key)), 'decided against')
    const target = entity?.attributes.find(
      ({ id, name, type, readOnly }) =>
        type === 'text' && !readOnly && !entity.key.includes(id) && conflict.server !== null && name in conflict.server,
    )
    const isReference = entity?.references.some(
      ({ attributes }) => target !== undefined && attributes.includes(target.id),
    )
    const resolution = how !== 'values' ? how : target && !isReference ? { [target.name]: `v${n}` } : 'server'
    await now.conflicts
      .resolve(conflict.id, resolution)
      .then(() => trace.count('conflicts resolved'))
      .catch((error: unknown) => trace.count(`not resolved: ${shortly(error)}`))
    ledger.note({ device: device.name, step: stepIndex }, before.rows, (await look(device)).rows)
  }

  const decideQuarantine = async (
    device: SimDevice,
    now: NonNullable<ReturnType<SimDevice['device']>>,
    pick: number,
    how: 'retry' | 'discard',
  ) => {
    const list = await now.quarantine.list()
    const group = list[pick % Math.max(1, list.length)]
    if (!group) return
    const before = await look(device)
    const giveUp = () => {
      for (const edit of group.edits) {
        excuse(device.name, edit.set, `refused: ${group.reason}`)
        const entity = bundle.entities.find(({ name }) => name === edit.entity)
        if (!entity) continue
        const key = rowKey(entity, edit.key)
        ledger.excuse(device.name, `row ${entity.id} ${key}`, group.reason)
        if (edit.op === 'delete') ledger.excuse(device.name, `delete ${entity.id} ${key}`, group.reason)
      }
    }
    if (how === 'discard') {
      giveUp()
      await now.quarantine.discard(group.id)
      trace.count('groups discarded')
    } else {
      await now.quarantine
        .retry(group.id)
        .then(() => trace.count('groups retried'))
        .catch((error: unknown) => trace.count(`not retried: ${shortly(error)}`))
      for (const edit of group.edits) {
        const entity = bundle.entities.find(({ name }) => name === edit.entity)
        for (const attribute of entity?.attributes ?? []) {
          const value = comparable(attribute, edit.set[attribute.name] ?? null)
          if (entity && value !== null) refused.get(device.name)?.delete(valueId(entity, attribute.name, value))
        }
        if (entity) ledger.excuse(device.name, `row ${entity.id} ${rowKey(entity, edit.key)}`, 'made again')
      }
    }
    ledger.note({ device: device.name, step: stepIndex }, before.rows, (await look(device)).rows)
  }

  const choose = async (now: NonNullable<ReturnType<SimDevice['device']>>, step: Extract<Step, { kind: 'choose' }>) => {
    const entity = bundle.entities.find(({ id }) => id === step.entity)
    if (entity?.pattern.kind !== 'on-demand') return
    const keys = step.release
      ? await now.demand.list(entity.name)
      : await writers.choosable(entity, entity.pattern.chosenBy)
    const key = keys[step.pick % Math.max(1, keys.length)]
    if (!key) return
    const values = Object.values(key)
    const input = values.length === 1 ? (values[0] ?? null) : key
    await (step.release ? now.demand.release(entity.name, [input]) : now.demand.choose(entity.name, [input]))
    trace.count(step.release ? 'parents released' : 'parents chosen')
  }

  const look = async (device: SimDevice): Promise<VisibleState> => {
    const tables = device.tables()
    if (!tables) return { rows: new Map(), edits: [], edited: new Set(), snapshots: new Map() }
    return lookAt(tables, bundle, history)
  }

  const watch = async (device: SimDevice) => {
    const state = await look(device)
    const found = checkVisible(bundle, state, history, device.shown)
    for (const problem of found) problems.push(`${problem} (${device.name})`)
    for (const entity of bundle.entities) {
      for (const row of state.rows.get(entity.id)?.values() ?? []) {
        trace.line(`  ${device.name} ${entity.name} ${Object.values(row).map(textOf).join('|')}`)
      }
    }
  }

  const openDead = () =>
    scheduler.runUntil(devices.filter((device) => device.device() === null).map((device) => device.open()))

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (error instanceof Standstill) problems.push(`D6: ${error.message}`)
      else problems.push(`D6: a step threw: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }

  // What a sync chooses on demand the next one brings.
  const fewestRounds = bundle.entities.some(({ pattern }) => pattern.kind === 'on-demand') ? 1 : 0
  // One unit that has everything is enough.
  const whole = bundle.units.find((unit) => bundle.entities.every(({ id }) => unit.entities.includes(id)))
  const restingUnits = whole ? [whole] : bundle.units

  const readHistory = async () => {
    if (!serverWritten) return
    serverWritten = writers.areOpen()
    const since = await ground.historySince(lastLook)
    lastLook = since.look
    history.add(since.entries)
  }

  return {
    openAll: () => attempt(openDead),
    take: (step, index) =>
      attempt(async () => {
        stepIndex = index
        trace.line(`${index} ${JSON.stringify(step)}`)
        trace.count('steps')
        const steps = step.kind === 'together' ? step.steps : [step]
        scheduler.shuffle(step.kind === 'together' ? createSeededRandom(step.order, 'turns') : null)
        await scheduler.runUntil(steps.map(perform))
        scheduler.shuffle(null)
        await scheduler.runUntilQuiet()
        for (const device of devices) {
          if (device.device() !== null) continue
          trace.count('crashes')
          trace.line(`  ${device.name} died ${device.hazard().diedAt() ?? 'between two steps'}`)
        }
        await openDead()
        await readHistory()
        const touched = new Set(steps.flatMap((one) => ('device' in one ? [deviceAt(one.device)] : [])))
        for (const device of touched) await watch(device)
      }),
    healAndCheck: () =>
      attempt(async () => {
        stepIndex = script.steps.length
        trace.line('healed')
        serverWritten = true
        await scheduler.runUntil([writers.endAll()])
        scheduler.waitForAll()
        for (const device of devices) {
          device.link.setFates([])
          device.link.setOnline(true)
          device.hazard().arm(null)
        }
        server.restart()
        await time.advance(LATEST_MS)
        await scheduler.runUntilQuiet()
        await openDead()
        await comeToRest()
        if (problems.length > 0) return
        await readHistory()
        await checkAll()
      }),
    problems: () => problems,
    counts: () => trace.counts(),
    trace: () => trace.hash(),
    close: async () => {
      for (const device of devices) device.kill()
      await scheduler.runUntilQuiet()
      await writers.close()
      await server.close()
      for (const device of devices) await device.place.close()
    },
  }

  /** Everybody syncs, and every open question is answered, until a whole round has changed nothing. */
  async function comeToRest(): Promise<void> {
    let last: readonly string[] = []
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const happened: string[] = []
      await readHistory()
      const before = history.size()
      for (const [index, device] of devices.entries()) {
        for (const unit of restingUnits) {
          await scheduler.runUntil([
            onDevice(device, async (now) => {
              const outcome = await now.sync.trigger(unit.name)
              noteOutcome(device, outcome)
              if (outcome.kind !== 'completed') happened.push(`${device.name} ${unit.name} ${outcome.kind}`)
            }),
          ])
        }
        await readHistory()
        await watch(device)
        await scheduler.runUntil([
          onDevice(device, async (now) => {
            for (const conflict of await now.conflicts.list()) {
              happened.push(`${device.name} resolves ${conflict.kind}`)
              const how = (['local', 'server'] as const)[(round + index) % 2] ?? 'server'
              await resolve(device, now, { kind: 'resolve', device: index, pick: 0, how, n: 0 })
            }
            for (const group of await now.quarantine.list()) {
              happened.push(`${device.name} discards ${group.reason}: ${group.message}`)
              await decideQuarantine(device, now, 0, 'discard')
            }
            if (now.sync.status.pending > 0)
              happened.push(`${device.name} has ${now.sync.status.pending} edits pending`)
          }),
        ])
      }
      await time.advance(1000)
      await scheduler.runUntilQuiet()
      await readHistory()
      if (history.size() > before) happened.push('the server changed')
      if (happened.length === 0 && round >= fewestRounds) return
      last = happened
    }
    problems.push(`D3: after ${MOST_ROUNDS} rounds of syncing there is no rest: ${last.slice(0, 5).join('; ')}.`)
  }

  async function checkAll(): Promise<void> {
    const atEnd: DeviceAtEnd[] = []
    const names = new Map<string, string>()
    for (const device of devices) {
      const { rows } = await look(device)
      const tables = device.tables()
      if (tables) names.set(tables.deviceId, device.name)
      problems.push(...checkReferences(bundle, rows))
      const chosen = new Map<string, ReadonlySet<string>>()
      await scheduler.runUntil([
        onDevice(device, async (now) => {
          for (const entity of bundle.entities) {
            if (entity.pattern.kind !== 'on-demand') continue
            const list = await now.demand.list(entity.name)
            chosen.set(entity.id, new Set(list.map((key) => JSON.stringify(Object.values(key).map(textOf)))))
          }
          const verified = await now.verify()
          if (!verified.equal) {
            const unequal = verified.entities.filter(({ equal }) => !equal).map(({ entity }) => entity)
            problems.push(`F9: verify of ${device.name} says that ${unequal.join(', ')} differ.`)
          }
        }),
      ])
      atEnd.push({ name: device.name, session: device.session(), rows, chosen })
    }
    const { traces, texts } = await readConflicts(ground.database, bundle, names)
    for (const text of texts) onRecord.add(text)
    problems.push(
      ...(await checkEnd({
        bundle,
        database: ground.database,
        nowMs: time.now(),
        devices: atEnd,
        history,
        ledger,
        onRecord,
        conflictRecords: traces,
        refused,
        restored: false,
        lapsed: (trace.counts().lapses ?? 0) > 0,
        purged: (trace.counts().purges ?? 0) > 0,
      })),
    )
    trace.count(
      'rows on the server',
      [...bundle.entities].reduce((sum, entity) => sum + history.rows(entity).size, 0),
    )
  }
}

/** Enough of an error to count its kind by, without the values that differ each time. */
function shortly(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|v\d+|-?\d+|"[^"]*"/g, '…').slice(0, 90)
}
