/** Bytes as text on the wire. */

/** As many arguments as a call safely takes. */
const AT_A_TIME = 8192

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += AT_A_TIME)
    text += String.fromCharCode(...bytes.subarray(at, at + AT_A_TIME))
  return btoa(text)
}

/** Throws where it is no base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
