/** The log's lines: exchanges as they were on the wire, and what happened at both ends of it. */
import type { LabEvent } from '../../lab'
import type { Exchange } from '../../network/exchange-log'

export type LogLine =
  | {
      readonly kind: 'exchange'
      readonly id: string
      readonly atMs: number
      readonly who: string
      readonly exchange: Exchange
    }
  | {
      readonly kind: 'note'
      readonly id: string
      readonly atMs: number
      readonly who: string
      readonly tone: 'neutral' | 'ok' | 'waiting' | 'conflict' | 'error'
      readonly text: string
      readonly detail: string | null
    }

/** Old lines go: a preview left running must not fill the page's memory. */
const KEPT_LINES = 400

/** Adds what an event has to say; the answer of an exchange replaces the line of its request. */
export function addToLog(log: readonly LogLine[], event: LabEvent): readonly LogLine[] {
  const line = eventToLine(event, log.length === 0 ? 0 : Number(log[log.length - 1]?.id.split('/')[1] ?? 0) + 1)
  if (line === null) return log
  if (line.kind === 'exchange') {
    const index = log.findLastIndex((other) => other.kind === 'exchange' && other.exchange.id === line.exchange.id)
    const earlier = log[index]
    if (earlier) return log.with(index, { ...line, id: earlier.id })
  }
  return [...log, line].slice(-KEPT_LINES)
}

function eventToLine(event: LabEvent, number: number): LogLine | null {
  const note = (
    who: string,
    atMs: number,
    tone: 'neutral' | 'ok' | 'waiting' | 'conflict' | 'error',
    text: string,
    detail: string | null = null,
  ) => ({ kind: 'note', id: `note/${number}`, who, atMs, tone, text, detail }) as const
  switch (event.kind) {
    case 'exchange':
      return {
        kind: 'exchange',
        id: `exchange/${number}`,
        who: event.exchange.device,
        atMs: event.exchange.atMs,
        exchange: event.exchange,
      }
    case 'network':
      return note(
        event.who,
        event.atMs,
        event.conditions.online ? 'ok' : 'waiting',
        describeConditions(event.conditions),
      )
    case 'sync-completed': {
      const { unit, pushedGroups, pulledRows, durationMs } = event.outcome
      return note(
        event.who,
        event.atMs,
        'ok',
        `Synced ${unit}`,
        [
          ...(pushedGroups > 0 ? [`${plural(pushedGroups, 'group')} sent`] : []),
          ...(pulledRows > 0 ? [`${plural(pulledRows, 'row')} received`] : []),
          ...(pushedGroups + pulledRows === 0 ? ['nothing new'] : []),
          `${Math.round(durationMs)} ms`,
        ].join(', '),
      )
    }
    case 'sync-failed':
      return note(event.who, event.atMs, 'error', `Sync of ${event.unit} failed`, event.error.message)
    case 'conflict':
      return note(event.who, event.atMs, 'conflict', 'A conflict waits for a decision')
    case 'quarantined':
      return note(event.who, event.atMs, 'error', 'A refused group went to quarantine', event.message)
    case 'stopped':
      return note(event.who, event.atMs, 'error', 'Stopped', event.message)
    case 'starting':
    case 'status':
    case 'sync-started':
    case 'rows-changed':
      return null
  }
}

function describeConditions({
  online,
  latencyMs,
  requestLoss,
}: {
  readonly online: boolean
  readonly latencyMs: number
  readonly requestLoss: number
}): string {
  if (!online) return 'Offline'
  if (requestLoss > 0) return 'Online, losing messages'
  return latencyMs > 0 ? `Online, ${latencyMs} ms each way` : 'Online'
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
