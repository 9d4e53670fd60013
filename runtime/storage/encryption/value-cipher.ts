/**
 * Seals single values with AES-GCM and opens them again.
 *
 * A sealed value is text, so that every store can keep it: `syncline1:` and, in base64, a nonce of its own, then the
 * cipher text. Sealed with the value goes the name of its type, so that whoever opens it without knowing the attribute
 * (the result of a query) still reads it as what it is.
 *
 * Invariants
 * - The same value sealed twice gives two texts: who has the database can't tell equal values, only their lengths.
 * - A text that this key did not seal is never opened; `open` answers null for it.
 */

const PREFIX = 'syncline1:'
/** What the standard recommends for AES-GCM, and the only length that needs no further hashing. */
const NONCE_BYTES = 12

export interface Opened {
  /** The attribute's type when the value was sealed, as its contract names it. */
  readonly type: string
  readonly text: string
}

export interface ValueCipher {
  readonly seal: (type: string, text: string) => Promise<string>
  /** Null where the text is not sealed, or not by this key. */
  readonly open: (sealed: string) => Promise<Opened | null>
}

export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** Makes a cipher; rejects where the key is none for AES-GCM. */
export async function createValueCipher(
  key: Uint8Array | CryptoKey,
  randomBytes: (length: number) => Uint8Array,
): Promise<ValueCipher> {
  const aes = await importKey(key)
  return {
    seal: async (type, text) => {
      const nonce = plainBytes(randomBytes(NONCE_BYTES))
      // PostgreSQL's texts have no zero character, so the first one parts type and value.
      const clear = new TextEncoder().encode(`${type}\0${text}`)
      const cipherText = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, aes, clear)
      return PREFIX + toBase64(nonce, new Uint8Array(cipherText))
    },
    open: async (sealed) => {
      const bytes = isSealed(sealed) ? fromBase64(sealed.slice(PREFIX.length)) : null
      if (bytes === null || bytes.length <= NONCE_BYTES) return null
      const nonce = bytes.slice(0, NONCE_BYTES)
      const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, aes, bytes.slice(NONCE_BYTES)).then(
        (buffer) => new TextDecoder().decode(buffer),
        () => null,
      )
      if (clear === null) return null
      const end = clear.indexOf('\0')
      return { type: clear.slice(0, end), text: clear.slice(end + 1) }
    },
  }
}

async function importKey(key: Uint8Array | CryptoKey): Promise<CryptoKey> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error(
      'Sensitive attributes need WebCrypto, which browsers have on secure pages alone. Serve the app over https or from localhost.',
    )
  }
  if (key instanceof Uint8Array) {
    if (key.length !== 32) {
      throw new Error(`The encryption key has ${key.length} bytes; give 32 random ones, or an AES-GCM CryptoKey.`)
    }
    return crypto.subtle.importKey('raw', plainBytes(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
  }
  if (key.algorithm.name !== 'AES-GCM' || !key.usages.includes('encrypt') || !key.usages.includes('decrypt')) {
    throw new Error(
      `The encryption key is for ${key.algorithm.name} (${key.usages.join(', ') || 'no use'}); give an AES-GCM key that may encrypt and decrypt.`,
    )
  }
  return key
}

/** WebCrypto takes no view on shared memory, and the types can't tell. */
function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

function toBase64(...parts: readonly Uint8Array[]): string {
  let binary = ''
  for (const part of parts) {
    // In pieces: a function takes only so many arguments.
    for (let at = 0; at < part.length; at += 8192) binary += String.fromCharCode(...part.subarray(at, at + 8192))
  }
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
    return bytes
  } catch {
    return null
  }
}
