/** What a content is called, and the attributes that hold such names. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { AttributeContract, EntityContract } from '../../contract'

/** Computed here, not by the platform: that one's is missing on pages without encryption, and answers in its own time. */
export function nameOf(content: Uint8Array): string {
  return bytesToHex(sha256(content))
}

export function isName(text: unknown): text is string {
  return typeof text === 'string' && /^[\da-f]{64}$/.test(text)
}

export function fileAttributes({ attributes }: EntityContract): AttributeContract[] {
  return attributes.filter(({ file }) => file !== undefined)
}
