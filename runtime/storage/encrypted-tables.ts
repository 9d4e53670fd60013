/**
 * Keeps sensitive attributes encrypted at rest: stands before any store and seals their values on the way in (rows,
 * edits, shadows, stage, records) and opens them on the way out.
 *
 *   device-store, entity actions ─clear─► encryptTables ─sealed─► pglite | sqlite | memory
 *
 * Invariants
 * - Nothing of a sensitive value reaches the store in the clear; the store never needs the key.
 * - A sensitive value that is written again unchanged keeps its sealed text, so capture makes no edit of it.
 * - Keys are never sensitive (the compiler sees to it), so the store can still find, refer to and replace them.
 * - The key that sealed the first value is the only one that opens the tables from then on.
 */
import type { Bundle, DeviceTables } from '../contract'
import { sealLocalTransaction } from './encryption/local-transaction'
import { sealSyncTransaction } from './encryption/sync-transaction'
import { createValueCipher, type ValueCipher } from './encryption/value-cipher'
import { hasSensitiveAttributes } from './sensitive-attributes'

/** Sealed with the first key; who can't open it has another. */
const KEY_TOKEN = 'encryption-key-token'
const TOKEN_TEXT = 'syncline'

/**
 * The same tables with the bundle's sensitive attributes encrypted; `key` is 32 bytes or an AES-GCM key. Answers
 * `tables` itself where no attribute is sensitive. Rejects where the tables were made with another key.
 */
export async function encryptTables(
  tables: DeviceTables,
  bundle: Bundle,
  key: Uint8Array | CryptoKey,
  randomBytes: (length: number) => Uint8Array,
): Promise<DeviceTables> {
  if (!hasSensitiveAttributes(bundle)) return tables
  const cipher = await createValueCipher(key, randomBytes)
  await checkKey(tables, cipher)
  return {
    deviceId: tables.deviceId,
    write: (nowMs, fn) => tables.write(nowMs, (tx) => fn(sealLocalTransaction(tx, bundle, cipher))),
    sync: (fn) => tables.sync((tx) => fn(sealSyncTransaction(tx, bundle, cipher))),
    state: () => tables.state(),
    wipe: () => tables.wipe(),
    close: () => tables.close(),
  }
}

async function checkKey(tables: DeviceTables, cipher: ValueCipher): Promise<void> {
  const fresh = await cipher.seal('text', TOKEN_TEXT)
  // Looked at without a transaction first: nearly always there is a token.
  const known = (await tables.state()).meta.get(KEY_TOKEN)
  const stored =
    known ??
    (await tables.sync(async (tx) => {
      const token = (await tx.state()).meta.get(KEY_TOKEN)
      if (token === undefined) await tx.setMeta(KEY_TOKEN, fresh)
      return token ?? fresh
    }))
  if ((await cipher.open(stored))?.text === TOKEN_TEXT) return
  throw new Error(
    "This device's sensitive data was encrypted with another key, so it can't be read with the one given. Open it with the key of the user who made it, or wipe this device and sync anew.",
  )
}
