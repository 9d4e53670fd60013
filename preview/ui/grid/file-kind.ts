/** What a file's content is, by its first bytes: nothing else is known of it. */

export type FileKind =
  | { readonly kind: 'image'; readonly type: string; readonly words: string; readonly extension: string }
  | { readonly kind: 'text'; readonly words: string; readonly extension: string }
  | { readonly kind: 'other'; readonly words: string; readonly extension: string }

export function kindOf(content: Uint8Array): FileKind {
  const found = SIGNATURES.find(({ at = 0, bytes }) => bytes.every((byte, index) => content[at + index] === byte))
  if (found) return found.kind
  return isText(content)
    ? { kind: 'text', words: 'Text', extension: 'txt' }
    : { kind: 'other', words: 'Bytes', extension: 'bin' }
}

interface Signature {
  readonly at?: number
  readonly bytes: readonly number[]
  readonly kind: FileKind
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

const image = (name: string, extension = name.toLowerCase()): FileKind => ({
  kind: 'image',
  type: `image/${name.toLowerCase()}`,
  words: `${name} image`,
  extension,
})

const SIGNATURES: readonly Signature[] = [
  { bytes: [0x89, ...ascii('PNG')], kind: image('PNG') },
  { bytes: [0xff, 0xd8, 0xff], kind: image('JPEG', 'jpg') },
  { bytes: ascii('GIF8'), kind: image('GIF') },
  { at: 8, bytes: ascii('WEBP'), kind: image('WebP') },
  { at: 4, bytes: ascii('ftypavif'), kind: image('AVIF') },
  { bytes: ascii('%PDF-'), kind: { kind: 'other', words: 'PDF', extension: 'pdf' } },
  { bytes: [...ascii('PK'), 3, 4], kind: { kind: 'other', words: 'Zip', extension: 'zip' } },
]

/** UTF-8 without control characters, as far as its beginning tells. */
function isText(content: Uint8Array): boolean {
  const beginning = content.subarray(0, 64 * 1024)
  if (beginning.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false
  try {
    // What the beginning cuts off at its end is no fault.
    new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true })
    return true
  } catch {
    return false
  }
}
