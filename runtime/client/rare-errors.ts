/**
 * What a device says only when it was used wrongly: a part that is loaded when there is something to say, so that nobody
 * carries words that he may never read.
 */
import type { DeviceOptions } from '../contract'

export { explainRefusal } from './refusals'
export { resolveByValues } from './resolve-by-values'

/** The first thing that is wrong with what `createDevice` was given. */
export function badOptions(options: unknown): Error {
  const given = isRecord(options) ? (options as Partial<Record<keyof DeviceOptions, unknown>>) : {}
  const say = (option: string, value: unknown, what: string) => {
    const why = isPromise(value) ? 'is a promise; await it' : value === undefined ? 'is missing' : 'is not one'
    return new TypeError(`createDevice needs ${option}, and what was given ${why}. Give ${what}.`)
  }
  const { storage, transport, files } = given
  if (!has(storage, 'openTables'))
    return say('a storage', storage, 'what openPGlite, openSqlite or openMemory resolves to')
  if (!has(transport, 'sync')) return say('a transport', transport, 'httpTransport(url)')
  if (files !== undefined && !has(files, 'get'))
    return say('a place for its files', files, 'what openFiles resolves to, or leave it out')
  return say(
    'a session',
    given.session,
    '{ user: … } with the name of the user as a text, and claims where scopes ask for them',
  )
}

export function heldByTransaction(seconds: number): string {
  return (
    `This call waits for a transaction of the same device, which has asked nothing of its own tx for ${seconds} seconds. ` +
    'Nothing of the call was done. Where it is made inside of device.transaction(async (tx) => …), use tx.entities and tx.query there: ' +
    'the device’s own wait until the transaction is over. Where it is made elsewhere, await what is slow before the transaction, and call again.'
  )
}

function has(value: unknown, name: string): boolean {
  return isRecord(value) && typeof value[name] === 'function'
}

function isPromise(value: unknown): boolean {
  return has(value, 'then')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
