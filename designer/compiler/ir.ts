/**
 * The intermediate representation: what `2-lower` makes of a valid project and `3-emit` writes out.
 *
 * It holds the bundle's own contract, plus what only the text needs: names, types in TypeScript, comments.
 * It has no ids that lead nowhere and no settings that are not compiled; whoever writes text needs no checks.
 */
import type { AttributeContract, EntityContract, TypeContract, UnitContract } from '@syncline/runtime/contract'

export interface Ir {
  readonly projectId: string
  readonly projectName: string
  readonly schemaHash: string
  readonly types: readonly TypeContract[]
  /** Parents before children where the references allow it. */
  readonly entities: readonly EntityIr[]
  readonly units: readonly UnitIr[]
  /** The conflict handlers that the patterns name, each once. */
  readonly handlers: readonly HandlerIr[]
}

export interface HandlerIr {
  readonly id: string
  readonly name: string
  readonly functionName: string
  /** Changes with the text. */
  readonly version: string
  /** The function, documented. */
  readonly text: string
  /** Functions that it calls; each stands once in the file. */
  readonly helpers: readonly string[]
  /** Names of the contract's types that the text uses. */
  readonly types: readonly string[]
}

export interface EntityIr {
  readonly contract: EntityContract
  readonly attributes: readonly AttributeIr[]
  /** The entity whose attribute it holds, where that comes on demand; null for a local entity. */
  readonly companionOf: string | null
}

export interface AttributeIr {
  readonly contract: AttributeContract
  /** The type of a value that is not null. */
  readonly typescript: string
  /** Dates may be given as a `Date`. */
  readonly takesDate: boolean
  readonly isKey: boolean
  readonly onCreate: 'required' | 'optional' | 'never'
  readonly onUpdate: 'optional' | 'never'
}

export interface UnitIr {
  readonly id: string
  readonly name: string
  readonly functionName: string
  /** Accessors of the unit's entities. */
  readonly entities: readonly string[]
  readonly settings: Pick<UnitContract, 'triggers' | 'retry' | 'priority' | 'network'>
  readonly statements: readonly Statement[]
}

/** One line of a unit's function. */
export type Statement =
  | { readonly kind: 'step'; readonly node: string; readonly label: string }
  /** Accessors of the entities to pull. */
  | { readonly kind: 'exchange'; readonly push: boolean; readonly pull: readonly string[] }
