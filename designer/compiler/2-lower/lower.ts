/**
 * Second phase: a valid project becomes the intermediate representation. It may assume all that the first
 * phase checked; where something is missing all the same it is left out, never guessed.
 */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { TypeContract } from '@syncline/runtime/contract'
import { type Project, sorted } from '@/designer/model'
import type { EntityIr, Ir } from '../ir'
import { lowerEntities } from './entities'
import { lowerHandlers } from './handlers'
import { lowerTypes } from './types'
import { lowerUnits } from './units'

export function lower(project: Project): Ir {
  const types = lowerTypes(project)
  const entities = lowerEntities(project, types)
  return {
    projectId: project.id,
    projectName: project.name,
    schemaHash: schemaHash(types.contracts, entities),
    types: types.contracts,
    entities,
    units: lowerUnits(project, entities),
    handlers: lowerHandlers(project, entities),
  }
}

/**
 * Covers all that a device's database or the wire depends on, and nothing else: not units, not flows, not layout, and not
 * scopes, which the server alone evaluates and whose changes it tells by itself.
 */
function schemaHash(types: readonly TypeContract[], entities: readonly EntityIr[]): string {
  const text = JSON.stringify(sorted({ types, entities: entities.map(({ contract: { scope: _, ...rest } }) => rest) }))
  return bytesToHex(sha256(utf8ToBytes(text)))
}
