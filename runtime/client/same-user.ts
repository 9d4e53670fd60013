/**
 * Whose data a storage has: the user of the session that first opened it, kept beside the device's rows.
 *
 * Invariant: nobody else's session shows these rows or sends the edits that wait here.
 */
import type { DeviceTables } from '../contract'

/** The storage has the data of somebody else. Whose is not said: it is nobody else's business. */
export class DifferentUserError extends Error {
  override readonly name = 'DifferentUserError'
  constructor() {
    super(
      'This storage has the data of another user; nothing in it was changed. ' +
        'Open it with the session of the former user and call signOut(), which removes his data, or use another storage for this user.',
    )
  }
}

const USER = 'user'

/** Makes the storage this user's where it is nobody's yet. A session without a user leaves it as it is. */
export async function assertSameUser(tables: DeviceTables, user: unknown): Promise<void> {
  const name = user === undefined || user === null ? '' : String(user)
  const owner = (await tables.state()).meta.get(USER)
  if (owner === name || (owner === undefined && name === '')) return
  if (owner !== undefined) throw new DifferentUserError()
  // Two tabs may open a new storage at once.
  await tables.sync(async (tx) => {
    const first = (await tx.state()).meta.get(USER)
    if (first === undefined) await tx.setMeta(USER, name)
    else if (first !== name) throw new DifferentUserError()
  })
}
