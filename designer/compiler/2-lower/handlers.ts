/** The conflict handlers that the entities' patterns name, each with a version that changes with its text. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { RESOLUTIONS } from '@/designer/model'
import type { EntityIr, HandlerIr } from '../ir'
import { BUILT_IN_HANDLERS } from './built-in-handlers'

export function lowerHandlers(entities: readonly EntityIr[]): HandlerIr[] {
  const named = new Set(
    entities.flatMap(({ contract: { pattern } }) => ('handler' in pattern ? [pattern.handler] : [])),
  )
  return RESOLUTIONS.filter((id) => named.has(id)).map((id) => {
    const handler = BUILT_IN_HANDLERS[id]
    return { id, ...handler, version: bytesToHex(sha256(utf8ToBytes(handler.text))).slice(0, 12) }
  })
}
