/**
 * One device at a time has a file, whatever the process: locks and messages between two are only where tabs of a browser
 * are, and each of two would take itself for the leader, and send what the other sends.
 *
 *   tasks.db          the device's; other programs may read it and write to it, and what they write is captured
 *   tasks.db-device   an empty database, which SQLite holds locked for as long as the device is open
 *
 * Invariant: the system lets go of the lock when the process ends in whatever way, so that no crash leaves it behind.
 */
import { isBusy } from './connection'
import { openNodeDriver } from './node-driver'

/**
 * Holds the file until the answered function is called. Rejects where a device has it open.
 *
 * @param path as the system knows it, so that a link is no other file
 */
export async function holdFile(path: string): Promise<() => void> {
  const lock = await openNodeDriver(`${path}-device`)
  try {
    // At once: a device that has the file open has it for long.
    lock.execute('pragma busy_timeout = 0; begin exclusive')
    return lock.close
  } catch (cause) {
    lock.close()
    if (!isBusy(cause)) throw cause
    throw new Error(
      `${path} is open in another device, of this process or of another one, and one at a time can have it. Close that device first, or give this one a file of its own.`,
      { cause },
    )
  }
}
