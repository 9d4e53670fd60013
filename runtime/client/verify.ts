/**
 * Compares a device's rows with the server's, and repairs what differs (F9).
 *
 *   pull with digests ─► equal? done ─► else pull those entities whole ─► their keys, and the rows as they should be
 *
 * What is compared is what the server said at the device's own cursor: the device's edits are no difference.
 * It is a part that is loaded when somebody asks, linked apart from the device, whose own error class it is given.
 */
import type { Bundle, EntityVerification, Verification } from '../contract'
import type { SyncFailure } from '../core/sync-error'
import type { Exchange, ExchangeResult } from './exchange'

/** Rejects with `SyncFailure` where the server can't be reached. */
export async function verifyRows(
  bundle: Bundle,
  exchange: (exchange: Exchange) => Promise<ExchangeResult>,
  Failure: typeof SyncFailure,
): Promise<Verification> {
  const pull = bundle.entities.map((entity) => entity.id)
  const { applied } = await exchange({ push: false, pull, options: { verify: true } })
  const digests = applied?.digests ?? []
  const unequal = digests.filter(({ equal }) => !equal).map(({ entity }) => entity)
  const repaired =
    unequal.length === 0 ? null : await exchange({ push: false, pull: unequal, options: { whole: true } })
  const entities = digests.map(({ entity: id, equal, device, server }): EntityVerification => {
    const entity = bundle.entities.find((candidate) => candidate.id === id)
    if (!entity) throw new Failure('invalid-message', `The server sent a digest of ${id}, which nobody asked for.`)
    const found = repaired?.applied?.differences.get(id)
    return {
      entity: entity.name,
      equal,
      rows: device.rows,
      serverRows: server.rows,
      missing: found?.missing ?? [],
      surplus: found?.surplus ?? [],
      different: found?.different ?? [],
    }
  })
  return { equal: unequal.length === 0, entities }
}
