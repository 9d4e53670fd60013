/**
 * Seals small texts that must not be read from a copy of the database, such as an address with its password.
 *
 * AES-256-GCM under a key that is kept apart from the database: in `SYNCLINE_SECRET`, or else in a file of
 * Syncline's folder that only its owner may read. A sealed text is bound to what it was sealed for, so that
 * moving it to another row opens nothing. Layout: version (1 byte), nonce (12), tag (16), ciphertext.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StorageSettings } from './settings'

export interface SecretBox {
  readonly seal: (text: string, purpose: string) => Promise<Uint8Array>
  /** Null where it was sealed with another key or for another purpose, or was changed. */
  readonly open: (sealed: Uint8Array, purpose: string) => Promise<string | null>
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** The key is read, or made, when it is first needed: most projects have nothing to seal. */
export function createSecretBox(settings: Pick<StorageSettings, 'secret' | 'secretFile'>): SecretBox {
  let reading: Promise<Uint8Array> | null = null
  const key = (): Promise<Uint8Array> => {
    reading ??= readKey(settings).catch((error: unknown) => {
      // The folder may be writable by the next time.
      reading = null
      throw error
    })
    return reading
  }

  return {
    seal: async (text, purpose) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', await key(), nonce).setAAD(Buffer.from(purpose))
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), ciphertext])
    },

    open: async (sealed, purpose) => {
      if (sealed[0] !== VERSION || sealed.byteLength < 1 + NONCE_BYTES + TAG_BYTES) return null
      const tagAt = 1 + NONCE_BYTES
      const textAt = tagAt + TAG_BYTES
      const decipher = createDecipheriv('aes-256-gcm', await key(), sealed.subarray(1, tagAt), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(sealed.subarray(tagAt, textAt))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

async function readKey({ secret, secretFile }: Pick<StorageSettings, 'secret' | 'secretFile'>): Promise<Uint8Array> {
  // Any text will do as a secret; the hash makes a key of the right length out of it.
  if (secret !== null) return createHash('sha256').update(secret).digest()
  return (await keyIn(secretFile)) ?? makeKey(secretFile)
}

async function keyIn(path: string): Promise<Uint8Array | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const key = Buffer.from(text.trim(), 'hex')
  if (key.byteLength !== KEY_BYTES)
    throw new Error(`${path} holds no key: put a copy of it back, or remove it and give kept connections again.`)
  return key
}

async function makeKey(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}-${randomUUID()}`
  try {
    await writeFile(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600 })
    await chmod(draft, 0o600)
    // A link is made whole or not at all; where another process was faster, its key is the one.
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  const key = await keyIn(path)
  if (key === null) throw new Error(`${path} was removed while Syncline read it. Try again.`)
  return key
}
