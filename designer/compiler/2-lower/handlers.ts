/** The conflict handlers that the entities' patterns name, each with a version that changes with its text. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { type Project, RESOLUTIONS } from '@/designer/model'
import type { EntityIr, HandlerIr } from '../ir'
import { attributeHandler } from './attribute-handlers'
import { BUILT_IN_HANDLERS } from './built-in-handlers'

export function lowerHandlers(project: Project, entities: readonly EntityIr[]): HandlerIr[] {
  const named = new Set(
    entities.flatMap(({ contract: { pattern } }) => ('handler' in pattern ? [pattern.handler] : [])),
  )
  return [
    ...RESOLUTIONS.filter((id) => named.has(id)).map((id) => ({ id, ...BUILT_IN_HANDLERS[id] })),
    ...entities.flatMap((entity) => {
      const local = project.localEntities[entity.contract.id]
      return local === undefined ? [] : (attributeHandler(local, entity) ?? [])
    }),
  ].map((handler) => ({ ...handler, version: versionOf([handler.text, ...handler.helpers].join('\n\n')) }))
}

const versionOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 12)
